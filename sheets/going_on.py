"""Whether a table goes on where the one before it ends: 4月 to 9月, and below it 10月 to 3月 without a year."""

from __future__ import annotations

from sheets.books import Cell
from sheets.cells import plain
from sheets.months import bare_month, month_told
from sheets.tables import Table

_LOOKED_AT = 60
_MONTHS = 2


def goes_on(table: Table, before: Table) -> bool:
    """Its months name no year, begin after the last of the table before, and stand under the same first heading."""
    if table.sheet != before.sheet or plain(table.columns[0].name) != plain(before.columns[0].name):
        return False
    ended, begun = _months(before), _months(table)
    if len(ended) < _MONTHS or not begun or not all(map(bare_month, begun)):
        return False
    return bare_month(begun[0]) == (month_told(ended[-1]) or 0) % 12 + 1


def _months(table: Table) -> list[Cell]:
    """The months across, else those down the first column."""
    across: list[Cell] = [column.parts[-1] for column in table.columns if column.parts and month_told(column.parts[-1])]
    if len(across) >= _MONTHS:
        return across
    return [row.cells[0] for row in table.rows[:_LOOKED_AT] if month_told(row.cells[0])]
