"""The long format of the application itself: its template and its own data files need no way of reading decided."""

from __future__ import annotations

from kpis.imports.mapping import Mapping
from sheets import Arrangement, Cell, Column, Row, Sheet, Table, fold
from sheets.facts import with_facts, with_row_facts

KPI, SERIES, PERIOD, VALUE, REASON = "指標コード", "内訳コード", "対象期間", "値", "値なしの理由"


def standard_table(sheet: Sheet) -> Table | None:
    """The whole sheet as one table where its first row has the application's own headings; None for any other.

    Nothing is searched for: most values of a template may be empty still, and its rows look like headings then.
    """
    if not sheet.rows:
        return None
    headings = [Column(fold(cell), index, (fold(cell),)) for index, cell in enumerate(sheet.rows[0])]
    columns = with_facts(sheet, headings, [1])
    if not {KPI, SERIES, PERIOD, VALUE} <= {column.name for column in columns}:
        return None
    filled = (
        Row(number, tuple(_cell(cells, column.index) for column in columns))
        for number, cells in enumerate(sheet.rows[1:], start=2)
        if any(cell is not None for cell in cells)
    )
    rows = tuple(with_row_facts(sheet, columns, filled))
    last = max((row.number for row in rows), default=2)
    return Table(sheet.name, (1,), 2, last, columns, rows, merged=sheet.merged, is_hidden=sheet.is_hidden)


def _cell(cells: list[Cell], index: int) -> Cell:
    cell = cells[index] if index < len(cells) else None
    return (fold(cell) or None) if isinstance(cell, str) else cell


def standard_mapping(table: Table) -> Mapping | None:
    """The mapping of a table with the application's own headings; None for any other. Codes are the labels."""
    names = {column.name for column in table.columns}
    if not {KPI, SERIES, PERIOD, VALUE} <= names:
        return None
    return Mapping(
        arrangement=Arrangement.LONG.value,
        month_column=PERIOD,
        value_columns=(VALUE,),
        label_columns=(KPI, SERIES),
        reason_column=REASON if REASON in names else "",
    )
