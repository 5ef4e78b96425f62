"""Fiscal years from their months or quarters."""

from __future__ import annotations

from datetime import date

from japan.fiscal import fiscal_year_of, fiscal_year_start
from kpis.models import Kpi, Series
from kpis.summaries.audit.cells import (
    FY,
    Cell,
    M,
    Q,
    Table,
    blank,
    end_of,
    inherit,
    introduced,
    is_full,
    life,
    quarters,
    seen,
    spanned,
)
from kpis.summaries.audit.periods import living


def add_years(kpi: Kpi, cells: Table) -> None:
    """Adds what can be worked out beside what was stated for whole years."""
    for year in {fiscal_year_of(period) for span, period in cells if span in (M, Q)}:
        made = _flow_year(kpi, cells, year) if kpi.kind == "flow" else _stock_year(kpi, cells, year)
        if made is None:
            continue
        key = (FY, fiscal_year_start(year))
        here = cells.get(key)
        if here is None or here["value"] is None or here["nature"] == "projected":
            cells[key] = made
        elif kpi.kind == "flow" and here["parts_total"] is None and is_full(made):
            here["parts_total"] = made["value"]


def _children(cells: Table, months: list[date]) -> tuple[str, list[date], list[tuple[date, Cell]]]:
    """Month or quarter, the periods due, and what is there of them."""
    span, due = M, months
    if not any(seen(cells, M, m) for m in months):
        span, due = Q, quarters(months)
    return span, due, [(day, cell) for day in due if (cell := seen(cells, span, day))]


def _flow_year(kpi: Kpi, cells: Table, year: int) -> Cell | None:
    months = introduced(cells, life(kpi, year))
    span, due, children = _children(cells, months)
    if not children:
        return None
    kept = [cell for _, cell in children]
    full = [(day, cell) for day, cell in children if is_full(cell)]
    values = [cell["value"] for _, cell in full if cell["value"] is not None]
    series = list(Series.objects.filter(kpi=kpi))
    silent = set(due) - {day for day, _ in children}
    cell = blank(FY, "months")
    cell.update(
        value=sum(values) if values else None,
        reported=sum(c["reported"] for c in kept),
        expected=sum(c["expected"] for c in kept) + sum(len(living(series, span, day)) or 1 for day in silent),
        withheld=sum(c["withheld"] for _, c in full),
        months=sum(c["months"] for _, c in full),
        months_expected=len(months),
        first_month=months[0],
        final_month=months[-1],
        newest_month=end_of(span, full[-1][0]) if full else None,
    )
    if not values and len({c["missing_reason"] for c in kept}) == 1:
        cell["missing_reason"] = kept[0]["missing_reason"]
    return inherit(cell, [c for _, c in full])


def _stock_year(kpi: Kpi, cells: Table, year: int) -> Cell | None:
    span, _, children = _children(cells, life(kpi, year))
    if not children:
        return None
    ranked = sorted(
        children,
        key=lambda item: (item[1]["value"] is not None, item[1]["value"] is not None and is_full(item[1]), item[0]),
    )
    day, last = ranked[-1]
    cell = blank(FY, "none" if last["basis"] == "none" else "last")
    for column in (
        "value",
        "missing_reason",
        "reported",
        "expected",
        "withheld",
        "as_of",
        "as_of_wording",
        "published",
    ):
        cell[column] = last[column]
    months = life(kpi, year)
    cell.update(value_period=(spanned(kpi, span, day) or [end_of(span, day)])[-1], months=1, months_expected=1)
    cell.update(first_month=months[0], final_month=months[-1])
    return inherit(cell, [last])
