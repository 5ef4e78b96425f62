"""Reads ODS: its one XML file goes by as events, so that no tree of it is ever in memory."""

from __future__ import annotations

from datetime import date
from typing import Any

from sheets.books import Book, Cell, FileRefused, Sheet
from sheets.cells import Gathering, decimal_of
from sheets.limits import MAX_COLUMNS, MAX_LETTERS, MAX_ROWS, MAX_SHEETS
from sheets.packages import Package
from sheets.xlsx import MACROS, TOO_MANY_SHEETS
from sheets.xml_events import BROKEN

_NAMES = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_OFFICE, _TABLE, _TEXT = _NAMES % "office", _NAMES % "table", _NAMES % "text"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_ROW, _SHEET, _PARAGRAPH = f"{_TABLE}table-row", f"{_TABLE}table", f"{_TEXT}p"
#: What stands in a cell without being its text.
_ASIDE = (f"{_OFFICE}annotation", f"{_TEXT}ruby-text", f"{_TEXT}note")


def read_ods(package: Package) -> Book:
    """Raises FileRefused for what is broken, protected or beyond the limits."""
    from defusedxml.ElementTree import DefusedXMLParser

    if b"encryption-data" in package.read("META-INF/manifest.xml", 1024 * 1024):
        raise FileRefused("パスワードで保護されています。開いてパスワードを外し、保存し直してください。")
    reader = _Reader()
    parser = DefusedXMLParser(target=reader, forbid_dtd=True)
    try:
        for chunk in package.chunks("content.xml"):
            parser.feed(chunk)
        parser.close()
    except FileRefused:
        raise
    except Exception as error:  # broken XML, forbidden entities: each parser has errors of its own
        raise FileRefused(BROKEN) from error
    warnings = (f"マクロが入っています。{MACROS}",) if package.has_macros else ()
    return Book("ods", "", tuple(reader.sheets), warnings)


class _Reader:
    """Takes the events of content.xml. Empty rows and cells that are repeated cost nothing until something follows."""

    def __init__(self) -> None:
        self.sheets: list[Sheet] = []
        self._gathering = Gathering()
        self._rows: list[list[Cell]] = []
        self._row: list[Any] = []
        self._empty_rows = self._empty_cells = self._aside = self._depth = 0
        self._cell: dict[str, str] | None = None
        self._text: list[str] = []
        self._letters = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._aside or tag in _ASIDE:
            self._aside += 1
        elif tag == _SHEET:
            self._start_sheet(attributes)
        elif tag == _ROW:
            self._row, self._empty_cells = [], 0
            self._repeat = _count(attributes, f"{_TABLE}number-rows-repeated")
        elif tag in _CELLS:
            self._cell, self._text, self._letters = dict(attributes), [], 0
        elif self._cell is not None:
            self._start_text(tag, attributes)

    def end(self, tag: str) -> None:
        if self._aside:
            self._aside -= 1
        elif tag in _CELLS:
            self._end_cell()
        elif tag == _ROW:
            self._end_row()
        elif tag == _SHEET:
            self._depth -= 1

    def data(self, text: str) -> None:
        if self._cell is not None and not self._aside:
            self._letters += len(text)
            if self._letters <= MAX_LETTERS + 1:
                self._text.append(text)

    def close(self) -> None:
        pass

    def _start_sheet(self, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > 1:
            raise FileRefused("表の中に表が入っています。1つの表にして保存し直してください。")
        if len(self.sheets) >= MAX_SHEETS:
            raise FileRefused(TOO_MANY_SHEETS)
        self._rows, self._empty_rows = [], 0
        self.sheets.append(Sheet(attributes.get(f"{_TABLE}name", "")[:200], self._rows))

    def _start_text(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == _PARAGRAPH and self._text:
            self.data("\n")
        elif tag == f"{_TEXT}s":
            self.data(" " * _count(attributes, f"{_TEXT}c"))
        elif tag in (f"{_TEXT}tab", f"{_TEXT}line-break"):
            self.data("\n" if tag.endswith("break") else "\t")

    def _end_cell(self) -> None:
        attributes, self._cell = self._cell or {}, None
        value = _value(attributes, "".join(self._text))
        repeat = _count(attributes, f"{_TABLE}number-columns-repeated")
        if value in (None, ""):
            self._empty_cells += repeat
            return
        if len(self._row) + self._empty_cells + repeat > MAX_COLUMNS:
            raise FileRefused(f"列が多すぎます（{MAX_COLUMNS:,}列まで）。要らない列を削除して保存し直してください。")
        self._row += [None] * self._empty_cells + [value] * repeat
        self._empty_cells = 0

    def _end_row(self) -> None:
        if not self._row:
            self._empty_rows += self._repeat
            return
        if not self.sheets or len(self._rows) + self._empty_rows + self._repeat > MAX_ROWS:
            raise FileRefused(
                f"行が多すぎます（{MAX_ROWS:,}行まで）。離れた所に残った値を削除するか、ファイルを分けてください。"
            )
        self._rows.extend([] for _ in range(self._empty_rows))
        self._empty_rows = 0
        for _ in range(self._repeat):
            self._rows.append(self._gathering.row(self.sheets[-1].name, len(self._rows) + 1, self._row))


def _count(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "1")
    return max(1, min(int(text), 10_000_000)) if text.isascii() and text.isdigit() and len(text) < 10 else 1


def _value(attributes: dict[str, str], text: str) -> Any:
    match attributes.get(f"{_OFFICE}value-type"):
        case "float" | "percentage" | "currency":
            value = decimal_of(attributes.get(f"{_OFFICE}value", ""))
            return text if value is None else value
        case "date":
            try:
                return date.fromisoformat(attributes.get(f"{_OFFICE}date-value", "")[:10])
            except ValueError:
                return text
        case "boolean":
            return attributes.get(f"{_OFFICE}boolean-value") == "true"
        case _:
            return text
