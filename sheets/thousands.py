"""Numbers of a CSV that were torn apart at their thousands: 1,234 without quotes is two cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sheets.books import Cell
from sheets.cells import fold, plain
from sheets.tables import Row, Table

_HEAD = re.compile(r"[¥\\▲△+\-−]?[1-9][0-9]{0,2}")
_REST = re.compile(r"[0-9]{3}(?:\.[0-9]+)?")
_NOTES = ("備考", "摘要", "メモ", "注記", "コメント", "特記事項")
_NAMED = 5


@dataclass(frozen=True)
class PutTogether:
    """A table whose torn numbers are whole again, and the numbers of the rows that can be read in no way or in several."""

    table: Table
    unclear: tuple[int, ...] = ()


def put_together(table: Table) -> PutTogether:
    """Joins what was torn where that is the only reading of the row: as many joints as it has cells too many. Without
    headings nobody knows how many are too many."""
    headed = [position for position, column in enumerate(table.columns) if any(column.parts)]
    width = max(headed, default=len(table.columns) - 1) + 1
    seams = {row.number: _seams(row.cells) for row in table.rows}
    # Headings less than half as wide as the rows were taken for a title.
    is_torn = any(seams[row.number] and _length(row) > width for row in table.rows) or (
        not headed and "　" in "".join(table.preamble[-1:])
    )
    rows: list[Row] = []
    unclear: list[int] = []
    for row in table.rows:
        found = seams[row.number]
        needed = max(_length(row) - width, _certain(table, row, found, width))
        if not found or (needed <= 0 and not is_torn):
            rows.append(row)
        elif headed and len(found) == needed:
            rows.append(_joined(row, found))
        else:  # a last column that is empty may have been left out: then a row as wide as the headings is torn as well
            unclear.append(row.number)
            rows.append(row)
    if not unclear and not any(row.joined for row in rows):
        return PutTogether(table)
    return PutTogether(_narrowed(replace(table, rows=tuple(rows)), width), tuple(unclear))


def torn_said(tables: Sequence[PutTogether]) -> str:
    """What is wrong, with the rows, and what to do; "" where every row has one reading."""
    rows = [f"{number}行目" for table in tables for number in table.unclear]
    if not rows:
        return ""
    more = f"など{len(rows)}行" if len(rows) > _NAMED else ""
    return (
        f"{'、'.join(rows[:_NAMED])}{more}は、桁区切りの「,」のために、1つの数が2つ以上の欄に分かれています"
        "（「1,234」が「1」と「234」になります）。もとの数が1通りに決まりません。"
        '桁区切りをなくすか、数を引用符（"）で囲んで保存し直してください。'
    )


def _seams(cells: Sequence[Cell]) -> list[int]:
    """The positions at which a number goes on in the next cell."""
    found: list[int] = []
    for position in range(len(cells) - 1):
        text, after = fold(cells[position]), fold(cells[position + 1])
        goes_on = bool(found) and found[-1] == position - 1 and "." not in text
        if (_HEAD.fullmatch(text) or goes_on) and _REST.fullmatch(after):
            found.append(position)
    return found


def _certain(table: Table, row: Row, seams: Sequence[int], width: int) -> int:
    """How many joints show by themselves in a row no wider than the headings: 012 is no number, 234 is no note."""
    if _length(row) > width:
        return 0
    return sum(
        fold(row.cells[seam + 1]).startswith("0")
        or (seam + 2 == width and plain(table.columns[seam + 1].name) in _NOTES)
        for seam in seams
    )


def _length(row: Row) -> int:
    return max((position for position, cell in enumerate(row.cells) if cell is not None), default=-1) + 1


def _joined(row: Row, seams: Sequence[int]) -> Row:
    cells: list[Cell] = []
    joined: list[int] = []
    at = set(seams)
    for position, cell in enumerate(row.cells):
        if position - 1 in at:
            cells[-1] = f"{fold(cells[-1])},{fold(cell)}"
            joined.append(len(cells) - 1)
        else:
            cells.append(cell)
    cells += [None] * (len(row.cells) - len(cells))
    return replace(row, cells=tuple(cells), joined=tuple(dict.fromkeys(joined)))


def _narrowed(table: Table, width: int) -> Table:
    """Without the columns behind the headings that hold nothing any more."""
    end = max(width, *(_length(row) for row in table.rows))
    return replace(
        table,
        columns=table.columns[:end],
        rows=tuple(replace(row, cells=row.cells[:end], formats=row.formats[:end]) for row in table.rows),
    )
