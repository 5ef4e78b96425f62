"""Layouts by years: across over names (a cell is a year), across over months (a cell is a month), and down."""

from __future__ import annotations

from dataclasses import replace

from japan.dates import DateError
from sheets.books import Cell
from sheets.cells import fold
from sheets.explaining import labels_said, totals_said, values_said
from sheets.layout import Arrangement, Layout
from sheets.month_order import MonthOrder, Told
from sheets.months import bare_month, is_year
from sheets.tables import Table
from sheets.years import HeadingYear, YearReader, heading_kind

_APRIL = 4


def years_across(table: Table, headings: dict[int, str], values: tuple[int, ...], reader: YearReader) -> Layout:
    """Years across and names down: a cell is a year of what its row names."""
    years, unread = _read_years(table, headings, reader)
    others = [position for position in range(len(table.columns)) if position not in headings]
    labels = tuple(position for position in others if position not in values)
    said = [
        *_years_said(table, headings, Arrangement.YEARS),
        *reader.said,
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
    table: Table,
    month_column: int,
    headings: dict[int, str],
    values: tuple[int, ...],
    reader: YearReader,
    kind: str = "",
) -> Layout:
    """Months down and years across: a cell is a month. Months that run from April are of fiscal years; whether 令和6年 over
    them is one is asked. `kind` is what somebody said of the years (fiscal, calendar)."""
    years, unread = _read_years(table, headings, reader)
    numbers: dict[int, int] = {}
    for row in table.rows:
        if row.is_total:
            continue
        if month := bare_month(row.cells[month_column]):
            numbers[row.number] = month
        else:
            unread[f"{row.number}行目"] = "月の欄が1月から12月の月ではありません。"
    asks = ""
    said = {"fiscal": True, "calendar": False}.get(kind)
    goes_over = MonthOrder([Told(month, has_year=False) for month in numbers.values()]).is_fiscal
    for position, year in list(years.items()):
        if said is not None:
            years[position] = replace(year, is_fiscal=said)
        elif year.is_fiscal is False and goes_over:
            asks = asks or (
                f"見出しの「{headings[position]}」が年度か暦年か分かりません（月は4月から翌年3月へ並んでいます）。"
                "「年の種類」を選んでください。"
            )
            unread[f"{table.columns[position].letters}列"] = asks
            del years[position]
    others = [p for p in range(len(table.columns)) if p not in headings and p != month_column]
    labels = tuple(position for position in others if position not in values)
    explanations = [
        *_years_said(table, headings, Arrangement.CROSS),
        *reader.said,
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
        explanations=tuple(explanations),
        needs_era=reader.needs_era,
        needs_year=bool(asks),
        asks_year=asks,
    )


def years_down(
    table: Table,
    year_column: int,
    values: tuple[int, ...],
    labels: tuple[int, ...],
    reader: YearReader,
    *,
    is_long: bool,
) -> Layout:
    """Years down: a row is a year, or (LONG) what its texts name in a year. A heading 年度 holds for the cells."""
    column = table.columns[year_column]
    arrangement = Arrangement.LONG if is_long else Arrangement.DOWN
    said = [
        f"{column.letters}列「{column.name}」に年が縦に並んでいるので、1行を1年の値と考えました。",
        *values_said(table, values),
        *(labels_said(table, labels) if is_long else []),
        *totals_said(table, []),
    ]
    years = years_of_rows(table, year_column, reader)
    return Layout(arrangement, year_column, None, values, labels, row_years=years, explanations=tuple(said))


def years_of_rows(table: Table, column: int, reader: YearReader) -> dict[int, HeadingYear]:
    """The year of each row by the file's number; rows whose cell is no year are left out."""
    years: dict[int, HeadingYear] = {}
    is_fiscal = heading_kind(table.columns[column])
    for row in table.rows:
        if row.is_total or not (is_year(row.cells[column]) or _is_short_year(row.cells[column], is_fiscal, reader)):
            continue
        try:
            year = reader.read(row.cells[column])
        except DateError:
            continue
        years[row.number] = replace(year, is_fiscal=is_fiscal) if year.is_fiscal is None else year
    return years


def _is_short_year(cell: Cell, is_fiscal: bool | None, reader: YearReader) -> bool:
    """2 under 年度, or anything up to 99 once an era was written above."""
    text = fold(cell)
    return bool(is_fiscal and bare_month(cell)) or (bool(reader.era) and text.isdigit() and len(text) < 3)


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
