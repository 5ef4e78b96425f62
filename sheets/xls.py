"""Reads the old binary Excel (.xls) with xlrd."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from sheets.books import Book, Cell, FileRefused, Merged, Sheet
from sheets.cells import Gathering
from sheets.limits import MAX_SHEETS
from sheets.number_formats import Formats, code_of, shows_days
from sheets.xlsx import MACROS, TOO_MANY_SHEETS
from sheets.xml_events import BROKEN

#: Formats below it are built in and have no code of their own in the file.
_FIRST_OWN_FORMAT = 164


def read_xls(data: bytes, *, has_macros: bool = False) -> Book:
    """Raises FileRefused for what is broken or protected."""
    import xlrd

    try:
        # Its complaints go nowhere, its sheets are opened one by one, its rows are as long as what they hold.
        with xlrd.open_workbook(
            file_contents=data, logfile=io.StringIO(), on_demand=True, ragged_rows=True, formatting_info=True
        ) as book:
            if book.nsheets > MAX_SHEETS:
                raise FileRefused(TOO_MANY_SHEETS)
            sheets = _sheets(book)
    except (FileRefused, MemoryError):
        raise
    except Exception as error:  # xlrd raises whatever a broken record leads to
        if "encrypted" in str(error).lower():
            raise FileRefused(
                "パスワードで保護されています。Excelで開いてパスワードを外し、保存し直してください。"
            ) from error
        raise FileRefused(BROKEN) from error
    warnings = [f"マクロが入っています。{MACROS}"] if has_macros else []
    if hidden := [sheet.name for sheet in sheets if sheet.is_hidden]:
        warnings.append(f"表示されていないシートがあります：{'、'.join(hidden)}")
    return Book("xls", "", sheets, tuple(warnings))


def _sheets(book: Any) -> tuple[Sheet, ...]:
    gathering = Gathering()
    codes = _codes(book)
    found = []
    for position in range(book.nsheets):
        sheet = book.sheet_by_index(position)
        formats = Formats()
        rows: list[list[Cell]] = []
        for number in range(sheet.nrows):
            cells = sheet.row(number)
            values = [_value(cell, codes[cell.xf_index], book.datemode) for cell in cells]
            rows.append(gathering.row(sheet.name, number + 1, values))
            for column, value in enumerate(rows[-1]):
                if value is not None and (code := codes[cells[column].xf_index]):
                    formats.add(number + 1, column, code)
        while rows and not rows[-1]:
            rows.pop()
        found.append(_with_facts(sheet, rows, formats))
        book.unload_sheet(position)
    return tuple(found)


def _codes(book: Any) -> list[str]:
    """The code of the number format of each style of cells, "" for General."""
    own = {key: each.format_str for key, each in book.format_map.items() if key >= _FIRST_OWN_FORMAT}
    return [code_of(style.format_key, own) for style in book.xf_list]


def _with_facts(sheet: Any, rows: list[list[Cell]], formats: Formats) -> Sheet:
    return Sheet(
        str(sheet.name),
        rows,
        formats,
        tuple(Merged(top + 1, left, bottom, right - 1) for top, bottom, left, right in sheet.merged_cells),
        frozenset(number + 1 for number, row in sheet.rowinfo_map.items() if row.hidden and number < len(rows)),
        frozenset(column for column, each in sheet.colinfo_map.items() if each.hidden),
        bool(sheet.visibility),
    )


def _value(cell: Any, code: str, datemode: int) -> Any:
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
        case xlrd.XL_CELL_NUMBER if shows_days(code):
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
