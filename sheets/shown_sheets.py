"""The sheet that a person sees who opens a file: its first one that is shown, without hidden rows, numbers as they look.

For lists with a thing a row. What is left out is said in sentences, for whoever looks the file through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sheets.books import SAVE_COMPUTED, UNCOMPUTED, Book, Cell, FileRefused, Sheet
from sheets.cells import is_filled, place
from sheets.shown_numbers import digits_of

Value = TypeVar("Value")
_LISTED = 20


@dataclass(frozen=True)
class ShownSheet:
    """The rows of a sheet; a row that is hidden is empty, so that row numbers are the file's."""

    sheet: Sheet
    rows: list[list[Cell]]
    left_out: tuple[str, ...]


def shown_sheets(book: Book) -> list[Sheet]:
    """Those with values that are not hidden. Raises FileRefused where all are."""
    found = [sheet for sheet in book.sheets if sheet.rows and not sheet.is_hidden]
    if not found:
        more = f"など{len(book.sheets)}枚" if len(book.sheets) > 5 else ""
        names = "、".join(f"「{sheet.name}」" for sheet in book.sheets[:5]) + more
        raise FileRefused(
            f"値の入ったシート（{names}）が表示されていません。取り込むシートを表示して保存し直してください。"
        )
    return found


def first_shown(book: Book) -> ShownSheet:
    """The first sheet that is shown, with what of the file is not read."""
    sheet = shown_sheets(book)[0]
    return ShownSheet(sheet, _rows(sheet), what_is_left_out(book, sheet))


def filled_down(sheet: Sheet, rows: list[list[Value]], fits: Callable[[Value], bool], nothing: Value) -> None:
    """Puts the value of merged cells into each of their rows that says anything besides."""
    for merged in sheet.merged:
        if merged.last_row == merged.first_row or merged.first_row > len(rows):
            continue
        column, source = merged.first_column, rows[merged.first_row - 1]
        if column >= len(source) or not fits(source[column]):
            continue
        for row in rows[merged.first_row : merged.last_row]:
            if any(cell != nothing for cell in row):
                row += [nothing] * (column + 1 - len(row))
                row[column] = source[column]


def without_hidden(sheet: Sheet, rows: list[list[Value]]) -> None:
    """Empties the rows that the file does not show."""
    for number in sheet.hidden_rows:
        if number <= len(rows):
            rows[number - 1] = []


def what_is_left_out(book: Book, sheet: Sheet) -> tuple[str, ...]:
    """Sentences on hidden rows of the sheet that is read, and on the other sheets."""
    others = [each for each in book.sheets if each is not sheet and each.rows]
    return (*_of_rows(sheet), *map(_of_sheet, others))


def _rows(sheet: Sheet) -> list[list[Cell]]:
    for number, row in enumerate(sheet.rows, start=1):
        if UNCOMPUTED in row:
            raise FileRefused(f"{place(sheet.name, number, row.index(UNCOMPUTED))}の{SAVE_COMPUTED}")
    rows: list[list[Cell]] = [
        [_as_it_looks(cell, sheet.formats.get((number, position), "")) for position, cell in enumerate(row)]
        for number, row in enumerate(sheet.rows, start=1)
    ]
    filled_down(sheet, rows, lambda cell: cell is not None, None)
    without_hidden(sheet, rows)
    return rows


def _as_it_looks(cell: Cell, code: str) -> Cell:
    """001234 where a format shows the number so."""
    if not code or cell is None or isinstance(cell, str | bool | date):
        return cell
    return digits_of(code, cell) or cell


def _of_rows(sheet: Sheet) -> Iterable[str]:
    hidden = sorted(
        number
        for number in sheet.hidden_rows
        if number <= len(sheet.rows) and any(map(is_filled, sheet.rows[number - 1]))
    )
    if hidden:
        shown = "、".join(f"{number}行目" for number in hidden[:_LISTED])
        more = f"など{len(hidden)}行" if len(hidden) > _LISTED else ""
        yield f"表示されていない行（{shown}{more}）は読みません。取り込むときは、行を表示して保存し直してください。"


def _of_sheet(sheet: Sheet) -> str:
    count = sum(1 for row in sheet.rows if any(map(is_filled, row)))
    hidden = "表示されていない" if sheet.is_hidden else ""
    return f"{hidden}シート「{sheet.name}」（値のある行{count:,}行）は読みません。"
