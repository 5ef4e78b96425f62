"""The columns that hold a cell against another: running total, year before, baseline, target."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from japan.fiscal import add_months, fiscal_months, fiscal_year_of
from kpis.audit.cells import FY, LENGTH, Cell, M, Q, Table, quarters, seen, whole
from kpis.audit.ratios import common, is_level, quotient
from kpis.models import Kpi, Target

Compared = tuple[Any, Any, int]


def hold_against(kpi: Kpi, cells: Table, top: Table, bottom: Table) -> None:
    """Fills those columns of every cell."""
    targets = {(t.fiscal_year, t.month): Fraction(t.value) for t in Target.objects.filter(kpi=kpi)}
    for (span, period), cell in cells.items():
        if cell["nature"] != "projected":
            _cumulative(kpi, cells, span, period, cell)
            found = _last_year(kpi, cells, span, period, cell, top, bottom)
            if found:
                cell["compared_value"], cell["last_year_value"], cell["compared_months"] = found
        _goals(kpi, span, period, cell, targets)


def _cumulative(kpi: Kpi, cells: Table, span: str, period: date, cell: Cell) -> None:
    if kpi.kind != "flow" or span != M or cell["missing_reason"] == "before_start":
        return
    year = [seen(cells, M, m) for m in fiscal_months(fiscal_year_of(period)) if m <= period]
    values = [c["value"] for c in year if c is not None and c["value"] is not None]
    if values:
        cell.update(cumulative=sum(values), cumulative_months=len(values))


def _last_year(
    kpi: Kpi, cells: Table, span: str, period: date, cell: Cell, top: Table, bottom: Table
) -> Compared | None:
    before = cells.get((span, add_months(period, -12)))
    both = whole(cell) is not None and whole(before) is not None
    if before is not None and both:
        if span != FY:
            return cell["value"], before["value"], LENGTH[span]
        if kpi.kind == "stock" and cell["value_period"] is None and before["value_period"] is None:
            return cell["value"], before["value"], 12
        if kpi.kind != "stock" and before["months"] == cell["months"] == 12:
            return cell["value"], before["value"], 12
    if span != FY:
        return None
    if kpi.kind == "stock":
        return _same_day(cells, cell)
    if kpi.kind == "flow":
        return _same_months(cells, fiscal_year_of(period))
    return _same_ratio(kpi, fiscal_year_of(period), top, bottom)


def _same_day(cells: Table, cell: Cell) -> Compared | None:
    day = cell["value_period"]
    if day is None or whole(cell) is None:
        return None
    span = M if seen(cells, M, day) else Q
    then = whole(cells.get((span, add_months(day, -12))))
    return None if then is None else (cell["value"], then, LENGTH[span])


def _same_months(cells: Table, year: int) -> Compared | None:
    for span, days in ((M, fiscal_months(year)), (Q, quarters(fiscal_months(year)))):
        pairs = [(whole(cells.get((span, d))), whole(cells.get((span, add_months(d, -12))))) for d in days]
        known = [(now, then) for now, then in pairs if now is not None and then is not None]
        if known:
            return sum(now for now, _ in known), sum(then for _, then in known), LENGTH[span] * len(known)
    return None


def _same_ratio(kpi: Kpi, year: int, top: Table, bottom: Table) -> Compared | None:
    span, _, now = common(kpi, year, top, bottom)
    span_before, _, then = common(kpi, year - 1, top, bottom)
    wanted = now[-1:] if is_level(kpi) else now
    days = [d for d in wanted if add_months(d, -12) in then]
    if not days or span != span_before:
        return None

    def over(back: int) -> Fraction | None:
        keys = [(span, add_months(d, back)) for d in days]
        return quotient(kpi, (top[key] for key in keys), (bottom[key] for key in keys))

    return over(0), over(-12), LENGTH[span] * len(days)


def _goals(kpi: Kpi, span: str, period: date, cell: Cell, targets: dict[Any, Fraction]) -> None:
    value = cell["value"] if cell["nature"] == "projected" else whole(cell)
    base = Fraction(kpi.baseline_value) if kpi.baseline_value is not None else None
    comparable = base is not None and (kpi.kind == "stock" or span == kpi.baseline_span)
    if value is not None and base and comparable:
        cell["ratio_to_baseline"] = value / base
    if cell["nature"] == "projected" or span not in (M, FY):
        return
    year = fiscal_year_of(period)
    target = targets.get((year, period.month if span == M else None))
    if target is None and span == M and kpi.kind != "flow":
        target = targets.get((year, None))
    cell["target_value"] = target
    if target is None or value is None:
        return
    if base is not None and comparable and target != base:
        cell["progress"] = (value - base) / (target - base)
    over, under = (target, value) if kpi.direction == "down" else (value, target)
    if under:
        cell["achievement"] = over / under
