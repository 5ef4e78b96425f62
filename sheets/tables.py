"""Finds the tables in a sheet: what stands above, the headings, the rows, what stands below."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sheets.blocks import first_rows, lines_of, part_of, starts_of, titles_and_headings
from sheets.books import Cell, Merged, Sheet
from sheets.cells import column_letters, fold, plain
from sheets.facts import with_facts, with_row_facts
from sheets.month_runs import names_months, stands_over
from sheets.rows import Kind, Line, is_note, is_time, is_total

_MAX_HEADER_ROWS = 4
_CHANGING = re.compile(r"(?:令和|平成)?(?:元|(?<![0-9])[0-9]++)年度?|(?<![0-9])[0-9]++月分?")


@dataclass(frozen=True)
class Column:
    """A column by its heading. `index` counts from 0 in the sheet; `parts` are the texts of each heading row."""

    name: str
    index: int
    parts: tuple[str, ...] = ()
    #: The number format of each heading ("" for General): a day by m"月" is a month.
    part_formats: tuple[str, ...] = ()
    is_hidden: bool = False

    @property
    def letters(self) -> str:
        return column_letters(self.index)

    @property
    def is_total(self) -> bool:
        return any(is_total(part) for part in self.parts)


@dataclass(frozen=True)
class Row:
    """A row of values, one for each of the table's columns; `number` is the file's. Texts are one line, without padding.

    `formats` are the number formats of the cells, "" for General; empty where no cell has one.
    """

    number: int
    cells: tuple[Cell, ...]
    is_total: bool = False
    formats: tuple[str, ...] = ()
    is_hidden: bool = False
    #: The positions whose number was put together of cells that a comma parted (sheets.thousands).
    joined: tuple[int, ...] = ()
    #: The positions of numbers that may be the first part of one that a comma parted, or may not: nobody knows.
    doubtful: tuple[int, ...] = ()

    def format_at(self, position: int) -> str:
        """The number format of a cell by the position of its column in the table; "" for General."""
        return self.formats[position] if self.formats else ""


@dataclass(frozen=True)
class Table:
    """A table of a sheet. Row numbers are the file's, from 1; `preamble` and `notes` are the lines around it.

    `merged` are the merged ranges that touch its headings or rows.
    """

    sheet: str
    header_rows: tuple[int, ...]
    first_row: int
    last_row: int
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    preamble: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    merged: tuple[Merged, ...] = ()
    is_hidden: bool = False

    @property
    def signature(self) -> str:
        """The same for next month's file of this shape: years and months in the headings do not count."""
        shape: list[str] = []
        for column in self.columns:
            text = timeless(column.name)
            if text != "時期" or shape[-1:] != ["時期"]:
                shape.append(text)
        return hashlib.sha256("\n".join(shape).encode()).hexdigest()


def timeless(text: str) -> str:
    """A heading or label for comparing with that of another month's file: its years and months do not count."""
    return "時期" if is_time(text) else _CHANGING.sub("時期", plain(text))


@dataclass
class _Block:
    """A table while it is found."""

    header: list[Line]
    body: list[Line]
    preamble: list[Line]
    below: list[Line] = field(default_factory=list)

    @property
    def width(self) -> int:
        return max(len(line.filled) for line in self.header + self.body[:20])


def find_table(sheet: Sheet) -> Table | None:
    """The largest table of a sheet."""
    return max(find_tables(sheet), key=lambda table: len(table.rows) * len(table.columns), default=None)


def find_tables(sheet: Sheet) -> list[Table]:
    """All tables of a sheet, from above."""
    lines = lines_of(sheet)
    blocks = [part for block in _blocks(lines) or _words_only(lines) for part in _side_by_side(block)]
    tables = [_table(sheet, block) for block in blocks if block.width >= 2]
    # A block without a title of its own is under that of the sheet.
    return [table if table.preamble else replace(table, preamble=tables[0].preamble) for table in tables]


def _side_by_side(block: _Block) -> list[_Block]:
    starts = starts_of(block.header)
    parts = []
    for number in range(len(starts)):
        above, header = titles_and_headings(part_of(block.header, starts, number))
        preamble = part_of(block.preamble, starts, number, shared=True) + above
        parts.append(_Block(header, part_of(block.body, starts, number), preamble, block.below))
    return parts if parts and all(part.body for part in parts) else [block]


def _blocks(lines: list[Line]) -> list[_Block]:
    blocks: list[_Block] = []
    waiting: list[Line] = []  # lines of which it is not known yet to which table they belong
    for position, line in enumerate(lines):
        block = blocks[-1] if blocks else None
        if line.kind is not Kind.VALUES:
            waiting.append(line)
            continue
        blank = waiting[len(waiting) - first_rows(waiting) :]
        waiting = waiting[: len(waiting) - len(blank)]
        header = _header(waiting, lines[position : position + 5])
        if block is not None and not _starts_anew(block, header, waiting):
            block.body += [other for other in waiting if other.kind in (Kind.LINE, Kind.HEADING)]
            block.body += [*blank, line]
        else:
            above = [other for other in waiting if other not in header]
            if block is not None:
                block.below = _notes_between(above)
            blocks.append(_Block(header, [*blank, line], above))
        waiting = []
    if blocks:
        blocks[-1].below = waiting
        blocks[-1].body += _rows_of_words(blocks[-1], waiting)
    return blocks


