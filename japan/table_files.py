"""Reads a table that somebody hands over: CSV in UTF-8 or CP932 (Excel's own), or the first sheet of an XLSX.

A file is measured before it is opened: a few kilobytes of XLSX can claim a million rows or gigabytes of cells.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from japan.csv_files import FORMULA

Cell = str | date

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 50 * 1024 * 1024
MAX_MEMBERS = 1000
MAX_ROWS = 5000
MAX_COLUMNS = 100


class TableError(ValueError):
    """A file that cannot be taken; the message is Japanese and says what to do."""


@dataclass(frozen=True)
class Table:
    """The header and the rows below it, each as long as the header. Blank lines stay, so that row numbers are the file's."""

    columns: list[str]
    rows: list[list[Cell]]


def read_table(content: bytes) -> Table:
    """Raises TableError for a file that is too large, no table, or of unclear columns."""
    if len(content) > MAX_BYTES:
        raise TableError("ファイルが大きすぎます（10MBまで）。分けて取り込んでください。")
    if content.startswith(b"PK"):
        return _table(_xlsx_rows(content))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise TableError("古い形式のExcel（.xls）は読み込めません。「.xlsx」か「CSV」で保存してください。")
    return _table(_csv_rows(content))


def _csv_rows(content: bytes) -> Iterator[list[Cell]]:
    text = _decode(content)
    if "\x00" in text:
        raise TableError("CSVとして読み取れません。「.xlsx」か「CSV」で保存したファイルを選んでください。")
    first = text.split("\n", 1)[0]
    delimiter = "\t" if "\t" in first and "," not in first else ","
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            yield [_without_guard(cell) for cell in row]
    except csv.Error as error:
        raise TableError('CSVとして読み取れません。引用符（"）が閉じているか確かめてください。') from error


def _decode(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableError("文字コードを読み取れません。「CSV UTF-8」で保存し直してください。")


def _without_guard(cell: str) -> str:
    """Our own files carry ' before what Excel would run as a formula (japan.csv_files)."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


def _xlsx_rows(content: bytes) -> Iterator[list[Cell]]:
    import openpyxl

    _check_archive(content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its own size is not believed
        for row in sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS + 1, values_only=True):
            yield [_cell(value) for value in row]
    except TableError:
        raise
    except Exception as error:  # openpyxl raises whatever a broken part leads to
        raise TableError("Excelファイルを読み取れません。Excelで開いて「.xlsx」で保存し直してください。") from error


def _check_archive(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile as error:
        raise TableError("Excelファイルが壊れています。Excelで開いて保存し直してください。") from error
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
        raise TableError("Excelファイルの中身が大きすぎます。要らないシートや書式を除いて保存し直してください。")


def _cell(value: Any) -> Cell:
    """A cell as somebody would have typed it; dates stay dates."""
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else ""
        case datetime():
            return value.date()
        case date():
            return value
        case float() | int():
            # The shortest text that is this number: 23.5, not 23.49999….
            exact = Decimal(repr(value))
            return f"{exact:.0f}" if exact == exact.to_integral_value() else f"{exact:f}"
        case _:
            return str(value)


def _table(found: Iterable[list[Cell]]) -> Table:
    rows = iter(found)
    columns = [str(cell).strip() for cell in next(rows, [])]
    while columns and not columns[-1]:
        columns.pop()
    if not columns or not any(columns):
        raise TableError("1行目に見出しがありません。1行目を見出しの行にしてください。")
    if len(columns) > MAX_COLUMNS:
        raise TableError(f"列が多すぎます（{MAX_COLUMNS}列まで）。")
    if "" in columns:
        raise TableError(f"{columns.index('') + 1}列目の見出しが空です。見出しを入れるか、列を削除してください。")
    if twice := next((name for name in columns if columns.count(name) > 1), None):
        raise TableError(f"「{twice}」という見出しが2つあります。どちらか一方にしてください。")
    return Table(columns, _body(rows, len(columns)))


def _body(rows: Iterator[list[Cell]], width: int) -> list[list[Cell]]:
    body: list[list[Cell]] = []
    filled = 0
    for number, row in enumerate(rows, start=2):
        if any(_is_filled(cell) for cell in row[width:]):
            raise TableError(f"{number}行目に、見出しのない列の値があります。列のずれを確かめてください。")
        body.append((row + [""] * width)[:width])
        if any(_is_filled(cell) for cell in row):
            filled = len(body)
        if filled > MAX_ROWS:
            raise TableError(f"行が多すぎます（{MAX_ROWS:,}行まで）。分けて取り込んでください。")
    if not filled:
        raise TableError("見出しの下に行がありません。")
    return body[:filled]


def _is_filled(cell: Cell) -> bool:
    return not isinstance(cell, str) or bool(cell.strip())
