"""The tables of a whole file: found where the file is read, so that a long one never holds the process that asked.

Only what is of use afterwards comes back: the tables, and how many values stand outside of them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sheets.books import Book, Cell, Sheet
from sheets.cells import fold
from sheets.facts import with_facts, with_row_facts
from sheets.rows import is_day, says_value
from sheets.tables import Column, Row, Table, find_tables
from sheets.thousands import put_together


@dataclass(frozen=True)
class FoundTable:
    """A table with torn numbers put together, and the rows of it that can be read in several ways (CSV)."""

    table: Table
    unclear: tuple[int, ...] = ()


@dataclass(frozen=True)
class Outside:
    """How many values of a sheet stand in no table."""

    sheet: str
    has_tables: bool
    values: int


@dataclass(frozen=True)
class Tables:
    """What a file holds: its tables in the order of the file, and what stands outside of them, by sheet."""

    kind: str
    encoding: str
    warnings: tuple[str, ...]
    tables: tuple[FoundTable, ...]
    outside: tuple[Outside, ...]


def tables_in(book: Book, own_headings: Collection[str] = ()) -> Tables:
    """`own_headings` are those of the application's own files: a sheet whose first row has all of them is one table."""
    found: list[FoundTable] = []
    outside: list[Outside] = []
    for sheet in book.sheets:
        own = headed_table(sheet, own_headings)
        tables = [own] if own else find_tables(sheet)
        outside.append(_outside(sheet, tables))
        if book.kind == "csv":
            whole = [put_together(table) for table in tables]
            found += [FoundTable(each.table, each.unclear) for each in whole]
        else:
            found += map(FoundTable, tables)
    return Tables(book.kind, book.encoding, book.warnings, tuple(found), tuple(outside))


def headed_table(sheet: Sheet, headings: Collection[str]) -> Table | None:
    """The whole sheet as one table where its first row has these headings; None for any other.

    Nothing is searched for: most values of a template may be empty still, and its rows look like headings then.
    """
    if not sheet.rows or not headings:
        return None
    named = [Column(fold(cell), index, (fold(cell),)) for index, cell in enumerate(sheet.rows[0])]
    columns = with_facts(sheet, named, [1])
    if not set(headings) <= {column.name for column in columns}:
        return None
    filled = (
        Row(number, tuple(_cell(cells, column.index) for column in columns))
        for number, cells in enumerate(sheet.rows[1:], start=2)
        if any(cell is not None for cell in cells)
    )
    rows = tuple(with_row_facts(sheet, columns, filled))
    last = max((row.number for row in rows), default=2)
    return Table(sheet.name, (1,), 2, last, columns, rows, merged=sheet.merged, is_hidden=sheet.is_hidden)


def _cell(cells: list[Cell], index: int) -> Cell:
    cell = cells[index] if index < len(cells) else None
    return (fold(cell) or None) if isinstance(cell, str) else cell


def _outside(sheet: Sheet, tables: Collection[Table]) -> Outside:
    inside = {number for table in tables for number in (*table.header_rows, *(row.number for row in table.rows))}
    count = sum(
        says_value(cell) and not _is_of_the_sheet(cell)
        for number, cells in enumerate(sheet.rows, start=1)
        if number not in inside
        for cell in cells
    )
    return Outside(sheet.name, bool(tables), count)


def _is_of_the_sheet(cell: Cell) -> bool:
    """Outside of tables stand days of the form, and signs of lists."""
    if isinstance(cell, str):
        return is_day(cell) or not any(map(str.isdigit, cell))
    return isinstance(cell, date)
