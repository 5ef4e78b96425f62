"""Writes tables as CSV: a header, then one row per thing; numbers without unit or comma, western dates, blank for nothing.

Two forms: UTF-8 for machines, and for Excel the same with a byte order mark and with cells that Excel would run as
formulas made harmless.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

Cell = str | int | Decimal | date | datetime | None

#: What Excel takes for the start of a formula; a Japanese Excel takes the full-width forms too (they fold to these).
FORMULA = frozenset("=+-@−")
#: Where a spreadsheet begins a cell or a line anew when text is pasted or split.
BREAKS = ("\t", "\n", "\r", "\v", "\f")
#: Letters by their category, and seen by nobody: fillers and the empty Braille pattern.
UNSEEN = frozenset("\u115f\u1160\u2800\u3164\uffa0")
NEGATIVE = re.compile(r"-[0-9]+(\.[0-9]+)?")


def runs_in_excel(text: str) -> bool:
    """Whether Excel, or what trims the cell before it, would take the text for a formula.

    Blanks and what nobody sees (zero-width, directions, line feeds, fillers) count for nothing before the sign. A lone
    sign and a plain negative number are none.
    """
    if len(text) > 1 and text.startswith(BREAKS):
        return True
    rest = text.lstrip("".join(letter for letter in set(text) if _is_unseen(letter)))
    return len(rest) > 1 and unicodedata.normalize("NFKC", rest[0]) in FORMULA and not NEGATIVE.fullmatch(text)


def _is_unseen(letter: str) -> bool:
    # Separators, controls and formats, and marks that only change the letter before them.
    return letter in UNSEEN or unicodedata.category(letter) in ("Zs", "Zl", "Zp", "Cc", "Cf", "Mn", "Me")


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, for_excel: bool) -> bytes:
    """The file. Raises ValueError where a row has not as many cells as there are columns."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_cell(column, for_excel) for column in columns])
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
        return f"'{value}" if for_excel and runs_in_excel(value) else value
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
