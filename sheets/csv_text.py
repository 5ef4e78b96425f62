"""Reads CSV: the encoding by its bytes, the delimiter by its first lines."""

from __future__ import annotations

import codecs
import csv
import io

from japan.csv_files import runs_in_excel
from sheets.books import Book, Cell, FileRefused, Sheet
from sheets.cells import Gathering, place

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
    # The csv module takes "\r" alone for a line end only without newline translation.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows: list[list[Cell]] = []
    started = 1
    try:
        for number, row in enumerate(reader, start=1):
            rows.append(gathering.row("", number, [_without_guard(cell) for cell in row]))
            started = reader.line_num + 1
    except csv.Error as error:
        raise FileRefused(
            f'{place("", len(rows) + 1)}（ファイルの{started}行目から）の引用符（"）が閉じていないか、位置が違います。'
            "もとのシステムかExcelで確かめて、保存し直してください。"
        ) from error
    return rows


def _delimiter(text: str) -> str:
    start = text[:5000]
    return max(",\t;", key=lambda mark: (start.count(mark), mark == ","))


def _without_guard(cell: str) -> str:
    """Our own files carry ' before what Excel would run as a formula (japan.csv_files)."""
    return cell[1:] if cell.startswith("'") and runs_in_excel(cell[1:]) else cell
