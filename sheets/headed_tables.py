"""A table for the back office: headings in the first row of the only sheet that is shown, a thing a row below. Nothing is searched for.

It comes through the same door as every other file (sheets.opening), and gives cells as somebody would have typed them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from japan.units import fold_width, split_unit
from sheets.books import SAVE_COMPUTED, UNCOMPUTED, Book, Cell, FileRefused, Sheet
from sheets.cells import place
from sheets.limits import MEGABYTE
from sheets.opening import open_book
from sheets.rows import is_number
from sheets.shown_numbers import digits_of, shown_by
from sheets.shown_sheets import filled_down, shown_sheets, what_is_left_out, without_hidden

Typed = str | date

MAX_BYTES = 10 * MEGABYTE
MAX_ROWS = 5000
MAX_COLUMNS = 100


@dataclass(frozen=True)
class HeadedTable:
    """The headings and the rows below them, each as long. Blank lines stay, so that row numbers are the file's."""

    columns: list[str]
    rows: list[list[Typed]]
    #: What of the file is not read, in sentences.
    left_out: tuple[str, ...] = ()


def read_headed_table(data: bytes, name: str = "") -> HeadedTable:
    """Raises FileRefused for what sheets refuses, for more than one sheet, and for unclear columns."""
    if len(data) > MAX_BYTES:
        raise FileRefused(f"ファイルが大きすぎます（{MAX_BYTES // MEGABYTE}MBまで）。分けて取り込んでください。")
    book = open_book(data, name)
    sheet = _only_sheet(book)
    rows = [
        [
            _typed(cell, sheet.formats.get((number, position), ""), place(sheet.name, number, position))
            for position, cell in enumerate(row)
        ]
        for number, row in enumerate(sheet.rows, start=1)
    ]
    filled_down(sheet, rows, _may_be_of_many, "")
    without_hidden(sheet, rows)
    columns = _columns(rows[0])
    return HeadedTable(columns, _body(rows[1:], len(columns)), what_is_left_out(book, sheet))


def _only_sheet(book: Book) -> Sheet:
    filled = shown_sheets(book)
    if len(filled) > 1:
        names = "、".join(f"「{sheet.name}」" for sheet in filled[:5]) + ("など" if len(filled) > 5 else "")
        raise FileRefused(
            f"値の入ったシートが{len(filled)}枚あります（{names}）。取り込むシートだけのファイルにしてください。"
        )
    return filled[0]


def _typed(cell: Cell, code: str, where: str) -> Typed:
    """A cell as somebody would have typed it: 0.5 that is shown as 50% is 50%, 5 shown as 5千円 is 5千円; days stay days."""
    match cell:
        case None:
            return ""
        case bool():
            return "1" if cell else ""
        case Decimal():
            return _number(cell, code, where)
        case _ if cell == UNCOMPUTED:
            raise FileRefused(f"{where}の{SAVE_COMPUTED}")
        case _:
            return cell


def _may_be_of_many(cell: Typed) -> bool:
    """A merged text or day is that of each of its rows; a merged number counts once."""
    return not isinstance(cell, str) or (bool(cell) and not is_number(cell))


def _number(cell: Decimal, code: str, where: str) -> str:
    shown = shown_by(code, cell)
    if shown.percents == 1:
        return f"{_plain(cell * 100)}%"
    if shown.hides_sign:
        raise FileRefused(
            f"{where}は、セルに入っている数（{_plain(cell)}）が、符号なしで{_plain(-cell)}と表示されています。"
            "どちらの数か分かるように、表示形式を「標準」に直してください。"
        )
    if digits := digits_of(code, cell):
        return digits
    if split_unit(fold_width(shown.words), "")[1]:
        return f"{_plain(shown.number(cell))}{shown.words}"
    if shown.thousands and cell:
        raise FileRefused(
            f"{where}は、セルに入っている数（{_plain(cell)}）と、表示されている数（千などの単位で割ったもの）が違います。"
            "どちらの数か分かるように、表示形式を「標準」に直してください。"
        )
    return _plain(cell)


def _plain(number: Decimal) -> str:
    return f"{number:.0f}" if number == number.to_integral_value() else f"{number.normalize():f}"


def _columns(first: list[Typed]) -> list[str]:
    columns = [str(cell).strip() for cell in first]
    while columns and not columns[-1]:
        columns.pop()
    if not columns:
        raise FileRefused("1行目に見出しがありません。1行目を見出しの行にしてください。")
    if len(columns) > MAX_COLUMNS:
        raise FileRefused(f"列が多すぎます（{MAX_COLUMNS}列まで）。")
    if "" in columns:
        raise FileRefused(f"{columns.index('') + 1}列目の見出しが空です。見出しを入れるか、列を削除してください。")
    if twice := next((name for name in columns if columns.count(name) > 1), None):
        raise FileRefused(f"「{twice}」という見出しが2つあります。どちらか一方にしてください。")
    return columns


def _body(rows: list[list[Typed]], width: int) -> list[list[Typed]]:
    body: list[list[Typed]] = []
    filled = 0
    for number, row in enumerate(rows, start=2):
        if any(_is_filled(cell) for cell in row[width:]):
            raise FileRefused(f"{number}行目に、見出しのない列の値があります。列のずれを確かめてください。")
        body.append((row + [""] * width)[:width])
        if any(_is_filled(cell) for cell in row):
            filled = len(body)
        if filled > MAX_ROWS:
            raise FileRefused(f"行が多すぎます（{MAX_ROWS:,}行まで）。分けて取り込んでください。")
    if not filled:
        raise FileRefused("見出しの下に行がありません。")
    return body[:filled]


def _is_filled(cell: Typed) -> bool:
    return not isinstance(cell, str) or bool(cell.strip())
