"""Reads ODS: its one XML file goes by as events, so that no tree of it is ever in memory."""

from __future__ import annotations

from datetime import date
from typing import Any

from sheets.books import UNCOMPUTED, Book, Cell, FileRefused, Merged, Sheet
from sheets.cells import Gathering, decimal_of
from sheets.limits import MAX_COLUMN_SETS, MAX_COLUMNS, MAX_LETTERS, MAX_MERGED, MAX_ROWS, MAX_SHEETS
from sheets.number_formats import Formats
from sheets.ods_styles import NAMES, Styles
from sheets.packages import Package
from sheets.xlsx import MACROS, TOO_MANY_SHEETS
from sheets.xml_events import Budget, End, Start, read_xml

_OFFICE, _TABLE, _TEXT = NAMES.format("office"), NAMES.format("table"), NAMES.format("text")
_STYLE_NAME, _DEFAULT_STYLE = f"{_TABLE}style-name", f"{_TABLE}default-cell-style-name"
_ROWS, _COLUMNS = f"{_TABLE}number-rows-repeated", f"{_TABLE}number-columns-repeated"
_HIDDEN = ("collapse", "filter")
_MAX_MANIFEST = 1024 * 1024


def read_ods(package: Package) -> Book:
    """Raises FileRefused for what is broken, protected or beyond the limits."""
    if b"encryption-data" in package.read("META-INF/manifest.xml", _MAX_MANIFEST):
        raise FileRefused("パスワードで保護されています。開いてパスワードを外し、保存し直してください。")
    budget, styles = Budget(), Styles()
    if "styles.xml" in package.names:
        read_xml(package.chunks("styles.xml"), styles.starts, styles.ends, budget, styles.data)
    reader = _Reader(styles)
    read_xml(package.chunks("content.xml"), reader.starts, reader.ends, budget, reader.data)
    warnings = [f"マクロが入っています。{MACROS}"] if package.has_macros else []
    if hidden := [sheet.name for sheet in reader.sheets if sheet.is_hidden]:
        warnings.append(f"表示されていないシートがあります：{'、'.join(hidden)}")
    return Book("ods", "", tuple(reader.sheets), tuple(warnings))


