"""Years across the headings: over names each cell is a year, over months each cell is a month; the era is asked for."""

from datetime import date
from typing import Any

import pytest

from sheets import Arrangement, Layout, Sheet, arrange, find_table, guess_layout
from sheets.tables import Table


def table_of(rows: list[list[Any]], sheet: str = "表") -> Table:
    table = find_table(Sheet(sheet, rows))
    assert table is not None
    return table


def layout_of(rows: list[list[Any]], **known: Any) -> Layout:
    return guess_layout(table_of(rows), **known)


STATIONS = [[None, "７年度\n", "８年度\n", "10年度"], ["三 宮", "1", "2", "3"], ["大倉山", "4", "5", "6"]]
MONTHS = [f"{month}月" for month in (*range(4, 13), 1, 2, 3)]


def test_years_without_an_era_are_asked_about() -> None:
    layout = layout_of(STATIONS)
    assert layout.arrangement is Arrangement.YEARS
    assert layout.needs_era
    assert layout.column_years == {}
    assert "元号がありません" in layout.problem_at(2, "B")
    assert "年度が横に並ぶ表" in layout.explanations[0]


def test_the_era_the_clerk_names_holds_for_all_of_them() -> None:
    layout = arrange(table_of(STATIONS), Arrangement.YEARS, label_columns=(0,), era="H")
    assert [layout.year_at(position) for position in (1, 2, 3)] == ["FY1995", "FY1996", "FY1998"]
    assert (layout.value_columns, layout.label_columns, layout.needs_era) == ((1, 2, 3), (0,), False)
    assert layout.month_at(2, 1) is None


def test_an_era_above_the_table_is_that_of_its_years() -> None:
    layout = layout_of([["平成7年度～10年度の乗車人員"], *STATIONS])
    assert [layout.year_at(position) for position in (1, 3)] == ["FY1995", "FY1998"]
    assert any("平成と読みました" in said for said in layout.explanations)


def test_an_era_in_the_file_s_name_is_that_of_its_years() -> None:
    layout = layout_of(STATIONS, file_name="ridership_H7-10.csv")
    assert (layout.year_at(1), layout.needs_era) == ("FY1995", False)


def test_an_era_that_is_written_once_goes_on_to_the_right() -> None:
    layout = layout_of([["施設", "平成30年度", "令和元年度", "2年度"], ["図書館", "1", "2", "3"]])
    assert [layout.year_at(position) for position in (1, 2, 3)] == ["FY2018", "FY2019", "FY2020"]


def test_an_era_that_never_had_such_a_year_is_refused_with_its_name() -> None:
    layout = arrange(table_of([["施設", "0年度", "1年度"], ["図書館", "1", "2"]]), Arrangement.YEARS, era="H")
    assert "平成にありません" in layout.problem_at(2, "B")


@pytest.mark.parametrize(
    ("headings", "texts"),
    [
        (["2023年度", "2024年度"], ["FY2023", "FY2024"]),
        (["FY2023", "FY2024"], ["FY2023", "FY2024"]),
        (["2023年", "令和6年"], ["2023年", "2024年"]),
        (["2022", "2023", "2024"], ["2022", "2023", "2024"]),
    ],
)
def test_a_heading_says_which_sort_of_year_it_is_or_leaves_it_open(headings: list[str], texts: list[str]) -> None:
    layout = layout_of([["施設", *headings], ["図書館", *["1"] * len(headings)]])
    assert [layout.year_at(position + 1) for position in range(len(texts))] == texts


def test_a_column_of_totals_and_one_of_changes_are_no_years() -> None:
    layout = layout_of([["施設", "令和5年度", "令和6年度", "計", "前年度比"], ["図書館", "1", "2", "3", "100"]])
    assert layout.value_columns == (1, 2)
    assert "E列" in " ".join(layout.explanations)


def test_months_down_and_fiscal_years_across_meet_in_a_month() -> None:
    layout = layout_of([["月", "令和5年度", "令和6年度"], *[[month, "1", "2"] for month in MONTHS], ["計", "12", "24"]])
    assert layout.arrangement is Arrangement.CROSS
    assert (layout.month_at(2, 1), layout.month_at(13, 2)) == (date(2023, 4, 1), date(2025, 3, 1))
    assert layout.month_at(14, 1) is None
    assert layout.year_at(1) == ""


def test_months_from_april_are_of_fiscal_years_where_the_heading_leaves_it_open() -> None:
    layout = layout_of([["月", "R5", "R6"], *[[month, "1", "2"] for month in MONTHS]])
    assert layout.month_at(13, 1) == date(2024, 3, 1)


def test_months_from_january_below_calendar_years_are_of_those() -> None:
    rows = [[f"{month}月", "1", "2"] for month in range(1, 13)]
    layout = layout_of([["月", "2023年", "2024年"], *rows])
    assert (layout.month_at(2, 1), layout.month_at(13, 2)) == (date(2023, 1, 1), date(2024, 12, 1))


def test_a_row_that_is_no_month_is_named() -> None:
    layout = layout_of([["月", "令和5年度", "令和6年度"], *[[month, "1", "2"] for month in MONTHS], ["備考", "x", "y"]])
    assert "1月から12月" in layout.problem_at(14, "B")


def test_a_row_of_values_that_run_on_is_no_heading() -> None:
    layout = layout_of([["月", "来庁者", "電話", "メール"], ["令和6年4月", "2023", "2024", "2026"]])
    assert layout.arrangement is Arrangement.DOWN
    assert layout.row_months == {2: date(2024, 4, 1)}


def test_years_down_are_a_row_each() -> None:
    layout = layout_of([["年度", "受診者数"], ["令和4年度", "10"], ["令和5年度", "20"]])
    assert (layout.arrangement, layout.month_column, layout.value_columns) == (Arrangement.DOWN, 0, (1,))
    assert "年が縦に並んでいる" in layout.explanations[0]


def test_years_down_with_names_beside_are_the_long_format() -> None:
    rows = [["令和4年度", "市民税", "1"], ["令和4年度", "固定資産税", "2"], ["令和5年度", "市民税", "3"]]
    layout = layout_of([["年度", "税目", "収入済額"], *rows])
    assert (layout.arrangement, layout.label_columns, layout.value_columns) == (Arrangement.LONG, (1,), (2,))


@pytest.mark.parametrize(
    "headings",
    [["令和6年度"], ["令和6年度実績", "令和5年度実績"], ["2024年度計", "2023年度計"], ["令和6年度", "令和5年度"]],
)
def test_months_are_of_the_year_their_column_names(headings: list[str]) -> None:
    layout = layout_of([["月", *headings], *[[month, *["5"] * len(headings)] for month in MONTHS]])
    assert layout.arrangement is Arrangement.CROSS
    assert (layout.month_at(2, 1), layout.month_at(13, 1)) == (date(2024, 4, 1), date(2025, 3, 1))


def test_an_era_written_once_holds_for_the_years_below() -> None:
    rows = [["令和6年度 一覧"], ["年度", "件数"], ["平成30", "1"], ["令和元", "2"], ["2", "3"]]
    chosen = arrange(table_of(rows), Arrangement.DOWN, month_column=0, value_columns=(1,))
    assert [chosen.year_at(1, row) for row in (3, 4, 5)] == ["FY2018", "FY2019", "FY2020"]
    assert chosen.row_months == {}
