"""Reads the month of each row with what is known of the years: said by somebody, beside the months or around the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from japan.dates import DateError
from sheets.books import Cell
from sheets.months import MonthReader, YearMissing, bare_month
from sheets.named_years import KnownYear, disagree, named_years
from sheets.number_formats import hides_year
from sheets.tables import Row, Table
from sheets.years_beside import YearsBeside


@dataclass(frozen=True)
class YearsKnown:
    """What is known of the year of months without one: the year, or several that do not go together. `kind` is what
    somebody said of a year's sort: fiscal, calendar or ""."""

    known: KnownYear | None
    rivals: tuple[KnownYear, ...] = ()
    kind: str = ""

    def reader(self, cells: Sequence[Cell], day_order: str = "") -> MonthReader:
        """A reader for these cells, in the order of the table."""
        return MonthReader(self.known, cells, day_order, self.rivals)


def years_known(table: Table, file_name: str, year: int | None, kind: str) -> YearsKnown:
    """What `year` and `kind` (said by somebody) or the texts around the table tell of the year."""
    is_fiscal = {"fiscal": True, "calendar": False}.get(kind)
    if year:
        return YearsKnown(KnownYear(year, is_fiscal, "画面で選んだ年", is_chosen=True), kind=kind)
    found = named_years(table, file_name)
    if disagree(found):
        return YearsKnown(None, tuple(found), kind)
    known = replace(found[0], is_fiscal=is_fiscal, is_kind_chosen=True) if found and kind else next(iter(found), None)
    return YearsKnown(known, kind=kind)


def months_of_rows(
    table: Table, month_column: int, year_column: int | None, reader: MonthReader, kind: str
) -> tuple[dict[int, date], dict[str, str]]:
    """The months by the file's row number, and why rows have none by their place (12行目)."""
    months: dict[int, date] = {}
    unread: dict[str, str] = {}
    beside = None if year_column is None else YearsBeside(table, year_column, month_column, kind)
    for row in table.rows:
        if row.is_total:
            continue
        try:
            months[row.number] = _row_month(row, month_column, beside, reader)
        except DateError as error:
            unread[f"{row.number}行目"] = str(error)
    return months, unread


def _row_month(row: Row, month_column: int, beside: YearsBeside | None, reader: MonthReader) -> date:
    cell = row.cells[month_column]
    month = bare_month(cell)
    if beside is not None and month:
        reader.year_beside = beside.year_of(row, reader.era) or reader.year_beside
        if reader.year_beside is not None:
            if reader.year_beside.is_fiscal is None:
                raise reader.ask(beside.asks)
            return reader.year_beside.month(month)
    if cell is None:
        raise YearMissing("月の欄が空です。月を入れるか、この行を取込みから外してください。")
    if isinstance(cell, date) and hides_year(row.format_at(month_column)):
        return reader.read_shown(cell)
    return reader.read(cell)