class _Reader:
    """Takes the events of content.xml. Empty rows and cells that are repeated cost nothing until something follows."""

    def __init__(self, styles: Styles) -> None:
        self.sheets: list[Sheet] = []
        self._styles = styles
        self._gathering = Gathering()
        self._cell: dict[str, str] | None = None
        self._text: list[str] = []
        self._letters = self._aside = self._depth = 0
        self._start_afresh({})
        cells, aside = (
            ("table-cell", "covered-table-cell"),
            (f"{_OFFICE}annotation", f"{_TEXT}ruby-text", f"{_TEXT}note"),
        )
        self.starts: dict[str, Start] = styles.starts | {
            f"{_TABLE}table": self._start_sheet,
            f"{_TABLE}table-column": self._column,
            f"{_TABLE}table-row": self._start_row,
            **{f"{_TABLE}{name}": self._start_cell for name in cells},
            # What stands in a cell without being its text.
            **dict.fromkeys(aside, self._start_aside),
            f"{_TEXT}p": lambda attributes: self.data("\n") if self._text else None,
            f"{_TEXT}s": lambda attributes: self.data(" " * min(_count(attributes, f"{_TEXT}c"), MAX_LETTERS + 1)),
            f"{_TEXT}tab": lambda attributes: self.data("\t"),
            f"{_TEXT}line-break": lambda attributes: self.data("\n"),
        }
        self.ends: dict[str, End] = styles.ends | {
            f"{_TABLE}table": self._end_sheet,
            f"{_TABLE}table-row": self._end_row,
            **{f"{_TABLE}{name}": self._end_cell for name in cells},
            **dict.fromkeys(aside, self._end_aside),
        }

    def data(self, text: str) -> None:
        if self._cell is None:
            self._styles.data(text)
        elif not self._aside:
            self._letters += len(text)
            if self._letters <= MAX_LETTERS + 1:
                self._text.append(text)

    def _start_aside(self, attributes: dict[str, str]) -> None:
        self._aside += 1

    def _end_aside(self) -> None:
        self._aside -= 1

    # --- sheets ---
    def _start_afresh(self, attributes: dict[str, str]) -> None:
        self._named = attributes
        self._rows: list[list[Cell]] = []
        self._formats = Formats()
        self._merged: list[Merged] = []
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        #: (first column, one behind the last, style) of the columns that have a style.
        self._column_styles: list[tuple[int, int, str]] = []
        self._columns = self._column_sets = self._empty_rows = 0
        self._start_row({})

    def _start_sheet(self, attributes: dict[str, str]) -> None:
        if self._aside:
            return
        self._depth += 1
        if self._depth > 1:
            raise FileRefused("表の中に表が入っています。1つの表にして保存し直してください。")
        if len(self.sheets) >= MAX_SHEETS:
            raise FileRefused(TOO_MANY_SHEETS)
        self._start_afresh(dict(attributes))

    def _end_sheet(self) -> None:
        if self._aside:
            return
        self._depth -= 1
        last = len(self._rows)
        self.sheets.append(
            Sheet(
                self._named.get(f"{_TABLE}name", "")[:200],
                self._rows,
                self._formats,
                tuple(self._merged),
                frozenset(number for number in self._hidden_rows if number <= last),
                frozenset(self._hidden_columns),
                self._named.get(_STYLE_NAME) in self._styles.hidden_sheets,
            )
        )

    def _column(self, attributes: dict[str, str]) -> None:
        if self._aside:
            return
        self._column_sets += 1
        if self._column_sets > MAX_COLUMN_SETS:
            raise FileRefused(_too_many_columns())
        first, self._columns = self._columns, self._columns + _count(attributes, _COLUMNS)
        if attributes.get(f"{_TABLE}visibility") in _HIDDEN:
            self._hidden_columns.update(range(min(first, MAX_COLUMNS), min(self._columns, MAX_COLUMNS)))
        if (style := attributes.get(_DEFAULT_STYLE)) and first < MAX_COLUMNS:
            self._column_styles.append((first, self._columns, style))

    # --- rows ---
    def _start_row(self, attributes: dict[str, str]) -> None:
        if self._aside:
            return
        self._row: list[Any] = []
        self._codes: list[tuple[int, str]] = []
        self._spans: list[tuple[int, int, int]] = []
        self._position = self._empty_cells = 0
        self._repeat = _count(attributes, _ROWS)
        self._row_style = attributes.get(_DEFAULT_STYLE, "")
        self._row_is_hidden = attributes.get(f"{_TABLE}visibility") in _HIDDEN

    def _end_row(self) -> None:
        if self._aside:
            return
        first = len(self._rows) + self._empty_rows + 1
        if self._row_is_hidden:
            self._hidden_rows.update(range(first, min(first + self._repeat, MAX_ROWS + 1)))
        for position, across, down in self._spans:
            self._merged.append(Merged(first, position, first + down - 1, position + across - 1))
        if not self._row:
            self._empty_rows += self._repeat
            return
        if not self._depth or len(self._rows) + self._empty_rows + self._repeat > MAX_ROWS:
            raise FileRefused(
                f"行が多すぎます（{MAX_ROWS:,}行まで）。離れた所に残った値を削除するか、ファイルを分けてください。"
            )
        self._rows.extend([] for _ in range(self._empty_rows))
        self._empty_rows = 0
        name = self._named.get(f"{_TABLE}name", "")[:200]
        for _ in range(self._repeat):
            self._rows.append(self._gathering.row(name, len(self._rows) + 1, self._row))
            for position, code in self._codes:
                self._formats.add(len(self._rows), position, code)

    # --- cells ---
    def _start_cell(self, attributes: dict[str, str]) -> None:
        if not self._aside:
            self._cell, self._text, self._letters = dict(attributes), [], 0

    def _end_cell(self) -> None:
        if self._aside:
            return
        attributes, self._cell = self._cell or {}, None
        value = _value(attributes, "".join(self._text))
        repeat = _count(attributes, _COLUMNS)
        first, self._position = self._position, self._position + repeat
        self._span(first, attributes)
        if value in (None, ""):
            self._empty_cells += repeat
            return
        if len(self._row) + self._empty_cells + repeat > MAX_COLUMNS:
            raise FileRefused(_too_many_columns())
        self._row += [None] * self._empty_cells + [value] * repeat
        self._empty_cells = 0
        for position in range(first, first + repeat):
            if code := self._styles.code(
                attributes.get(_STYLE_NAME) or self._row_style or self._column_style(position)
            ):
                self._codes.append((position, code))

    def _span(self, position: int, attributes: dict[str, str]) -> None:
        across, down = (_count(attributes, f"{_TABLE}number-{way}-spanned") for way in ("columns", "rows"))
        if (across, down) == (1, 1):
            return
        if len(self._merged) + len(self._spans) >= MAX_MERGED:
            raise FileRefused(
                f"結合されたセルが多すぎます（{MAX_MERGED:,}か所まで）。結合を解除して保存し直してください。"
            )
        self._spans.append((position, across, down))

    def _column_style(self, position: int) -> str:
        return next((style for first, end, style in self._column_styles if first <= position < end), "")


def _too_many_columns() -> str:
    return f"列が多すぎます（{MAX_COLUMNS:,}列まで）。要らない列を削除して保存し直してください。"


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
        case None if not text and f"{_TABLE}formula" in attributes:
            return UNCOMPUTED
        case _:
            return text
