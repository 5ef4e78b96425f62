"""Merged cells fill their range, first rows may be blank, and tables side by side are each their own."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from sheets import Sheet, find_table, find_tables, guess_layout
from sheets.blocks import first_rows
from sheets.books import Merged
from sheets.rows import line_of

N = Decimal


def months_of(table: Any) -> list[date]:
    return list(guess_layout(table).row_months.values())


@pytest.mark.parametrize(
    ("column", "rows"),
    [
        (0, [["課", "年月", "件数"], ["A課", "R7.4", N(1)], [None, "R7.5", N(2)], ["B課", "R7.4", N(3)]]),
        (1, [["年月", "課", "件数"], ["R7.4", "A課", N(1)], ["R7.5", None, N(2)], ["R7.4", "B課", N(3)]]),
    ],
)
def test_a_merged_name_stands_in_every_row_of_its_range(column: int, rows: list[list[Any]]) -> None:
    table = find_table(Sheet("表", rows, merged=(Merged(2, column, 3, column),)))
    assert table is not None
    assert [row.cells[column] for row in table.rows] == ["A課", "A課", "B課"]


def test_a_merged_month_is_that_of_its_rows_and_a_merged_number_stays_one_value() -> None:
    rows = [["年月", "課", "件数"], ["令和7年4月", "A課", N(1)], [None, "B課", None], ["令和7年5月", "A課", N(3)]]
    table = find_table(Sheet("表", rows, merged=(Merged(2, 0, 3, 0), Merged(2, 2, 3, 2))))
    assert table is not None
    assert [row.cells[0] for row in table.rows] == ["令和7年4月", "令和7年4月", "令和7年5月"]
    assert [row.cells[2] for row in table.rows] == [N(1), None, N(3)]


@pytest.mark.parametrize(
    "rows",
    [
        [["年月", "件数"], ["令和7年4月"], ["令和7年5月", N(11)], ["令和7年6月", N(12)]],
        [["年月", "件数"], [date(2025, 4, 1)], [date(2025, 5, 1)], [date(2025, 6, 1), N(12)]],
        [["課", "年月", "件数"], ["A課", "R7.4", None], ["A課", "R7.5", N(1)], ["A課", "R7.6", N(1)]],
    ],
)
def test_first_months_without_a_value_are_rows_and_the_headings_stay(rows: list[list[Any]]) -> None:
    table = find_table(Sheet("表", rows))
    assert table is not None
    assert (table.columns[-1].name, table.header_rows, table.first_row) == ("件数", (1,), 2)
    assert months_of(table) == [date(2025, 4, 1), date(2025, 5, 1), date(2025, 6, 1)]


def test_a_first_name_without_values_under_months_is_a_row() -> None:
    table = find_table(Sheet("表", [["区分", "R7.4", "R7.5"], ["件数"], ["人数", N(1), N(2)]]))
    assert table is not None
    assert (table.header_rows, [row.cells[0] for row in table.rows]) == ((1,), ["件数", "人数"])


@pytest.mark.parametrize("between", [[None], []])
def test_tables_side_by_side_each_have_their_own_year(between: list[None]) -> None:
    rows = [
        ["年月", "件数", *between, "年月", "人数"],
        ["令和7年4月", N(10), *between, "令和6年4月", N(1)],
        ["令和7年5月", N(11), *between, "令和6年5月", N(2)],
    ]
    left, right = find_tables(Sheet("表", rows))
    assert ([c.name for c in left.columns], months_of(left)) == (["年月", "件数"], [date(2025, 4, 1), date(2025, 5, 1)])
    assert ([c.name for c in right.columns], months_of(right)) == (
        ["年月", "人数"],
        [date(2024, 4, 1), date(2024, 5, 1)],
    )


def test_titles_side_by_side_belong_to_the_table_below_them_and_one_title_to_both() -> None:
    rows = [
        ["窓口の状況"],
        ["令和7年度", None, None, "令和6年度"],
        ["月", "件数", None, "月", "件数"],
        ["4月", N(10), None, "4月", N(1)],
        ["3月", N(11), None, "3月", N(2)],
    ]
    left, right = find_tables(Sheet("表", rows))
    assert (months_of(left)[1], months_of(right)[1]) == (date(2026, 3, 1), date(2025, 3, 1))
    assert left.preamble[0] == right.preamble[0] == "窓口の状況"


def test_a_second_block_without_a_title_is_of_the_sheet_s_year() -> None:
    rows = [
        ["令和7年度"],
        ["区分", "4月", "5月"],
        ["件数", N(1), N(2)],
        [],
        ["区分", "1月", "2月"],
        ["件数", N(3), N(4)],
    ]
    first, second = find_tables(Sheet("表", rows))
    assert guess_layout(first).column_months == {1: date(2025, 4, 1), 2: date(2025, 5, 1)}
    assert guess_layout(second).column_months == {1: date(2026, 1, 1), 2: date(2026, 2, 1)}


def test_many_rows_that_are_still_blank_take_no_more_than_their_share() -> None:
    def seconds(count: int) -> float:
        lines = [line_of(1, ["月", "件数"]), *(line_of(number, ["4月"]) for number in range(2, count + 2))]
        times = []
        for _ in range(3):
            started = time.process_time()
            assert first_rows(lines) == count
            times.append(time.process_time() - started)
        return min(times)

    assert seconds(16_000) < 10 * seconds(4_000)  # four times the rows: 4 times where it is linear, else 16
