"""Months across that get their year from a line above them or from their row, and numbers that are months or values."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from japan.fiscal import date_of_fiscal_month
from sheets import Arrangement, Layout, Sheet, Table, find_tables, guess_layout, open_book
from tests.sheets.making import csv_text, xlsx

MONTHS = [*range(4, 13), 1, 2, 3]
NAMES = [f"{month}月" for month in MONTHS]


def tables_of(rows: list[list[Any]], kind: str = "") -> list[Table]:
    """The tables of rows as they come out of a sheet, an XLSX or a CSV."""
    if kind:
        data = xlsx(rows) if kind == "xlsx" else csv_text(rows).encode("cp932")
        (sheet,) = open_book(data, f"a.{kind}").sheets
    else:
        cells = [[Decimal(cell) if isinstance(cell, int) else cell for cell in row] for row in rows]
        sheet = Sheet("表", cells)
    return find_tables(sheet)


def table_of(rows: list[list[Any]], kind: str = "") -> Table:
    (table,) = tables_of(rows, kind)
    return table


def months_at(table: Table, layout: Layout, row: int) -> list[date | None]:
    return [layout.month_at(table.rows[row].number, position) for position in layout.value_columns]


def fiscal_months(year: int) -> list[date]:
    return [date_of_fiscal_month(year, month) for month in MONTHS]


BOTH = pytest.mark.parametrize("kind", ["xlsx", "csv"])


class TestYearsDownAndMonthsAcross:
    @BOTH
    @pytest.mark.parametrize("heading", ["年度", "会計年度", "対象年度"])
    @pytest.mark.parametrize("written", [("R5", "R6"), ("2023", "2024"), ("令和5年度", "令和6年度"), ("令和5", "6")])
    def test_each_row_is_of_its_own_year(self, written: tuple[str, str], heading: str, kind: str) -> None:
        rows = [[heading, *NAMES, "合計"], *[[year, *range(100, 112), 1266] for year in written]]
        table = table_of(rows, kind)
        layout = guess_layout(table, file_name="令和7年度.csv")
        assert (layout.arrangement, layout.year_column, layout.needs_year) == (Arrangement.ACROSS, 0, False)
        assert [months_at(table, layout, row) for row in (0, 1)] == [fiscal_months(2023), fiscal_months(2024)]
        assert not layout.year_at(1, table.rows[0].number)

    @BOTH
    def test_an_era_holds_for_the_rows_below(self, kind: str) -> None:
        rows = [["年度", *NAMES], *[[year, *range(100, 112)] for year in ("平成30", "令和元", "2", "3")]]
        table = table_of(rows, kind)
        layout = guess_layout(table)
        assert [months_at(table, layout, row)[0] for row in range(4)] == [date(y, 4, 1) for y in range(2018, 2022)]

    def test_the_year_of_the_row_comes_before_that_of_the_title(self) -> None:
        table = table_of([["令和6年度 窓口"], ["区分", "4月", "3月"], ["令和5年度", 10, 20], ["令和6年度", 30, 40]])
        layout = guess_layout(table)
        assert months_at(table, layout, 0) == [date(2023, 4, 1), date(2024, 3, 1)]
        assert months_at(table, layout, 1) == [date(2024, 4, 1), date(2025, 3, 1)]

    def test_under_暦年_january_is_of_the_same_year(self) -> None:
        rows = [["暦年", *[f"{month}月" for month in range(1, 13)]], ["2023", *range(100, 112)]]
        table = table_of(rows)
        layout = guess_layout(table)
        assert months_at(table, layout, 0) == [date(2023, month, 1) for month in range(1, 13)]

    def test_a_year_of_merged_rows_holds_for_the_names_beside_it(self) -> None:
        rows = [["年度", "区分", "4月", "5月"], ["2023", "男", 10, 20], [None, "女", 30, 40], ["2024", "男", 50, 60]]
        table = table_of(rows)
        layout = guess_layout(table)
        assert layout.label_columns == (1,)
        assert [months_at(table, layout, row)[0] for row in range(3)] == [
            date(2023, 4, 1),
            date(2023, 4, 1),
            date(2024, 4, 1),
        ]

    def test_a_year_without_a_sort_over_three_months_is_asked_about(self) -> None:
        table = table_of([["年", "1月", "2月", "3月"], ["2023", 10, 20, 30], ["2024", 40, 50, 60]])
        layout = guess_layout(table)
        assert (layout.needs_year, months_at(table, layout, 0)) == (True, [None] * 3)
        assert months_at(table, guess_layout(table, year_kind="calendar"), 0)[0] == date(2023, 1, 1)
        assert months_at(table, guess_layout(table, year_kind="fiscal"), 0)[0] == date(2024, 1, 1)

    @given(first=st.integers(2019, 2035), count=st.integers(2, 6), is_short=st.booleans())
    def test_any_run_of_years_is_read_back(self, first: int, count: int, is_short: bool) -> None:
        written = [f"令和{first - 2018 + n}" if n == 0 or not is_short else str(first - 2018 + n) for n in range(count)]
        table = table_of([["年度", *NAMES], *[[year, *range(100, 112)] for year in written]])
        layout = guess_layout(table)
        assert [months_at(table, layout, row) for row in range(count)] == [
            fiscal_months(first + n) for n in range(count)
        ]


class TestTwoYearsOverMonths:
    @BOTH
    @pytest.mark.parametrize("merged", [True, False])
    @pytest.mark.parametrize(
        "years", [("令和5年度", "令和6年度"), ("R5", "R6"), ("2023年度", "2024年度"), ("令和5", "6年度")]
    )
    def test_each_month_takes_the_year_above_it(self, years: tuple[str, str], merged: bool, kind: str) -> None:
        over = [[year] + [None if merged else year] * 11 for year in years]
        rows = [["区分", *over[0], *over[1]], [None, *NAMES, *NAMES], ["件数", *range(100, 124)]]
        table = table_of(rows, kind)
        layout = guess_layout(table)
        assert (layout.needs_year, layout.label_columns) == (False, (0,))
        assert months_at(table, layout, 0) == fiscal_months(2023) + fiscal_months(2024)

    def test_a_corner_that_is_empty_makes_no_difference(self) -> None:
        rows = [[None, "R5", *[None] * 11, "R6", *[None] * 11], ["区分", *NAMES, *NAMES], ["件数", *range(100, 124)]]
        table = table_of(rows)
        assert months_at(table, guess_layout(table), 0) == fiscal_months(2023) + fiscal_months(2024)

    def test_calendar_years_change_in_january(self) -> None:
        rows = [
            ["区分", "2023年", None, "2024年", None],
            [None, "11月", "12月", "1月", "2月"],
            ["件数", 10, 20, 30, 40],
        ]
        table = table_of(rows)
        assert months_at(table, guess_layout(table), 0) == [
            date(2023, 11, 1),
            date(2023, 12, 1),
            date(2024, 1, 1),
            date(2024, 2, 1),
        ]


class TestNumbersThatAreMonths:
    @BOTH
    @pytest.mark.parametrize("first", ["R6.4", "令和6年4月", "2024/4"])
    @pytest.mark.parametrize("values", [(100, 200, 300, 400), (4, 5, 6, 7), (1, 2, 3, 4)])
    def test_bare_numbers_behind_a_month_with_its_year_go_on(
        self, first: str, values: tuple[int, ...], kind: str
    ) -> None:
        if first == "2024/4" and kind == "csv":
            first = "2024年4月"
        table = table_of([["区分", first, 5, 6, 7], ["件数", *values], ["人数", *values]], kind)
        layout = guess_layout(table)
        assert len(table.rows) == 2
        assert months_at(table, layout, 1) == [date(2024, month, 1) for month in (4, 5, 6, 7)]

    @BOTH
    @pytest.mark.parametrize("heading", [NAMES, MONTHS, ["R6.4", *MONTHS[1:]]])
    def test_values_from_1_to_12_below_months_are_values(self, heading: list[Any], kind: str) -> None:
        rows = [["令和6年度"], ["区分", *heading], ["件数", *range(1, 13)], ["人数", *MONTHS]]
        table = table_of(rows, kind)
        assert [len(row.cells) for row in table.rows] == [13, 13]
        assert months_at(table, guess_layout(table), 0) == fiscal_months(2024)

    def test_values_from_1_to_6_below_years_or_names_are_values(self) -> None:
        for heading in ([f"令和{year}年度" for year in range(1, 7)], ["東", "西", "南", "北", "中", "外"]):
            table = table_of([["区分", *heading], ["件数", *range(1, 7)], ["人数", *range(4, 10)]])
            assert len(table.rows) == 2

    def test_a_row_of_a_month_down_with_values_that_go_on_is_no_heading(self) -> None:
        table = table_of([["年月", "東", "西", "南"], ["R6.4", 5, 6, 7], ["R6.5", 6, 7, 8]])
        assert len(table.rows) == 2

    @BOTH
    def test_days_without_a_year_go_on_behind_one_with_it(self, kind: str) -> None:
        for first, other in (
            ("令和6年4月1日現在", "5月1日現在"),
            ("R6年4月末時点", "5月末時点"),
            ("令和6年4月1日", "5月1日"),
        ):
            table = table_of([["時点", "会員数"], [first, 10], [other, 20]], kind)
            assert list(guess_layout(table).row_months.values()) == [date(2024, 4, 1), date(2024, 5, 1)]

    def test_a_second_heading_of_months_right_below_begins_a_table(self) -> None:
        rows = [["令和6年度"], ["区分", *NAMES[:6]], ["件数", *range(6)], ["区分", *NAMES[6:]], ["件数", *range(6)]]
        assert [len(table.rows) for table in tables_of(rows)] == [1, 1]


def test_2_below_令和元_beside_months_is_令和2() -> None:
    rows = [["年度", "月", "件数"], ["令和元", "4月", 10], [None, "5月", 20], ["2", "4月", 30], ["3", "4月", 40]]
    assert list(guess_layout(table_of(rows)).row_months.values()) == [
        date(2019, 4, 1),
        date(2019, 5, 1),
        date(2020, 4, 1),
        date(2021, 4, 1),
    ]
