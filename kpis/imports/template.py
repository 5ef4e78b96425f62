"""The application's own sheet to fill in: one row for each value, with what is stored already."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from japan.csv_files import runs_in_excel
from japan.fiscal import fiscal_months, month_start
from japan.missing import MissingReason
from kpis.entries.sheet import Slot, slots_of
from kpis.imports.standard import KPI, PERIOD, REASON, SERIES, VALUE

if TYPE_CHECKING:
    from accounts.models import Department

COLUMNS = (KPI, SERIES, "指標名", "内訳名", PERIOD, VALUE, "単位", REASON)
_WIDTHS = (18, 14, 34, 20, 12, 16, 8, 16)
_VALUE, _REASON = COLUMNS.index(VALUE) + 1, COLUMNS.index(REASON) + 1
_HEAD = PatternFill("solid", fgColor="E8F1FE")
_FILL_IN = PatternFill("solid", fgColor="FFFFFF")
_KNOWN = PatternFill("solid", fgColor="F2F2F2")


def template(department: Department, months: Iterable[date], today: date) -> bytes:
    """An XLSX file with a row for every value the department reports with the months that have ended.

    Only value and reason can be typed in; what stands there unchanged stays untouched when the file comes back.
    """
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "回答"
    sheet.append(list(COLUMNS))
    ended = [month for month in months if month < month_start(today)]
    sheets = slots_of([department], ended)
    for month in ended:
        for slot in sheets.get((department.pk, month), []):
            sheet.append(_row(slot))
    _dress(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def template_of_year(department: Department, fiscal_year: int, today: date) -> bytes:
    return template(department, fiscal_months(fiscal_year), today)


def _row(slot: Slot) -> list[object]:
    held = slot.entry or slot.measurement
    value = held.value if held else None
    reason = MissingReason(held.missing_reason).label if held and held.missing_reason else None
    part = "" if slot.series.kind == "total" else _harmless(slot.series.name)
    number = None if value is None else int(value) if value == value.to_integral_value() else float(value)
    return [
        slot.kpi.code,
        slot.series.code,
        _harmless(slot.kpi.name),
        part,
        slot.period.iso,
        number,
        _harmless(slot.kpi.unit),
        reason,
    ]


def _harmless(text: str) -> str:
    """A name that begins as a formula does is a text in Excel, too, and what no sheet can hold is left out."""
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    return f"'{text}" if runs_in_excel(text) else text


def _dress(sheet: Worksheet) -> None:
    last = max(sheet.max_row, 2)
    for number, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
        head = sheet.cell(1, number)
        head.font, head.fill, head.alignment = Font(bold=True), _HEAD, Alignment(horizontal="center")
    for row in sheet.iter_rows(min_row=2, max_row=last):
        for cell in row:
            cell.fill = _KNOWN
        for number in (_VALUE, _REASON):
            row[number - 1].protection, row[number - 1].fill = Protection(locked=False), _FILL_IN
    letter = get_column_letter(_REASON)
    choices = DataValidation(
        type="list", formula1='"' + ",".join(reason.label for reason in MissingReason) + '"', allow_blank=True
    )
    choices.error, choices.errorTitle = "一覧から選んでください。", "値なしの理由"
    choices.add(f"{letter}2:{letter}{last}")
    sheet.add_data_validation(choices)
    sheet.freeze_panes = "F2"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False  # in openpyxl: not forbidden
