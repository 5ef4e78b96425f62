"""Where the months are is guessed with a reason; a year nobody wrote is asked for."""

from datetime import date
from decimal import Decimal
from typing import Any

from sheets import Arrangement, Layout, Sheet, find_table, guess_layout

FISCAL = [4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3]


def layout_of(rows: list[list[Any]], **known: Any) -> Layout:
    table = find_table(Sheet(known.pop("sheet", "表"), rows))
    assert table is not None
    return guess_layout(table, **known)


def test_months_across_of_a_fiscal_year_named_above_end_in_the_next_year() -> None:
    layout = layout_of([["令和6年度 窓口件数"], ["所属", *[f"{m}月" for m in FISCAL], "合計"], ["市民課", *["1"] * 13]])
    assert layout.arrangement is Arrangement.ACROSS
    assert (layout.column_months[1], layout.column_months[12]) == (date(2024, 4, 1), date(2025, 3, 1))
    assert (layout.label_columns, layout.value_columns) == ((0,), tuple(range(1, 13)))
    assert "令和6年度" in layout.explanations[1]


def test_months_across_as_bare_numbers_are_read_when_there_are_many() -> None:
    rows = [["所属", *[Decimal(month) for month in FISCAL]], ["市民課", *[Decimal(5)] * 12]]
    assert layout_of(rows, file_name="回答_R6.xlsx").column_months[12] == date(2025, 3, 1)


def test_two_measures_under_each_month_are_both_values_of_that_month() -> None:
    layout = layout_of(
        [["所属", "R6.4", None, "R6.5", None], [None, "件数", "人数", "件数", "人数"], ["市民課", "1", "2", "3", "4"]]
    )
    assert layout.column_months == {1: date(2024, 4, 1), 2: date(2024, 4, 1), 3: date(2024, 5, 1), 4: date(2024, 5, 1)}


def test_months_down_with_several_values() -> None:
    layout = layout_of([["年月", "件数", "人数"], ["令和6年4月", "1", "2"], ["令和6年5月", "3", "4"]])
    assert (layout.arrangement, layout.month_column, layout.value_columns) == (Arrangement.DOWN, 0, (1, 2))
    assert layout.row_months == {2: date(2024, 4, 1), 3: date(2024, 5, 1)}


def test_an_era_and_a_year_that_stand_only_in_the_first_row_hold_for_those_below() -> None:
    written = ["令和6年11月", "12月", "1月", "7年2月"]
    layout = layout_of([["年月", "件数"], *[[month, "5"] for month in written]])
    assert list(layout.row_months.values()) == [
        date(2024, 11, 1),
        date(2024, 12, 1),
        date(2025, 1, 1),
        date(2025, 2, 1),
    ]
    assert any("続く" in said for said in layout.explanations)


def test_months_without_a_year_take_that_of_the_file_name() -> None:
    rows = [["month", "births"], *[[Decimal(month), "216"] for month in range(1, 13)]]
    layout = layout_of(rows, file_name="0091_2025.xlsx")
    assert layout.row_months[13] == date(2025, 12, 1)
    assert any("ファイル名「2025」" in said for said in layout.explanations)


def test_months_without_any_year_are_not_guessed_but_asked_for() -> None:
    rows = [["月", "件数"], *[[f"{month}月", "5"] for month in FISCAL]]
    asked = layout_of(rows, file_name="回答.xlsx")
    assert (asked.needs_year, asked.row_months) == (True, {})
    assert "何年度" in asked.unread["2行目"]
    answered = layout_of(rows, file_name="回答.xlsx", fiscal_year=2024)
    assert (answered.needs_year, answered.row_months[13]) == (False, date(2025, 3, 1))


def test_a_year_in_a_column_of_its_own_belongs_to_the_months_beside_and_below() -> None:
    layout = layout_of([["年度", "月", "件数"], ["令和6年度", "12", "5"], [None, "1", "6"], ["令和7年度", "4", "7"]])
    assert list(layout.row_months.values()) == [date(2024, 12, 1), date(2025, 1, 1), date(2025, 4, 1)]
    assert layout.year_column == 0


def test_one_row_for_each_series_and_month_is_the_long_format() -> None:
    rows = [[f"2024-0{month}", place, "5"] for month in (4, 5) for place in ("市民課", "税務課")]
    layout = layout_of([["対象月", "所属", "件数"], *rows])
    assert (layout.arrangement, layout.month_column) == (Arrangement.LONG, 0)
    assert (layout.label_columns, layout.value_columns) == ((1,), (2,))


def test_days_of_one_month_are_said_to_repeat_it() -> None:
    rows = [[date(2022, 6, 1), Decimal(5)], [date(2022, 6, 30), Decimal(6)], [date(2022, 7, 31), Decimal(7)]]
    layout = layout_of([["算出基準日", "交付枚数"], *rows])
    assert layout.arrangement is Arrangement.DOWN
    assert any("2022年6月は2行目、3行目" in said for said in layout.explanations)


def test_running_numbers_and_codes_are_neither_months_nor_values() -> None:
    rows = [[Decimal(n), Decimal(n), Decimal(72044), Decimal(100 + n)] for n in range(1, 7)]
    layout = layout_of([["No.", "月", "団体コード", "件数"], *rows], fiscal_year=2024)
    assert (layout.month_column, layout.value_columns) == (1, (3,))


def test_a_number_that_may_be_january_or_october_is_asked_about() -> None:
    rows = [["年月", "件数"], ["2024-11", "5"], ["2024-12", "5"], [Decimal("2024.1"), Decimal(5)]]
    assert "1月か10月" in layout_of(rows).unread["4行目"]


def test_months_among_years_and_districts_are_read_and_the_rest_is_named() -> None:
    written = ["平成26年 a)", "平成27年２月", "平成27年３月", "東灘区", "灘区", "中央区", "西区"]
    layout = layout_of([["年月・区別", "世帯数"], *[[text, Decimal(5)] for text in written]])
    assert layout.row_months == {3: date(2015, 2, 1), 4: date(2015, 3, 1)}
    assert "5行目" in layout.unread


def test_a_sentence_that_names_the_first_few_says_how_many_there_are() -> None:
    names = [f"部{n}" for n in range(8)]
    wide = layout_of(
        [["区分", *names, "R6.4", "R6.5"], ["市民課", *["あ"] * 8, "1", "2"], ["税務課", *["い"] * 8, "3", "4"]]
    )
    assert any("など9列を内訳の名前と" in said for said in wide.explanations)
    sums = [["合計", "1", "2"] for _ in range(7)]
    long = layout_of([["区分", "R6.4", "R6.5"], ["市民課", "1", "2"], *sums])
    assert any("など7行は合計や平均の行なので" in said for said in long.explanations)
    few = layout_of([["区分", "R6.4", "R6.5"], ["市民課", "1", "2"], ["合計", "1", "2"]])
    assert any("3行目は合計や平均の行なので" in said for said in few.explanations)
