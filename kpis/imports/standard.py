"""The long format of the application itself: its template and its own data files need no way of reading decided."""

from __future__ import annotations

from dataclasses import replace

from kpis.imports.mapping import Mapping
from kpis.values.export import TOTAL
from sheets import Arrangement, Table

KPI, SERIES, PERIOD, VALUE, REASON = "指標コード", "内訳コード", "対象期間", "値", "値なしの理由"


#: A sheet whose first row has all of these is a file of the application itself.
HEADINGS = (KPI, SERIES, PERIOD, VALUE)


def standard_mapping(table: Table) -> Mapping | None:
    """The mapping of a table with the application's own headings; None for any other. Codes are the labels."""
    names = {column.name for column in table.columns}
    if not names.issuperset(HEADINGS):
        return None
    return Mapping(
        arrangement=Arrangement.LONG.value,
        month_column=PERIOD,
        value_columns=(VALUE,),
        label_columns=(KPI, SERIES),
        reason_column=REASON if REASON in names else "",
    )


def with_totals_named(table: Table) -> Table:
    """The table with the rows that our own file worked out marked as totals: they are not values to take over."""
    names = [column.name for column in table.columns]
    if not set(names).issuperset(HEADINGS):
        return table
    series = names.index(SERIES)
    return replace(table, rows=tuple(replace(r, is_total=True) if r.cells[series] == TOTAL else r for r in table.rows))
