"""Reads the old binary Excel (.xls) with xlrd."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from sheets.books import Book, Cell, FileRefused, Sheet
from sheets.cells import Gathering
from sheets.limits import MAX_SHEETS
from sheets.xlsx import MACROS, TOO_MANY_SHEETS
from sheets.xml_events import BROKEN


def read_xls(data: bytes, *, has_macros: bool = False) -> Book:
    """Raises FileRefused for what is broken or protected."""
    import xlrd

    try:
        # Its complaints go nowhere, its sheets are opened one by one, its rows are as long as what they hold.
        with xlrd.open_workbook(
            file_contents=data, logfile=io.StringIO(), on_demand=True, ragged_rows=True, formatting_info=False
        ) as book:
            if book.nsheets > MAX_SHEETS:
                raise FileRefused(TOO_MANY_SHEETS)
            sheets = _sheets(book)
    except FileRefused:
        raise
    except Exception as error:  # xlrd raises whatever a broken record leads to
        if "encrypted" in str(error).lower():
            raise FileRefused(
                "パスワードで保護されています。Excelで開いてパスワードを外し、保存し直してください。"
            ) from error
        raise FileRefused(BROKEN) from error
    return Book("xls", "", sheets, (f"マクロが入っています。{MACROS}",) if has_macros else ())


def _sheets(book: Any) -> tuple[Sheet, ...]:
    gathering = Gathering()
    found = []
    for position in range(book.nsheets):
        sheet = book.sheet_by_index(position)
        rows: list[list[Cell]] = []
        for number in range(sheet.nrows):
            values = [_value(cell, book.datemode) for cell in sheet.row(number)]
            rows.append(gathering.row(sheet.name, number + 1, values))
        while rows and not rows[-1]:
            rows.pop()
        found.append(Sheet(str(sheet.name), rows))
        book.unload_sheet(position)
    return tuple(found)


def _value(cell: Any, datemode: int) -> Any:
    import xlrd

    match cell.ctype:
        case xlrd.XL_CELL_EMPTY | xlrd.XL_CELL_BLANK:
            return None
        case xlrd.XL_CELL_BOOLEAN:
            return bool(cell.value)
        case xlrd.XL_CELL_ERROR:
            return xlrd.error_text_from_code.get(cell.value, "#N/A")
        case xlrd.XL_CELL_DATE:
            return _day(cell.value, datemode)
        case _:
            return cell.value


def _day(value: float, datemode: int) -> datetime | float:
    """A number that looks like a day by its format, but is none, stays a number."""
    import xlrd

    try:
        day: datetime = xlrd.xldate_as_datetime(value, datemode)
    except (ValueError, OverflowError, xlrd.xldate.XLDateError):
        return value
    return day if value >= 1 else value
