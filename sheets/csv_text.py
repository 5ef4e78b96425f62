"""Reads CSV: the encoding by its bytes, the delimiter by its first lines."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator

from japan.csv_files import runs_in_excel
from sheets.books import Book, Cell, FileRefused, Sheet
from sheets.cells import Gathering, place
from sheets.limits import MAX_COLUMNS, MAX_DELIMITERS, MAX_LINES, MAX_ROWS

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Below it no text has anything but tabs and line ends (and, out of old systems, form feeds and an end-of-file mark).
_NOT_TEXT = frozenset(chr(code) for code in range(32)) - frozenset("\t\r\n\x0b\x0c\x1a")


def read_csv(data: bytes) -> Book:
    """Raises FileRefused for an unknown encoding, binary data, and quotes that never close."""
    text, encoding = _decode(data)
    if not _NOT_TEXT.isdisjoint(text):
        raise FileRefused(
            "文字のファイルではないか、壊れています（文字でないデータがあります）。"
            "Excelで開き、「.xlsx」か「CSV」で保存し直してください。"
        )
    rows = _rows(text.rstrip("\x1a"))
    while rows and not rows[-1]:
        rows.pop()
    return Book("csv", encoding, (Sheet("", rows),))


def _decode(data: bytes) -> tuple[str, str]:
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)
    for encoding in [marked] if marked else ["utf-8", "cp932"]:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise FileRefused(
        "文字コードを読み取れません（UTF-8でもShift_JISでもないか、途中で壊れています）。"
        "Excelで開き、「CSV UTF-8」で保存し直してください。"
    )


def _rows(text: str) -> list[list[Cell]]:
    gathering = Gathering()
    lines = _Lines(text, _delimiter(text))
    reader = csv.reader(lines, delimiter=lines.delimiter, strict=True)
    rows: list[list[Cell]] = []
    started = 1
    try:
        for number, row in enumerate(reader, start=1):
            cells = gathering.row("", number, [_without_guard(cell) for cell in row])
            if number <= MAX_ROWS:  # what is empty behind the last row says nothing
                rows.append(cells)
            started = reader.line_num + 1
            lines.delimiters = 0
    except csv.Error as error:
        raise FileRefused(
            f'{place("", len(rows) + 1)}（ファイルの{started}行目から）の引用符（"）が閉じていないか、位置が違います。'
            "もとのシステムかExcelで確かめて、保存し直してください。"
        ) from error
    return rows


class _Lines:
    """The lines of a text, counted before anything is made of them: a line end costs a byte, an empty row sixty."""

    def __init__(self, text: str, delimiter: str) -> None:
        # The csv module takes "\r" alone for a line end only without newline translation.
        self._lines = io.StringIO(text, newline="")
        self.delimiter = delimiter
        #: Lines so far, and delimiters since the row began, which the reader of rows sets back.
        self.number = self.delimiters = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.number += 1
        if self.number > MAX_LINES:
            raise FileRefused(
                f"行が多すぎます（空の行を含めて{MAX_LINES:,}行まで）。空の行を削除して保存し直してください。"
            )
        self.delimiters += line.count(self.delimiter)
        if self.delimiters > MAX_DELIMITERS:
            raise FileRefused(
                f"{self.number}行目の列が多すぎます（{MAX_COLUMNS:,}列まで）。要らない列を削除して保存し直してください。"
            )
        return line


def _delimiter(text: str) -> str:
    start = text[:5000]
    return max(",\t;", key=lambda mark: (start.count(mark), mark == ","))


def _without_guard(cell: str) -> str:
    """Our own files carry ' before what Excel would run as a formula (japan.csv_files)."""
    return cell[1:] if cell.startswith("'") and runs_in_excel(cell[1:]) else cell
