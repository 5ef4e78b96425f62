"""Quarters across the headings and down a column, of the year in them, in their row or around the table."""

from __future__ import annotations

from typing import Any

import pytest

from sheets import Arrangement, Layout, Table, guess_layout
from sheets.quarters import quarter_of
from tests.sheets.test_years_and_months import BOTH, table_of

NUMBERED = ["第1四半期", "第2四半期", "第3四半期", "第4四半期"]
SPELLINGS = [
    NUMBERED,
    ["第１四半期", "第２四半期", "第３四半期", "第４四半期"],
    ["第一四半期", "第二四半期", "第三四半期", "第四四半期"],
    ["1Q", "2Q", "3Q", "4Q"],
    ["4〜6月", "7〜9月", "10〜12月", "1〜3月"],
    ["4月～6月", "7月～9月", "10月～12月", "1月～3月"],
]


def quarters_of(table: Table, layout: Layout, row: int = 0) -> list[str]:
    number = table.rows[row].number
    return [layout.year_at(position, number) for position in layout.value_columns]


def of_year(year: int) -> list[str]:
    return [f"{year}-Q{number}" for number in range(1, 5)]


@BOTH
@pytest.mark.parametrize("names", SPELLINGS)
def test_across_are_of_the_year_of_the_title(names: list[str], kind: str) -> None:
    if kind == "csv":
        names = [name.replace("〜", "～") for name in names]
    table = table_of([["令和6年度"], ["区分", *names, "合計"], ["件数", 10, 20, 30, 40, 100]], kind)
    layout = guess_layout(table)
    assert (layout.arrangement, quarters_of(table, layout)) == (Arrangement.QUARTERS, of_year(2024))


@BOTH
@pytest.mark.parametrize("names", SPELLINGS[:4])
def test_down_are_of_the_year_of_the_title(names: list[str], kind: str) -> None:
    table = table_of([["令和6年度"], ["四半期", "件数"], *[[name, 10 + n] for n, name in enumerate(names)]], kind)
    layout = guess_layout(table)
    assert [quarters_of(table, layout, row) for row in range(4)] == [[text] for text in of_year(2024)]


@pytest.mark.parametrize("years", [("R5", "R6"), ("令和5年度", "令和6年度"), ("2023", "2024")])
def test_across_are_of_the_year_of_their_row(years: tuple[str, str]) -> None:
    rows = [["令和7年度"], ["年度", *NUMBERED], [years[0], 10, 20, 30, 40], [years[1], 50, 60, 70, 80]]
    table = table_of(rows)
    layout = guess_layout(table)
    assert [quarters_of(table, layout, row) for row in (0, 1)] == [of_year(2023), of_year(2024)]


def test_down_are_of_the_year_beside_them_also_where_it_is_merged() -> None:
    rows = [["年度", "四半期", "件数"], ["令和5年度", "第1四半期", 10], [None, "第2四半期", 20], ["6", "第1四半期", 30]]
    table = table_of(rows)
    layout = guess_layout(table)
    assert [quarters_of(table, layout, row) for row in range(3)] == [["2023-Q1"], ["2023-Q2"], ["2024-Q1"]]


def test_down_the_year_in_the_first_holds_for_those_that_follow() -> None:
    rows: list[list[Any]] = [["期間", "件数"], ["令和6年度第1四半期", 10], ["第2四半期", 20], ["第3四半期", 30]]
    table = table_of(rows)
    assert [quarters_of(table, guess_layout(table), row) for row in range(3)] == [[t] for t in of_year(2024)[:3]]
    table = table_of([*rows, ["第1四半期", 40]])
    layout = guess_layout(table)
    assert (quarters_of(table, layout, 3), layout.needs_year) == ([""], True)


def test_under_two_years_are_of_the_year_above_them() -> None:
    rows = [["区分", "R5", *[None] * 3, "R6", *[None] * 3], [None, *NUMBERED, *NUMBERED], ["件数", *range(10, 18)]]
    table = table_of(rows)
    assert quarters_of(table, guess_layout(table)) == of_year(2023) + of_year(2024)


def test_without_a_year_are_asked_about() -> None:
    table = table_of([["区分", *NUMBERED], ["件数", 10, 20, 30, 40]])
    layout = guess_layout(table)
    assert (layout.needs_year, quarters_of(table, layout)) == (True, [""] * 4)
    assert quarters_of(table, guess_layout(table, fiscal_year=2024)) == of_year(2024)


@pytest.mark.parametrize(
    "text", ["第5四半期", "5Q", "4〜7月", "四半期", "第1四半期比", "前年第1四半期", "4〜6", "Q" * 40]
)
def test_other_words_are_no_quarters(text: str) -> None:
    assert quarter_of(text) is None
