"""Writes tables as CSV: a header, then one row per thing; numbers without unit or comma, western dates, blank for nothing.

Two forms: UTF-8 for machines, and for Excel the same with a byte order mark and with cells that Excel would run as
formulas made harmless.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

Cell = str | int | Decimal | date | datetime | None

#: What Excel takes for the start of a formula; a Japanese Excel takes the full-width forms too.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, for_excel: bool) -> bytes:
    """The file. Raises ValueError where a row has not as many cells as there are columns."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        if len(row) != len(columns):
            raise ValueError(f"{len(row)} cells for {len(columns)} columns")
        writer.writerow([_cell(cell, for_excel) for cell in row])
    return out.getvalue().encode("utf-8-sig" if for_excel else "utf-8")


def _cell(value: Cell, for_excel: bool) -> str:
    """Numbers stay numbers, negative ones too: only what is text can carry a formula."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if for_excel and len(value) > 1 and value.startswith(FORMULA) else value
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
