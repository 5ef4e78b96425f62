"""Reads XLSX with openpyxl, row by row; what the file says of its own size is not believed."""

from __future__ import annotations

import io
import warnings
from typing import Any

from sheets.books import Book, Cell, FileRefused, Sheet
from sheets.cells import Gathering
from sheets.limits import MAX_ROWS, MAX_SHEETS
from sheets.packages import BROKEN, Package

MACROS = "マクロは読み込まず、実行もしません。"
_LAST_ROW = 1_048_577


def read_xlsx(package: Package) -> Book:
    """Raises FileRefused. Dates are days, formulas what they last came to, errors their text (#N/A)."""
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that matter to nobody here
            book = load_workbook(io.BytesIO(package.data), read_only=True, data_only=True, keep_links=False)
            if len(book.worksheets) > MAX_SHEETS:
                raise FileRefused(f"シートが多すぎます（{MAX_SHEETS}枚まで）。要らないシートを削除してください。")
            found = _sheets(book)
            hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    except FileRefused:
        raise
    except Exception as error:  # openpyxl raises whatever a broken part leads to
        raise FileRefused(BROKEN) from error
    return Book("xlsx", "", found, _warnings(package, hidden))


def _sheets(book: Any) -> tuple[Sheet, ...]:
    gathering = Gathering()
    visited = 0
    found = []
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        rows: list[list[Cell]] = []
        for number, values in enumerate(sheet.iter_rows(max_row=_LAST_ROW, values_only=True), start=1):
            visited += 1
            row = gathering.row(sheet.title, number, list(values)) if values else []
            if number <= MAX_ROWS:
                rows.append(row)
            if visited > 2 * _LAST_ROW:
                raise FileRefused("行が多すぎます。値の入っていない行を削除して保存し直してください。")
        while rows and not rows[-1]:
            rows.pop()
        found.append(Sheet(str(sheet.title), rows))
    return tuple(found)


def _warnings(package: Package, hidden: list[str]) -> tuple[str, ...]:
    found = []
    if package.has_macros:
        found.append(f"マクロが入っています。{MACROS}")
    if package.has_uncounted_formulas:
        found.append(
            "計算結果が保存されていない数式があり、空欄として読みました。Excelで開いて上書き保存すると値が入ります。"
        )
    if hidden:
        found.append(f"表示されていないシートがあります：{'、'.join(hidden)}")
    return tuple(found)
