"""One sheet of an XLSX while it goes by: rows, cells, what is merged and hidden."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from sheets.books import UNCOMPUTED, Cell, FileRefused, Merged, Sheet
from sheets.cells import Gathering, place
from sheets.limits import MAX_COLUMN_SETS, MAX_COLUMNS, MAX_MERGED, MAX_ROWS
from sheets.number_formats import Formats, shows_days, shows_elapsed
from sheets.xml_events import BROKEN, End, Start

#: Transitional (what Excel writes) and strict.
_NAMESPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
#: Excel's own last row and column: a cell beyond them was not written by it.
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_MAX_DIGITS = 400
_DIGITS = "0123456789"
_YES = ("1", "true")
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
#: _x000D_ in a text stands for the letter with this number.
_CODED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BEYOND = f"列か行が多すぎます（{MAX_COLUMNS:,}列まで）。要らない列を削除して保存し直してください。"
Handler = TypeVar("Handler")


def tags(**handlers: Handler) -> dict[str, Handler]:
    """Handlers by their tags, in both namespaces of spreadsheets."""
    return {f"{space}}}{name}": handler for space in _NAMESPACES for name, handler in handlers.items()}


def decoded(text: str) -> str:
    return _CODED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


@dataclass(frozen=True)
class Styles:
    """The code of the number format of each style of cells by its number, "" for General."""

    formats: list[str]
    starts_in_1904: bool = False

    def day(self, serial: float, code: str) -> datetime | str:
        """What a number means where it is shown as a day: a day, or the text of a time or a length of time."""
        try:
            if shows_elapsed(code):
                return str(timedelta(days=serial))
            # Excel counts a 29 February 1900 that never was.
            first = datetime(1904, 1, 1) if self.starts_in_1904 else datetime(1899, 12, 30)
            early = not self.starts_in_1904 and 1 <= serial < 60
            moment = first + timedelta(days=serial + early, microseconds=500)
        except (OverflowError, ValueError):
            return "#VALUE!"
        if serial < 0:
            return "#VALUE!"
        return moment.time().isoformat("seconds") if serial < 1 else moment


class SheetReader:
    """Takes the events of a sheet. `texts` are those that cells name by number."""

    def __init__(self, name: str, texts: list[str], styles: Styles, gathering: Gathering) -> None:
        self.has_uncounted_formulas = False
        self._name, self._texts, self._styles, self._gathering = name, texts, styles, gathering
        self._rows: dict[int, list[Cell]] = {}
        self._formats = Formats()
        self._merged: list[Merged] = []
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._column_sets = 0
        self._number = self._position = 0
        self._cells: dict[int, Any] = {}
        self._codes: list[tuple[int, str]] = []
        self._cell: dict[str, str] = {}
        self._pieces: list[str] = []
        self._taken = self._aside = self._has_formula = False
        self.starts: dict[str, Start] = tags(
            row=self._row, c=self._cell_starts, v=self._text, t=self._text_within, f=self._formula, rPh=self._reading,
            mergeCell=self._merge, col=self._column_set,
        )  # fmt: skip
        self.ends: dict[str, End] = tags(
            row=self._row_ends, c=self._cell_ends, v=self._text_ends, t=self._text_ends, rPh=self._reading_ends
        )

    def data(self, letters: str) -> None:
        if self._taken:
            self._pieces.append(letters)

    def sheet(self, *, is_hidden: bool) -> Sheet:
        last = max((number for number, row in self._rows.items() if row), default=0)
        rows = [self._rows.get(number, []) for number in range(1, last + 1)]
        return Sheet(
            self._name,
            rows,
            self._formats,
            tuple(self._merged),
            frozenset(number for number in self._hidden_rows if number <= last),
            frozenset(self._hidden_columns),
            is_hidden,
        )

    # --- rows ---
    def _row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r")
        self._number = self._number + 1 if number is None else _row_number(number)
        if self._number > _LAST_ROW:
            raise FileRefused(_BEYOND)
        if self._number in self._rows:
            raise FileRefused(BROKEN)
        if attributes.get("hidden") in _YES and self._number <= MAX_ROWS:
            self._hidden_rows.add(self._number)
        self._cells, self._codes, self._position = {}, [], -1

    def _row_ends(self) -> None:
        if not self._cells:
            return
        values = [None] * (max(self._cells) + 1)
        for position, value in self._cells.items():
            values[position] = value
        self._rows[self._number] = self._gathering.row(self._name, self._number, values)
        for position, code in self._codes:
            self._formats.add(self._number, position, code)

    # --- cells ---
    def _cell_starts(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        self._position = self._position + 1 if reference is None else _column(reference.rstrip(_DIGITS))
        if self._position >= _LAST_COLUMN:
            raise FileRefused(_BEYOND)
        self._cell = attributes
        self._pieces.clear()
        self._has_formula = False

    def _text(self, attributes: dict[str, str]) -> None:
        self._taken = True

    def _text_within(self, attributes: dict[str, str]) -> None:
        self._taken = not self._aside

    def _text_ends(self) -> None:
        self._taken = False

    def _reading(self, attributes: dict[str, str]) -> None:
        self._aside = True

    def _reading_ends(self) -> None:
        self._aside = False

    def _formula(self, attributes: dict[str, str]) -> None:
        self._has_formula = True

    def _cell_ends(self) -> None:
        text = "".join(self._pieces)
        kind = self._cell.get("t", "n")
        # A formula may come to an empty text; one without a result was written by a program that does not calculate.
        if not text and self._has_formula and kind != "str":
            self.has_uncounted_formulas = True
            text, kind = UNCOMPUTED, "e"
        if not text:
            return
        if self._position >= MAX_COLUMNS:
            raise FileRefused(
                f"{place(self._name, self._number)}の列が多すぎます（{MAX_COLUMNS:,}列まで）。"
                "要らない列を削除して保存し直してください。"
            )
        if self._position in self._cells:
            raise FileRefused(BROKEN)
        code = self._code()
        self._cells[self._position] = self._value(kind, text, code)
        if code:
            self._codes.append((self._position, code))

    def _code(self) -> str:
        style = self._cell.get("s")
        if style is None:
            return ""
        try:
            return self._styles.formats[int(style)]
        except (ValueError, IndexError):
            return ""

    def _value(self, kind: str, text: str, code: str) -> Any:
        try:
            match kind:
                case "s":
                    return self._texts[_whole(text)]
                case "str" | "inlineStr":
                    return decoded(text)
                case "b":
                    return text.strip() in _YES
                case "e":
                    return text
                case "d":
                    return date.fromisoformat(text.strip()[:10])
                case _:
                    return self._number_or_day(text, code)
        except (ValueError, IndexError) as error:
            raise FileRefused(BROKEN) from error

    def _number_or_day(self, text: str, code: str) -> int | float | datetime | str:
        if len(text) > _MAX_DIGITS:
            raise ValueError(text[:20])
        if code and shows_days(code):
            return self._styles.day(float(text), code)
        return int(text) if text.isdigit() else float(text)

    # --- around the cells ---
    def _merge(self, attributes: dict[str, str]) -> None:
        if len(self._merged) >= MAX_MERGED:
            raise FileRefused(
                f"結合されたセルが多すぎます（{MAX_MERGED:,}か所まで）。結合を解除して保存し直してください。"
            )
        first, _, last = attributes.get("ref", "").partition(":")
        corners = [match for corner in (first, last or first) if (match := _REFERENCE.fullmatch(corner))]
        if len(corners) == 2:
            (left, top), (right, bottom) = (corner.groups() for corner in corners)
            self._merged.append(Merged(int(top), _column(left), int(bottom), _column(right)))

    def _column_set(self, attributes: dict[str, str]) -> None:
        self._column_sets += 1
        if self._column_sets > MAX_COLUMN_SETS:
            raise FileRefused(_BEYOND)
        if attributes.get("hidden") in _YES:
            try:
                first, last = int(attributes["min"]), int(attributes["max"])
            except (KeyError, ValueError) as error:
                raise FileRefused(BROKEN) from error
            self._hidden_columns.update(range(max(first, 1) - 1, min(last, MAX_COLUMNS)))


def _row_number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise FileRefused(BROKEN)
    return int(text) if 0 < len(text) <= 7 else _LAST_ROW + 1


def _whole(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


@lru_cache(maxsize=20_000)
def _column(letters: str) -> int:
    """0 for A, 27 for AB. Raises FileRefused for what is no column."""
    position = 0
    if not (letters.isascii() and letters.isalpha() and letters.isupper()):
        raise FileRefused(BROKEN)
    for letter in letters[:4]:
        position = position * 26 + ord(letter) - 64
    return position - 1


def whole_or_zero(text: str | None) -> int:
    """A number of a style; 0, General, for what is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 8 else 0