def _notes_between(lines: list[Line]) -> list[Line]:
    """Of the lines between two tables those right below the first one, and notes (※): a title or 単位 is of the next."""
    below = list(itertools.takewhile(lambda line: line.kind is not Kind.BLANK, lines))
    ends = len(below) if len(below) < len(lines) else 0
    return [line for place, line in enumerate(lines) if place < ends or is_note(line.text)]


def _starts_anew(block: _Block, header: list[Line], waiting: list[Line]) -> bool:
    """Headings start a new table where something parts them from the last one, or where they are wider than it."""
    if not header:
        # Values without headings that do not stand below this table's own.
        return False
    parted = any(line.kind in (Kind.BLANK, Kind.LINE) for line in waiting if line.number < header[0].number)
    parted = parted or (bool(block.header) and names_months(block.header[-1]) and names_months(header[-1]))
    return parted or max(len(line.filled) for line in header) > block.width


def _header(waiting: list[Line], values: list[Line]) -> list[Line]:
    """The headings among the lines right above the first values: the last one, and those above that belong to it."""
    width = max(len(line.filled) for line in values if line.kind is Kind.VALUES)
    found: list[Line] = []
    for line in reversed([line for line in waiting if line.kind is not Kind.MARK]):
        if line.kind is Kind.BLANK and not found:
            continue
        if line.kind is not Kind.HEADING or len(found) == _MAX_HEADER_ROWS:
            break
        if _belongs(line, found, width):
            found.insert(0, line)
        else:
            break
        if plain(fold(line.cells[min(line.filled)])) == "#property":
            break
    return found


def _belongs(line: Line, below: list[Line], width: int) -> bool:
    if 2 * len(line.filled) >= width:
        return True
    if not below:
        return False
    # A row of groups above: it names columns that the row below leaves open, or is years over several of them.
    if len(below) == 1 and stands_over(line, below[0]):
        return True
    return len(below) == 1 and len(line.filled) >= 2 and bool(line.filled - below[0].filled) and not is_note(line.text)


def _rows_of_words(block: _Block, waiting: list[Line]) -> list[Line]:
    """Rows without any value right below a table are still its rows when they fill as many columns."""
    found: list[Line] = []
    for line in waiting:
        if line.kind is not Kind.HEADING or 2 * len(line.filled) < block.width or is_note(line.text):
            break
        found.append(line)
    block.below = waiting[len(found) :]
    return found


def _words_only(lines: list[Line]) -> list[_Block]:
    """A sheet without any number: the first rows that fill several columns, the uppermost as headings."""
    filled = [line for line in lines if line.kind is Kind.HEADING]
    if len(filled) < 2:
        return []
    first, last = filled[0].number, filled[-1].number
    return [
        _Block(
            filled[:1],
            filled[1:],
            [line for line in lines if line.number < first],
            [line for line in lines if line.number > last],
        )
    ]


def _table(sheet: Sheet, block: _Block) -> Table:
    body = block.body
    columns = with_facts(sheet, _columns(block.header, body), [line.number for line in block.header])
    rows = tuple(with_row_facts(sheet, columns, [_row(line, columns) for line in body]))
    first = min(line.number for line in block.header + body)
    return Table(
        sheet=sheet.name,
        header_rows=tuple(line.number for line in block.header),
        first_row=body[0].number,
        last_row=body[-1].number,
        columns=columns,
        rows=rows,
        preamble=_texts(block.preamble),
        notes=_texts(block.below),
        merged=tuple(
            merged for merged in sheet.merged if first <= merged.last_row and merged.first_row <= body[-1].number
        ),
        is_hidden=sheet.is_hidden,
    )


def _texts(lines: Sequence[Line]) -> tuple[str, ...]:
    return tuple(line.text for line in lines if line.kind is not Kind.BLANK)


def _row(line: Line, columns: tuple[Column, ...]) -> Row:
    cells = tuple(_value(line.cells, column.index) for column in columns)
    words = [cell for cell in cells if isinstance(cell, str)]
    return Row(line.number, cells, any(is_total(word) for word in words[:3]))


def _value(cells: list[Cell], index: int) -> Cell:
    cell = cells[index] if index < len(cells) else None
    return (fold(cell) or None) if isinstance(cell, str) else cell


def _columns(header: list[Line], body: list[Line]) -> tuple[Column, ...]:
    used = sorted({position for line in header + body for position in line.filled})
    parts = {position: _parts(header, position) for position in used}
    names: dict[str, int] = {}
    columns = []
    for position in used:
        name = " ".join(dict.fromkeys(part for part in parts[position] if part)) or f"（{column_letters(position)}列）"
        names[name] = names.get(name, 0) + 1
        shown = name if names[name] == 1 else f"{name}（{names[name]}）"
        columns.append(Column(shown, position, parts[position]))
    return tuple(columns)


def _parts(header: list[Line], position: int) -> tuple[str, ...]:
    """The headings over a column, one for each row. A merged cell is its first one: it is carried right while the row
    below divides it."""
    found = []
    for row, line in enumerate(header):
        text = _heading(line, position)
        is_divided = any(position in below.filled for below in header[row + 1 :])
        if not text and is_divided:
            left = [other for other in line.filled if other < position]
            text = _heading(line, max(left)) if left else ""
        found.append(text)
    return tuple(found)


def _heading(line: Line, position: int) -> str:
    text = fold(line.cells[position]) if position in line.filled else ""
    return text.removeprefix("#") if len(text) > 1 else text
