"""Numbers of a CSV that were torn apart at their thousands: 1,234 without quotes is two cells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

from sheets.books import Cell
from sheets.cells import fold, plain
from sheets.corners import go_on
from sheets.tables import Row, Table

_HEAD = re.compile(r"[¥\\▲△+\-−]?[1-9][0-9]{0,2}")
_REST = re.compile(r"[0-9]{3}(?:\.[0-9]+)?")
#: A number that its writer did not part, or put into quotes.
_LARGE = re.compile(r"[¥\\\\▲△+\-−]?[0-9]{4,15}(?:\.[0-9]+)?|[¥\\\\▲△+\-−]?[0-9]{1,3}(?:,[0-9]{3}){1,4}(?:\.[0-9]+)?")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?:\.[0-9]{1,2})?")
_LONGEST = 30
#: One row alone tells nothing of how its file writes numbers.
_ROWS = 2
_DIGITS = 3
_TIMES = ("月", "年", "年度", "日", "no", "no.", "番号", "連番", "順位", "回", "期", "四半期")
_NOTES = ("備考", "摘要", "メモ", "注記", "コメント", "特記事項")
_NAMED = 5


@dataclass(frozen=True)
class PutTogether:
    """A table whose torn numbers are whole again, and the numbers of the rows that can be read in no way or in several.
    Rows that are either torn or as they should be are in it as they stand, with `doubtful` positions."""

    table: Table
    unclear: tuple[int, ...] = ()


def put_together(table: Table) -> PutTogether:
    """Joins what was torn where that is the only reading of the row: as many joints as it has cells too many. Without
    headings nobody knows how many are too many."""
    headed = [position for position, column in enumerate(table.columns) if any(column.parts)]
    width = max(headed, default=len(table.columns) - 1) + 1
    times = _times(table)
    seams = {row.number: _seams(row.cells, times) for row in table.rows}
    needed = {
        row.number: max(_length(row) - width, _certain(table, row, seams[row.number], width)) for row in table.rows
    }
    # Headings less than half as wide as the rows were taken for a title.
    is_torn = any(seams[number] and count > 0 for number, count in needed.items()) or (
        not headed and "　" in "".join(table.preamble[-1:])
    )
    is_open = is_torn or _may_be_torn(table, seams, width)
    rows: list[Row] = []
    unclear: list[int] = []
    for row in table.rows:
        found, count = seams[row.number], needed[row.number]
        if not found or (count <= 0 and not is_open):
            rows.append(row)
        elif headed and count > 0 and len(found) == count:
            rows.append(_joined(row, found))
        elif headed and count <= 0 and _length(row) <= width:
            # A last column that is empty may have been left out: then a row as wide as the headings is torn as well.
            rows.append(replace(row, doubtful=tuple(sorted({*found, *(seam + 1 for seam in found)}))))
        else:
            unclear.append(row.number)
            rows.append(row)
    if not unclear and not any(row.joined or row.doubtful for row in rows):
        return PutTogether(table)
    return PutTogether(_narrowed(replace(table, rows=tuple(rows)), width), tuple(unclear))


def joined_where_doubtful(table: Table) -> Table:
    """The table with every doubtful row put together, as somebody said; a row with more than one way to do it stays."""
    times = _times(table)
    rows = []
    for row in table.rows:
        seams = _seams(row.cells, times) if row.doubtful else []
        rows.append(replace(_joined(row, seams), joined=(), doubtful=()) if len(seams) == 1 else row)
    return replace(table, rows=tuple(rows))


def _may_be_torn(table: Table, seams: Mapping[int, Sequence[int]], width: int) -> bool:
    """No row is too wide, and still all of them may be torn: the last column is filled where, and only where, a number may
    go on in it. Whoever writes 1234 or "1,234" somewhere in the table writes no commas that tear numbers."""
    last = width - 1
    filled = [row for row in table.rows if not row.is_total and _length(row) > 1]
    if last < 1 or len(filled) < _ROWS or not any(last - 1 in seams[row.number] for row in filled):
        return False
    if any(_is_written_whole(cell) for row in filled for cell in row.cells if cell is not None):
        return False
    rests = [fold(row.cells[last]) for row in filled if last - 1 in seams[row.number]]
    if all("." in text for text in rests):  # 110.0 is a rate beside its number
        return False
    return all(row.cells[last] is None or last - 1 in seams[row.number] for row in filled)


def torn_said(unclear: Sequence[int]) -> str:
    """What is wrong with the rows that can be read in no way or in several, and what to do; "" for none."""
    rows = [f"{number}行目" for number in unclear]
    if not rows:
        return ""
    more = f"など{len(rows)}行" if len(rows) > _NAMED else ""
    return (
        f"{'、'.join(rows[:_NAMED])}{more}は、桁区切りの「,」のために、1つの数が2つ以上の欄に分かれています"
        "（「1,234」が「1」と「234」になります）。もとの数が1通りに決まりません。"
        '桁区切りをなくすか、数を引用符（"）で囲んで保存し直してください。'
    )


def _is_written_whole(cell: Cell) -> bool:
    """1234 or "1,234"; 2025 may be a year."""
    text = plain(fold(cell))
    return len(text) <= _LONGEST and _LARGE.fullmatch(text) is not None and not _YEAR.fullmatch(text)


def _times(table: Table) -> set[int]:
    return {position for position in range(len(table.columns)) if _tells_time(table, position)}


def _tells_time(table: Table, position: int) -> bool:
    """Whether a column holds months, years or numbers of rows: 4 beside 120 is April, and no 4,120."""
    column = table.columns[position]
    return plain(column.name) in _TIMES or (position == 0 and go_on([row.cells[0] for row in table.rows[:24]]))


def _seams(cells: Sequence[Cell], times: Set[int]) -> list[int]:
    """The positions at which a number goes on in the next cell."""
    found: list[int] = []
    for position in range(len(cells) - 1):
        next_one = cells[position + 1]
        if not isinstance(next_one, str) or len(next_one) < _DIGITS or position in times:
            continue
        text, after = fold(cells[position]), fold(next_one)
        goes_on = bool(found) and found[-1] == position - 1 and "." not in text
        if after[:_DIGITS].isdigit() and (goes_on or _HEAD.fullmatch(text)) and _REST.fullmatch(after):
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
