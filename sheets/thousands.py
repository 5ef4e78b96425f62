"""Numbers of a CSV that were torn apart at their thousands: 1,234 without quotes is two cells."""

from __future__ import annotations

import itertools
import re

from sheets.cells import fold
from sheets.tables import Row, Table

_HEAD = re.compile(r"[¥\\▲△+\-−]?[1-9][0-9]{0,2}")
_REST = re.compile(r"[0-9]{3}(?:\.[0-9]+)?")
_NAMED = 5


def torn_rows(table: Table) -> list[Row]:
    """The rows with more cells than headings, in which a number goes on in the next cell."""
    headed = [position for position, column in enumerate(table.columns) if any(column.parts)]
    beyond = range(max(headed, default=len(table.columns)) + 1, len(table.columns))
    return [row for row in table.rows if any(row.cells[p] is not None for p in beyond) and _is_torn(row)]


def _is_torn(row: Row) -> bool:
    texts = [fold(cell) for cell in row.cells]
    return any(_HEAD.fullmatch(a) and _REST.fullmatch(b) for a, b in itertools.pairwise(texts))


def torn_said(tables: list[Table]) -> str:
    """What is wrong, with the rows, and what to do; "" where no row is torn."""
    rows = [f"{row.number}行目" for table in tables for row in torn_rows(table)]
    if not rows:
        return ""
    more = f"など{len(rows)}行" if len(rows) > _NAMED else ""
    return (
        f"{'、'.join(rows[:_NAMED])}{more}に、見出しの数より多い値があります。桁区切りの「,」のために、1つの数が2つに分かれています"
        '（「1,234」が「1」と「234」になります）。桁区切りをなくすか、数を引用符（"）で囲んで保存し直してください。'
    )
