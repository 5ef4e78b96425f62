"""What parts the lines of a sheet into tables besides their headings: merged cells, first rows without a value, tables
that stand side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sheets.books import Cell, Sheet
from sheets.cells import fold, plain
from sheets.month_runs import in_context
from sheets.rows import Kind, Line, is_note, line_of, names_month

_BEGINS = re.compile(r"(?:約|およそ|[(（▲△−-])?[0-9０-９]")


def lines_of(sheet: Sheet) -> list[Line]:
    """The lines of a sheet, the texts and days of merged cells in every row of their range. A merged number stays where
    it is: it is one value."""
    rows = list(sheet.rows)
    for merged in sheet.merged:
        first = rows[merged.first_row - 1] if merged.first_row <= len(rows) else []
        cell = first[merged.first_column] if merged.first_column < len(first) else None
        if not isinstance(cell, str | date):
            continue
        for number in range(merged.first_row + 1, min(merged.last_row, len(rows)) + 1):
            rows[number - 1] = _with(rows[number - 1], merged.first_column, cell)
    return in_context([line_of(number, cells) for number, cells in enumerate(rows, start=1)])


def _with(cells: list[Cell], position: int, cell: Cell) -> list[Cell]:
    """A row with a cell filled; a row without any other value stays as it is."""
    if not any(fold(each) for each in cells) or (position < len(cells) and cells[position] is not None):
        return cells
    filled = [*cells, *[None] * (position + 1 - len(cells))]
    filled[position] = cell
    return filled


def first_rows(waiting: Sequence[Line]) -> int:
    """How many of the last lines before the first value are rows of the table whose values are still blank.

    The nearest heading above each of them counts; they are asked from below, and the first that is none ends it.
    """
    headings = [number for number, line in enumerate(waiting) if line.kind is Kind.HEADING]
    count = 0
    for number in range(len(waiting) - 1, -1, -1):
        while headings and headings[-1] >= number:
            headings.pop()
        if not headings or not _is_blank_row(waiting[number], waiting[headings[-1]]):
            break
        count += 1
    if not count or waiting[-count - 1].kind is not Kind.HEADING:
        return 0
    return count


def _is_blank_row(line: Line, heading: Line) -> bool:
    """A month under the heading of the months, or a name under a row of months; nothing else. A month beside texts that
    begin with a number (12程度) is a row as well: what they say has to be asked, not taken for a heading."""
    times = [position for position in line.filled if _is_time(line.cells[position])]
    across = sum(_is_time(heading.cells[position]) for position in heading.filled)
    if len(times) == 1 and across == 0 and line.filled <= heading.filled and _says_numbers(line):
        return True
    if len(line.filled) >= len(heading.filled) or not line.filled <= heading.filled or is_note(line.text):
        return False
    if len(times) == 1:
        return across == 0
    return (
        not times and across >= 2 and len(line.filled) == 1 and "単位" not in line.text and line.text[:1] not in "(（"
    )


def _says_numbers(line: Line) -> bool:
    others = [fold(line.cells[position]) for position in line.filled if not _is_time(line.cells[position])]
    return any(_BEGINS.match(text) for text in others)


def _is_time(cell: Cell) -> bool:
    return isinstance(cell, date) or (isinstance(cell, str) and names_month(cell))


def starts_of(header: Sequence[Line]) -> list[int]:
    """Where tables side by side begin: every column headed as the first one is."""
    positions = sorted({position for line in header for position in line.filled})
    if not positions:
        return []
    named = header[-1:] if positions[0] in header[-1].filled else header  # above it may stand a title of each table
    heads = {p: tuple(plain(fold(line.cells[p])) if p in line.filled else "" for line in named) for p in positions}
    first = heads[positions[0]]
    starts = [position for position in positions if heads[position] == first]
    is_even = all(b - a >= 2 for a, b in zip(starts, [*starts[1:], positions[-1] + 1], strict=True))
    return starts if len(starts) > 1 and is_even and any(first) else []


def part_of(lines: Sequence[Line], starts: Sequence[int], number: int, *, shared: bool = False) -> list[Line]:
    """The lines within one of the tables side by side; `shared` keeps a text above the first one for all of them."""
    start = starts[number]
    end = starts[number + 1] if number + 1 < len(starts) else None
    found = []
    for line in lines:
        if shared and line.filled and max(line.filled) < starts[1]:
            found.append(line)
            continue
        cells = [None] * start + list(line.cells[start:end])
        part = line_of(line.number, cells)
        found.append(replace(part, kind=line.kind) if part.filled and line.kind is Kind.HEADING else part)
    return [line for line in found if line.filled]


def titles_and_headings(header: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The headings of one of the tables side by side without the lines above that hold one text: its title."""
    count = next((n for n, line in enumerate(header[:-1]) if len(line.filled) > 1), len(header) - 1)
    return list(header[:count]), list(header[count:])
