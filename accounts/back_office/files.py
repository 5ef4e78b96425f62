"""The files of import and export, in the words of django-import-export: read safely, written so that no cell runs."""

from __future__ import annotations

import io
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import tablib
from django.utils import timezone
from import_export.formats.base_formats import Format
from import_export.tmp_storages import MediaStorage
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font

from japan.csv_files import runs_in_excel, write_csv
from sheets import read_headed_table

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What somebody looked at and did not confirm is thrown away after this.
KEPT_FOR = timedelta(days=1)
#: What of the file of this request is not read, in sentences: the library hands on nothing but the rows.
LEFT_OUT: ContextVar[tuple[str, ...]] = ContextVar("left_out", default=())


class UploadedTable(Format):
    """Whatever was handed over: which kind of file it is, and its encoding, its content tells."""

    def __init__(self, encoding: str | None = None) -> None:
        super().__init__()

    def get_title(self) -> str:
        return "CSV・Excel（自動で見分けます）"

    def create_dataset(self, content: bytes, **kwargs: Any) -> tablib.Dataset:
        table = read_headed_table(content)
        LEFT_OUT.set(table.left_out)
        return tablib.Dataset(*table.rows, headers=table.columns)

    def is_binary(self) -> bool:
        return True

    def get_read_mode(self) -> str:
        return "rb"

    def can_import(self) -> bool:
        return True


class _Written(Format):
    def is_binary(self) -> bool:
        return True

    def can_export(self) -> bool:
        return True


class CsvFile(_Written):
    """UTF-8 with a byte order mark: Excel opens it with a double click."""

    def get_title(self) -> str:
        return "CSV"

    def get_extension(self) -> str:
        return "csv"

    def get_content_type(self) -> str:
        return "text/csv; charset=utf-8"

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        return write_csv(dataset.headers, [tuple(row) for row in dataset], for_excel=True)


class XlsxFile(_Written):
    def get_title(self) -> str:
        return "Excel（xlsx）"

    def get_extension(self) -> str:
        return "xlsx"

    def get_content_type(self) -> str:
        return XLSX_TYPE

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        book = Workbook(write_only=True)
        sheet = book.create_sheet()
        sheet.freeze_panes = "A2"
        for number, row in enumerate([dataset.headers, *dataset]):
            sheet.append([_cell(sheet, value, is_header=number == 0) for value in row])
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()


def _cell(sheet: Any, value: Any, *, is_header: bool) -> WriteOnlyCell:
    """Text stays text, whatever it begins with; numbers are numbers and days are days."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    if not isinstance(value, str):
        cell = WriteOnlyCell(sheet, value if isinstance(value, int | float | Decimal | date) else None)
        if isinstance(value, date) and not isinstance(value, datetime):
            cell.number_format = "yyyy-mm-dd"
        return cell
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"
    if runs_in_excel(value):
        cell.number_format, cell.quotePrefix = "@", True  # text also after somebody has edited it
    if is_header:
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True)
    return cell


class UploadStorage(MediaStorage):
    """Where a file waits between preview and confirmation: with the media, which every web process shares."""

    def save(self, data: bytes) -> None:
        self._forget_old()
        super().save(data)

    def _forget_old(self) -> None:
        if not self._storage.exists(self.MEDIA_FOLDER):
            return
        for name in self._storage.listdir(self.MEDIA_FOLDER)[1]:
            path = f"{self.MEDIA_FOLDER}/{name}"
            if self._storage.get_modified_time(path) < timezone.now() - KEPT_FOR:
                self._storage.delete(path)
