"""The tables of a file on their way from the process that reads it to the one that asked, in lines of JSON as books are."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from sheets.books import Cell, FileRefused, Merged
from sheets.tables import Column, Row, Table
from sheets.tables_of_files import FoundTable, Outside, Tables
from sheets.wire import cell_of, line, read_line, written

#: So many rows a line: the one who reads it holds the interpreter for a few milliseconds at a time, not for a second.
_ROWS = 200


def lines_of_tables(tables: Tables) -> Iterator[bytes]:
    yield line(
        {
            "kind": tables.kind,
            "encoding": tables.encoding,
            "warnings": tables.warnings,
            "outside": [(each.sheet, each.has_tables, each.values) for each in tables.outside],
            "tables": len(tables.tables),
        }
    )
    for found in tables.tables:
        yield from _lines(found)


def tables_of(lines: Iterator[bytes]) -> Tables:
    """Raises FileRefused for a refusal, ValueError (or KeyError, TypeError) for what is none or ends too early."""
    head = read_line(lines)
    if "refused" in head:
        raise FileRefused(str(head["refused"]))
    known: dict[str, Cell] = {}
    return Tables(
        head["kind"],
        head["encoding"],
        tuple(head["warnings"]),
        tuple(_found(lines, known) for _ in range(head["tables"])),
        tuple(itertools.starmap(Outside, head["outside"])),
    )


def _lines(found: FoundTable) -> Iterator[bytes]:
    table = found.table
    yield line(
        {
            "sheet": table.sheet,
            "header_rows": table.header_rows,
            "first_row": table.first_row,
            "last_row": table.last_row,
            "columns": [(c.name, c.index, c.parts, c.part_formats, c.is_hidden) for c in table.columns],
            "preamble": table.preamble,
            "notes": table.notes,
            "merged": [(m.first_row, m.first_column, m.last_row, m.last_column) for m in table.merged],
            "is_hidden": table.is_hidden,
            "unclear": found.unclear,
            "rows": len(table.rows),
        }
    )
    numbers: dict[tuple[str, ...], int] = {}
    for start in range(0, len(table.rows), _ROWS):
        yield line([_written(row, numbers) for row in table.rows[start : start + _ROWS]])


def _written(row: Row, numbers: dict[tuple[str, ...], int]) -> list[Any]:
    """Formats are written once, and then by their number: rows share the same few."""
    is_new = row.formats not in numbers
    number = numbers.setdefault(row.formats, len(numbers))
    facts = (
        [row.is_total, row.is_hidden, row.joined, row.doubtful]
        if row.is_total or row.is_hidden or row.joined or row.doubtful
        else 0
    )
    return [row.number, [written(cell) for cell in row.cells], number, row.formats if is_new else 0, facts]


def _found(lines: Iterator[bytes], known: dict[str, Cell]) -> FoundTable:
    head = read_line(lines)
    rows: list[Row] = []
    formats: list[tuple[str, ...]] = []
    while len(rows) < head["rows"]:
        rows += [_row(each, known, formats) for each in read_line(lines)]
    table = Table(
        sheet=head["sheet"],
        header_rows=tuple(head["header_rows"]),
        first_row=head["first_row"],
        last_row=head["last_row"],
        columns=tuple(
            Column(name, index, tuple(parts), tuple(codes), hidden)
            for name, index, parts, codes, hidden in head["columns"]
        ),
        rows=tuple(rows),
        preamble=tuple(head["preamble"]),
        notes=tuple(head["notes"]),
        merged=tuple(itertools.starmap(Merged, head["merged"])),
        is_hidden=head["is_hidden"],
    )
    return FoundTable(table, tuple(head["unclear"]))


def _row(each: list[Any], known: dict[str, Cell], formats: list[tuple[str, ...]]) -> Row:
    number, cells, place, new, facts = each
    if new != 0:
        formats.append(tuple(new))
    values = tuple(cell_of(cell, known) for cell in cells)
    if not facts:
        return Row(number, values, formats=formats[place])
    is_total, is_hidden, joined, doubtful = facts
    return Row(number, values, is_total, formats[place], is_hidden, tuple(joined), tuple(doubtful))
