"""The two layouts with years in the headings: over names (a cell is a year), and over months (a cell is a month)."""

from __future__ import annotations

from japan.dates import DateError
from sheets.explaining import labels_said, totals_said
from sheets.layout import Arrangement, Layout
from sheets.months import bare_month
from sheets.tables import Table
from sheets.years import HeadingYear, YearReader

_APRIL = 4


def years_across(table: Table, headings: dict[int, str], values: tuple[int, ...], reader: YearReader) -> Layout:
    """Years across and names down: a cell is a year of what its row names."""
    years, unread = _read_years(table, headings, reader)
    others = [position for position in range(len(table.columns)) if position not in headings]
    labels = tuple(position for position in others if position not in values)
    said = [
        *_years_said(table, headings, Arrangement.YEARS),
        *labels_said(table, labels),
        *totals_said(table, [position for position in others if position in values]),
    ]
    return Layout(
        Arrangement.YEARS,
        None,
        None,
        tuple(headings),
        labels,
        column_years=years,
        unread=unread,
        explanations=tuple(said),
        needs_era=reader.needs_era,
    )


def years_across_months(
    table: Table, month_column: int, headings: dict[int, str], values: tuple[int, ...], reader: YearReader
) -> Layout:
    """Months down and years across: a cell is a month. Months that run from April are of fiscal years."""
    years, unread = _read_years(table, headings, reader)
    numbers: dict[int, int] = {}
    for row in table.rows:
        if row.is_total:
            continue
        if month := bare_month(row.cells[month_column]):
            numbers[row.number] = month
        else:
            unread[f"{row.number}行目"] = "月の欄が1月から12月の月ではありません。"
    others = [p for p in range(len(table.columns)) if p not in headings and p != month_column]
    labels = tuple(position for position in others if position not in values)
    said = [
        *_years_said(table, headings, Arrangement.CROSS),
        *labels_said(table, labels),
        *totals_said(table, [position for position in others if position in values]),
    ]
    return Layout(
        Arrangement.CROSS,
        month_column,
        None,
        tuple(headings),
        labels,
        column_years=years,
        row_numbers=numbers,
        runs_fiscally=next(iter(numbers.values()), 1) == _APRIL,
        unread=unread,
        explanations=tuple(said),
        needs_era=reader.needs_era,
    )


def _read_years(
    table: Table, headings: dict[int, str], reader: YearReader
) -> tuple[dict[int, HeadingYear], dict[str, str]]:
    years: dict[int, HeadingYear] = {}
    unread: dict[str, str] = {}
    for position, text in headings.items():
        try:
            years[position] = reader.read(text)
        except DateError as error:
            unread[f"{table.columns[position].letters}列"] = str(error)
    return years, unread


def _years_said(table: Table, headings: dict[int, str], arrangement: Arrangement) -> list[str]:
    if not headings:
        return []
    first, last = (table.columns[position] for position in (min(headings), max(headings)))
    return [
        f"見出しに年が{len(headings)}個並んでいるので（{first.letters}列「{first.name}」から{last.letters}列「{last.name}」まで）、"
        f"{arrangement.label}と考えました。"
    ]
