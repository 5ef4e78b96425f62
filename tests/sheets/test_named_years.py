"""Which year the numbers of a table are of: what is written around it, beside the months, and in which order they run."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from japan.fiscal import date_of_fiscal_month
from sheets import Arrangement, Layout, Sheet, find_table, guess_layout
from sheets.named_years import years_within

MONTHS = [*range(4, 13), 1, 2, 3]


def layout_of(rows: list[list[Any]], *, sheet: str = "表", **known: Any) -> Layout:
    table = find_table(Sheet(sheet, rows))
    assert table is not None
    return guess_layout(table, **known)


def months_of(rows: list[list[Any]], **known: Any) -> list[date]:
    return list(layout_of(rows, **known).row_months.values())


class TestYearsAroundATable:
    @pytest.mark.parametrize(
        "text",
        [
            "様式第2号（令和2年4月改正）",
            "別記様式（R2.4）",
            "作成日：令和7年5月10日",
            "印刷日 2025/05/10",
            "令和7年3月末現在",
            "基準日　令和7年3月31日",
            "改正 令和2年4月1日",
            "https://city.example.jp/2023/r5.html",
            "令和2年国勢調査",
            "令和2年基準",
            "平成15年法律第57号",
            "令和2年度改正様式",
            "20250510_実績",
            "最終更新 2025年5月",
        ],
    )
    def test_dates_of_forms_are_none(self, text: str) -> None:
        assert list(years_within(text, "表の上")) == []

    @pytest.mark.parametrize(
        ("text", "year", "is_fiscal"),
        [
            ("令和6年度　窓口利用実績", 2024, True),
            ("令和　６　年度", 2024, True),
            ("令和6(2024)年度", 2024, True),
            ("FY2024", 2024, True),
            ("令和7年度5月分", 2025, True),
            ("令和元年度", 2019, True),
            ("令和6年4月〜令和7年3月", 2024, True),
            ("R6.4～R7.3", 2024, True),
            ("平成31年4月から令和2年3月まで", 2019, True),
            ("令和6年1月～12月", 2024, False),
            ("2020年", 2020, False),
            ("回答_R6", 2024, None),
            ("様式第2号（令和2年4月改正） 令和6年度", 2024, True),
        ],
    )
    def test_the_year_of_the_numbers_is_read(self, text: str, year: int, is_fiscal: bool | None) -> None:
        assert [(each.year, each.is_fiscal) for each in years_within(text, "")] == [(year, is_fiscal)]

    @pytest.mark.parametrize("text", ["令和5・6年度", "令和5年度〜令和6年度", "令和6年度（前年：令和5年度）"])
    def test_two_years_are_both_named(self, text: str) -> None:
        assert {each.year for each in years_within(text, "")} == {2023, 2024}

    FORM = [[["様式第2号（令和2年4月改正）"], ["令和6年度　窓口利用"], ["月", "件数"], ["4月", "31"], ["3月", "35"]]]

    def test_the_year_of_the_form_is_not_the_year_of_its_numbers(self) -> None:
        assert months_of(self.FORM[0]) == [date(2024, 4, 1), date(2025, 3, 1)]

    def test_years_that_do_not_go_together_are_asked_about_with_both(self) -> None:
        layout = layout_of([["令和6年度"], ["月", "件数"], ["4月", "1"], ["5月", "2"]], file_name="R5年度.xlsx")
        assert (layout.needs_year, layout.row_months) == (True, {})
        assert "表の上の見出し「令和6年度」" in layout.asks_year
        assert "ファイル名「R5年度」" in layout.asks_year

    @pytest.mark.parametrize("other", [{"sheet": "R5"}, {"file_name": "実績2023.csv"}])
    def test_a_sheet_or_file_of_another_year_is_asked_about_too(self, other: dict[str, str]) -> None:
        assert layout_of([["令和6年度"], ["月", "件数"], ["4月", "1"], ["5月", "2"]], **other).needs_year

    def test_a_year_that_goes_with_the_fiscal_year_is_no_question(self) -> None:
        rows = [["令和6年度（2024年）"], ["月", "件数"], ["4月", "1"], ["3月", "2"]]
        assert months_of(rows, file_name="2024.csv") == [date(2024, 4, 1), date(2025, 3, 1)]

    def test_what_somebody_chose_comes_before_both(self) -> None:
        rows = [["令和6年度"], ["月", "件数"], ["4月", "1"], ["3月", "2"]]
        assert months_of(rows, file_name="R5年度.xlsx", fiscal_year=2023) == [date(2023, 4, 1), date(2024, 3, 1)]


class TestAColumnOfYears:
    @pytest.mark.parametrize("year", ["2024", "R6", "令和6", "令和6年度", "2024年度", "FY2024"])
    def test_under_年度_holds_fiscal_years(self, year: str) -> None:
        rows = [["年度", "月", "件数"], [year, "12", "1"], [year, "1", "2"], [year, "3", "3"]]
        assert months_of(rows) == [date(2024, 12, 1), date(2025, 1, 1), date(2025, 3, 1)]

    @pytest.mark.parametrize("heading", ["年", "西暦"])
    def test_under_年_holds_calendar_years(self, heading: str) -> None:
        rows = [[heading, "月", "件数"], ["2024", "12", "1"], ["2025", "1", "2"], ["2025", "2", "3"]]
        assert months_of(rows) == [date(2024, 12, 1), date(2025, 1, 1), date(2025, 2, 1)]

    def test_under_年_whose_months_run_over_the_turn_of_the_year_is_asked_about(self) -> None:
        rows = [["年", "月", "件数"], ["2024", "11", "1"], ["2024", "12", "1"], ["2024", "1", "2"]]
        layout = layout_of(rows)
        assert (layout.needs_year, layout.row_months) == (True, {})
        assert "年度か暦年か" in layout.asks_year
        assert months_of(rows, year_kind="fiscal")[2] == date(2025, 1, 1)
        assert months_of(rows, year_kind="calendar")[2] == date(2024, 1, 1)

    @pytest.mark.parametrize(
        ("heading", "year", "text"),
        [("年度", "R5", "FY2023"), ("年度", "令和5", "FY2023"), ("年度", "2023", "FY2023"), ("年", "2023年", "2023年")],
    )
    def test_years_down_are_of_the_sort_the_heading_says(self, heading: str, year: str, text: str) -> None:
        layout = layout_of([[heading, "件数"], [year, "1"], ["令和6" if heading == "年度" else "2024年", "2"]])
        assert (layout.arrangement, layout.year_at(1, 2)) == (Arrangement.DOWN, text)


class TestMonthsInOrder:
    @pytest.mark.parametrize(
        ("written", "months"),
        [
            (["令和7年2月", "1月", "令和6年12月", "11月"], [(2025, 2), (2025, 1), (2024, 12), (2024, 11)]),
            (["R7.2", "1月", "12月", "11月"], [(2025, 2), (2025, 1), (2024, 12), (2024, 11)]),
            (["2025年4月", "３月", "２月"], [(2025, 4), (2025, 3), (2025, 2)]),
            (["令和6年12月", "1月", "2月"], [(2024, 12), (2025, 1), (2025, 2)]),
            (["令和6年10月", "1月", "4月"], [(2024, 10), (2025, 1), (2025, 4)]),
            (["令和6年4月", "12月"], [(2024, 4), (2024, 12)]),
        ],
    )
    def test_a_year_holds_for_the_months_that_follow_in_their_order(
        self, written: list[str], months: list[Any]
    ) -> None:
        assert months_of([["年月", "件数"], *[[m, "5"] for m in written]]) == [date(y, m, 1) for y, m in months]

    @pytest.mark.parametrize(
        "written",
        [
            ["令和6年10月", "2月", "6月"],
            ["令和7年4月", "5月", "6月", "4月", "5月", "6月"],
            ["令和6年4月", *[f"{m}月" for m in MONTHS[1:]], "4月"],
        ],
    )
    def test_months_whose_order_does_not_tell_their_year_are_asked_about(self, written: list[str]) -> None:
        assert layout_of([["年月", "件数"], *[[m, "5"] for m in written]]).needs_year

    @given(first=st.integers(0, 11), length=st.integers(2, 11), newest_first=st.booleans())
    def test_any_run_shorter_than_a_year_is_read_back(self, first: int, length: int, newest_first: bool) -> None:
        run = [date(2023 + (first + n) // 12, (first + n) % 12 + 1, 1) for n in range(length)]
        run = run[::-1] if newest_first else run
        written = [f"{run[0].year}年{run[0].month}月", *[f"{day.month}月" for day in run[1:]]]
        assert months_of([["年月", "件数"], *[[m, "5"] for m in written]]) == run

    @given(year=st.integers(2000, 2040), start=st.integers(0, 11), era=st.booleans())
    def test_any_fiscal_year_above_holds_for_every_month(self, year: int, start: int, era: bool) -> None:
        title = f"令和{year - 2018}年度" if era and year > 2019 else f"{year}年度"
        months = MONTHS[start:] + MONTHS[:start]
        rows = [[title], ["月", "件数"], *[[f"{m}月", "5"] for m in months]]
        assert months_of(rows) == [date_of_fiscal_month(year, m) for m in months]


class TestCalendarYears:
    ROWS = [["月", "件数"], ["1", "247"], ["2", "222"], ["12", "242"]]

    def test_a_bare_2020年_above_is_a_year(self) -> None:
        assert months_of([["2020年"], *self.ROWS]) == [date(2020, 1, 1), date(2020, 2, 1), date(2020, 12, 1)]

    def test_months_from_january_on_ask_which_sort_of_year_was_chosen(self) -> None:
        assert "年の種類" in layout_of(self.ROWS, fiscal_year=2024).asks_year
        assert months_of(self.ROWS, fiscal_year=2024, year_kind="calendar")[0] == date(2024, 1, 1)
        assert months_of(self.ROWS, fiscal_year=2024, year_kind="fiscal")[0] == date(2025, 1, 1)

    def test_three_months_of_a_bare_year_may_be_of_either(self) -> None:
        rows = [["月", "件数"], ["1月", "1"], ["2月", "2"], ["3月", "3"]]
        assert layout_of(rows, file_name="2024.csv").needs_year
        assert months_of([["2024年度"], *rows])[0] == date(2025, 1, 1)


class TestDaysShownAsMonths:
    """What is shown and what is stored may differ: then it is asked which counts."""

    DAYS = [date(2024, 4, 1), date(2024, 5, 1)]

    def down(self, title: str, code: str, **known: Any) -> Layout:
        rows = [[title], ["月", "件数"], *[[day, "4"] for day in self.DAYS]]
        table = find_table(Sheet("表", rows, formats={(3, 0): code, (4, 0): code}))
        assert table is not None
        return guess_layout(table, **known)

    @pytest.mark.parametrize("code", ['m"月"', 'm"月"d"日"', "mmm", "m/d"])
    def test_of_another_year_than_the_title_s_are_asked_about(self, code: str) -> None:
        layout = self.down("令和7年度　利用状況", code)
        assert (layout.needs_year, layout.row_months) == (True, {})
        assert "2024年4月" in layout.asks_year
        assert "令和7年度" in layout.asks_year

    def test_are_of_the_year_that_was_chosen(self) -> None:
        layout = self.down("令和7年度　利用状況", 'm"月"', fiscal_year=2025)
        assert list(layout.row_months.values()) == [date(2025, 4, 1), date(2025, 5, 1)]

    @pytest.mark.parametrize(
        ("title", "code"),
        [("令和6年度", 'm"月"'), ("窓口", 'm"月"'), ("令和7年度", 'yyyy"年"m"月"'), ("令和7年度", "[$-411]ge.m")],
    )
    def test_that_agree_or_show_their_year_are_taken_as_stored(self, title: str, code: str) -> None:
        assert list(self.down(title, code).row_months.values()) == self.DAYS

    def test_across_the_headings_too(self) -> None:
        rows = [["令和7年度"], ["区分", *self.DAYS], ["件数", "1", "2"]]
        table = find_table(Sheet("表", rows, formats={(2, 1): 'm"月"', (2, 2): 'm"月"'}))
        assert table is not None
        assert guess_layout(table).needs_year
        assert guess_layout(table, fiscal_year=2025).column_months == {1: date(2025, 4, 1), 2: date(2025, 5, 1)}
