"""Values of cells, alike for every kind of file, and texts as people meant them."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache, wraps
from typing import Any, TypeVar, TypeVarTuple

from sheets.books import Cell, FileRefused
from sheets.limits import MAX_CELLS, MAX_COLUMNS, MAX_LETTERS, MAX_ROWS, MAX_TEXT

#: Vertical tabs and their like come out of old databases; they are spaces to whoever reads the sheet.
_CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_SPACES = re.compile(r"[\s\u3000\u200b\ufeff]+")
_MAX_DIGITS = 400
#: A long table says the same few months and names in every row: so many short texts are remembered.
_REMEMBERED = 4_096
_SHORT = 100

Texts = TypeVarTuple("Texts")
Result = TypeVar("Result")


def remembered(function: Callable[[*Texts], Result]) -> Callable[[*Texts], Result]:
    """Remembers what a function made of short texts. Long ones are not kept: thousands of them would fill the memory."""
    kept = lru_cache(maxsize=_REMEMBERED)(function)

    @wraps(function)
    def of_one(text: str) -> Result:  # of most there is one: it is asked a million times for a long table
        return kept(text) if len(text) <= _SHORT else function(text)  # type: ignore[arg-type]

    if function.__code__.co_argcount == 1:
        return of_one  # type: ignore[return-value]

    @wraps(function)
    def of_text(*texts: *Texts) -> Result:
        for text in texts:
            if len(text) > _SHORT:  # type: ignore[arg-type]  # they are texts
                return function(*texts)
        return kept(*texts)

    return of_text


class Gathering:
    """Counts what a book holds while it is read, and refuses it at the limit instead of after it."""

    def __init__(self) -> None:
        self.cells = 0
        self.letters = 0

    def row(self, sheet: str, number: int, values: list[Any]) -> list[Cell]:
        """The cells of a row without the empty ones behind the last. Raises FileRefused beyond a limit."""
        cells = [self._cell(sheet, number, position, value) for position, value in enumerate(values[:MAX_COLUMNS])]
        if any(value not in (None, "") for value in values[MAX_COLUMNS:]):
            raise FileRefused(
                f"{place(sheet, number)}の列が多すぎます（{MAX_COLUMNS:,}列まで）。要らない列を削除して保存し直してください。"
            )
        while cells and cells[-1] is None:
            cells.pop()
        if cells and number > MAX_ROWS:
            raise FileRefused(
                f"行が多すぎます（{MAX_ROWS:,}行まで。{place(sheet, number)}に値があります）。"
                "離れた所に残った値を削除するか、ファイルを分けてください。"
            )
        self.cells += len(cells)
        if self.cells > MAX_CELLS:
            raise FileRefused(f"値の入ったセルが多すぎます（{MAX_CELLS:,}個まで）。ファイルを分けてください。")
        return cells

    def _cell(self, sheet: str, number: int, position: int, value: Any) -> Cell:
        match value:
            case None | "":
                return None
            case str():
                return self._text(sheet, number, position, value)
            case bool() | Decimal():
                return value
            case datetime():
                return value.date()
            case date():
                return value
            case int() | float():
                return number_of(value)
            case _:
                return str(value)

    def _text(self, sheet: str, number: int, position: int, value: str) -> str:
        self.letters += len(value)
        if self.letters > MAX_TEXT:
            raise FileRefused(
                f"ファイル全体の文字が多すぎます（合わせて{MAX_TEXT:,}文字まで。{place(sheet, number, position)}で超えました）。"
                "期間を分けるか、説明などの要らない列を削除して保存し直してください。"
            )
        if len(value) > MAX_LETTERS:
            raise FileRefused(
                f"{place(sheet, number, position)}の文字が多すぎます（1つのセルに{MAX_LETTERS:,}文字まで）。"
                "説明は短くするか、別のファイルにしてください。"
            )
        if _UNSTORABLE.search(value):
            raise FileRefused(
                f"{place(sheet, number, position)}に、文字として扱えないデータがあります。開いて確かめ、保存し直してください。"
            )
        return _CONTROL.sub(" ", value)


def number_of(value: int | float) -> Cell:
    """The number as stored: 23.5 is 23.5, and 216.0 is 216. What is no number is the text Excel shows."""
    if isinstance(value, float):
        if not math.isfinite(value):
            return "#NUM!"
        if value.is_integer() and abs(value) < 1e16:
            return Decimal(int(value))
        return Decimal(repr(value))
    return Decimal(value)


def decimal_of(text: str) -> Decimal | None:
    """A number as XML files write it, or None."""
    if len(text) > _MAX_DIGITS:
        return None
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return None
    if not value.is_finite() or abs(value.adjusted()) > _MAX_DIGITS:
        return None
    return value.quantize(Decimal(1)) if value == value.to_integral_value() and abs(value) < 10**16 else value


def column_letters(position: int) -> str:
    """A for 0, AB for 27."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def place(sheet: str, number: int, position: int | None = None) -> str:
    """Where something stands, as a clerk looks for it: シート「4月」の12行目C列."""
    column = "" if position is None else f"{column_letters(position)}列"
    return f"{f'シート「{sheet[:31]}」の' if sheet else ''}{number}行目{column}"


def fold(cell: Cell) -> str:
    """The text of a cell as one line: breaks and padding gone (合　計 is 合計, 三   宮 is 三宮), other gaps one space."""
    if isinstance(cell, str):
        return cell if cell.isalnum() else _fold_text(cell)
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, date) else f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


@remembered
def _fold_text(text: str) -> str:
    words = [word for word in _SPACES.split(text) if word]
    if all(len(word) == 1 and not word.isascii() for word in words):
        return "".join(words)
    return " ".join(words)


@remembered
def plain(text: str) -> str:
    """A text for comparing: one width, no spaces, small letters."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", text)).casefold()


def is_filled(cell: Cell) -> bool:
    """Whether anything can be seen in a cell."""
    return bool(cell.isalnum() or _fold_text(cell)) if isinstance(cell, str) else cell is not None
