"""Styles of an ODS: what its data styles show, written as the codes of number formats that Excel uses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sheets.books import FileRefused
from sheets.limits import MAX_STYLES
from sheets.xml_events import End, Start

NAMES = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0}}"
_STYLE, _TABLE = NAMES.format("style"), NAMES.format("table")
_NUMBER = NAMES.format("datastyle")
_KINDS = (
    "number-style",
    "percentage-style",
    "currency-style",
    "date-style",
    "time-style",
    "text-style",
    "boolean-style",
)
#: Parts of a day: short and long.
_PARTS = {
    "era": ("g", "ggg"),
    "year": ("yy", "yyyy"),
    "month": ("m", "mm"),
    "day": ("d", "dd"),
    "day-of-week": ("ddd", "dddd"),
    "hours": ("h", "hh"),
    "minutes": ("m", "mm"),
    "seconds": ("s", "ss"),
}
_MAX_ZEROS = 20
_MAX_CODE = 255
_TOO_MANY = f"セルの書式が多すぎます（{MAX_STYLES:,}種類まで）。値だけを新しい表に貼り付けて保存し直してください。"


@dataclass
class Styles:
    """Takes the events of styles, from styles.xml and the head of content.xml."""

    #: The code of each data style, the data style of each style of cells, styles of cells that go back to another,
    #: and the styles of sheets that are not displayed.
    _codes: dict[str, str] = field(default_factory=dict)
    _used: dict[str, str] = field(default_factory=dict)
    _parents: dict[str, str] = field(default_factory=dict)
    hidden_sheets: set[str] = field(default_factory=set)
    _name: str = ""
    _pieces: list[str] = field(default_factory=list)
    _is_text = False
    _table_style = ""

    @property
    def starts(self) -> dict[str, Start]:
        found: dict[str, Start] = {f"{_NUMBER}{kind}": self._open for kind in _KINDS}
        found |= {f"{_NUMBER}{part}": self._part(short, long) for part, (short, long) in _PARTS.items()}
        return found | {
            f"{_NUMBER}number": self._number,
            f"{_NUMBER}scientific-number": lambda attributes: self._pieces.append("0.00E+00"),
            f"{_NUMBER}am-pm": lambda attributes: self._pieces.append("AM/PM"),
            f"{_NUMBER}text-content": lambda attributes: self._pieces.append("@"),
            f"{_NUMBER}text": self._words,
            f"{_NUMBER}currency-symbol": self._words,
            f"{_STYLE}style": self._style,
            f"{_STYLE}table-properties": self._table_properties,
        }

    @property
    def ends(self) -> dict[str, End]:
        found: dict[str, End] = {f"{_NUMBER}{kind}": self._close for kind in _KINDS}
        return found | {f"{_NUMBER}text": self._words_end, f"{_NUMBER}currency-symbol": self._words_end}

    def data(self, letters: str) -> None:
        if self._is_text and len(self._pieces) < _MAX_CODE:
            self._pieces.append(letters if letters in ("%", ".", "/", "-", ":", " ", ",") else _quoted(letters))

    def code(self, style: str) -> str:
        """The code of a style of cells; "" where it shows a value as it is."""
        for _ in range(10):
            if style in self._used:
                return self._codes.get(self._used[style], "")
            if style not in self._parents:
                break
            style = self._parents[style]
        return ""

    def _open(self, attributes: dict[str, str]) -> None:
        self._name, self._pieces = attributes.get(f"{_STYLE}name", ""), []

    def _close(self) -> None:
        code = "".join(self._pieces)[:_MAX_CODE]
        self._codes[self._name] = "" if code == "General" else code
        self._check(self._codes)

    def _part(self, short: str, long: str) -> Callable[[dict[str, str]], None]:
        def take(attributes: dict[str, str]) -> None:
            is_long = attributes.get(f"{_NUMBER}style") == "long"
            era_year = short == "yy" and attributes.get(f"{_NUMBER}calendar") == "gengou"
            self._pieces.append("e" if era_year else long if is_long else short)

        return take

    def _number(self, attributes: dict[str, str]) -> None:
        places = attributes.get(f"{_NUMBER}decimal-places")
        if places is None and attributes.get(f"{_NUMBER}grouping") != "true" and not self._pieces:
            factor = attributes.get(f"{_NUMBER}display-factor")
            if factor in (None, "1"):
                self._pieces.append("General")
                return
        grouped = attributes.get(f"{_NUMBER}grouping") == "true"
        zeros = int(places) if places and places.isascii() and places.isdigit() and len(places) < 3 else 0
        decimals = f".{'0' * min(zeros, _MAX_ZEROS)}" if zeros else ""
        commas = {"1000": ",", "1000000": ",,"}.get(attributes.get(f"{_NUMBER}display-factor", ""), "")
        self._pieces.append(("#,##0" if grouped else "0") + decimals + commas)

    def _words(self, attributes: dict[str, str]) -> None:
        self._is_text = True

    def _words_end(self) -> None:
        self._is_text = False

    def _style(self, attributes: dict[str, str]) -> None:
        name = attributes.get(f"{_STYLE}name", "")
        family = attributes.get(f"{_STYLE}family")
        self._table_style = name if family == "table" else ""
        if family == "table-cell":
            if data := attributes.get(f"{_STYLE}data-style-name"):
                self._used[name] = data
            elif parent := attributes.get(f"{_STYLE}parent-style-name"):
                self._parents[name] = parent
            self._check(self._used, self._parents)

    def _table_properties(self, attributes: dict[str, str]) -> None:
        if self._table_style and attributes.get(f"{_TABLE}display") == "false":
            self.hidden_sheets.add(self._table_style)
            self._check(self.hidden_sheets)

    @staticmethod
    def _check(*kept: dict[str, str] | set[str]) -> None:
        if any(len(each) > MAX_STYLES for each in kept):
            raise FileRefused(_TOO_MANY)


def _quoted(letters: str) -> str:
    return '"' + letters.replace('"', "") + '"'
