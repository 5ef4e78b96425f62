"""The columns that hold a cell against another: running total, year before, baseline, target."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from japan.fiscal import add_months, fiscal_months, fiscal_year_of
from kpis.models import Kpi, Target
from kpis.summaries.audit.cells import (
    FY,
    LENGTH,
    Cell,
    M,
    Q,
    Table,
    has_gap,
    is_answered,
    is_full,
    is_of_a_day,
    is_short,
    life,
    marks,
    quarters,
    seen,
    stops_within,
    whole,
)
from kpis.summaries.audit.endings import Endings
from kpis.summaries.audit.ratios import common, is_level, quotient

#: This year, the year before, over how many months, and the cells they were made from.
Compared = tuple[Any, Any, int, list[Cell]]


def hold_against(kpi: Kpi, cells: Table, top: Table, bottom: Table, endings: list[Endings]) -> None:
    """Fills those columns of every cell."""
    targets = {(t.fiscal_year, t.month): Fraction(t.value) for t in Target.objects.filter(kpi=kpi)}
    for (span, period), cell in cells.items():
        if cell["nature"] != "projected":
            _cumulative(kpi, cells, span, period, cell)
            found = None if has_gap(cell, span) else _last_year(kpi, cells, span, period, cell, top, bottom, endings)
            if found:
                cell["compared_value"], cell["last_year_value"], cell["compared_months"], used = found
                cell["compared_marks"] = marks(used)
        _baseline(kpi, span, cell)
        if cell["nature"] != "projected":
            _goals(kpi, span, period, cell, targets)


def _cumulative(kpi: Kpi, cells: Table, span: str, period: date, cell: Cell) -> None:
    if kpi.kind != "flow" or span != M or cell["missing_reason"] == "before_start":
        return
    year = [seen(cells, M, m) for m in fiscal_months(fiscal_year_of(period)) if m <= period]
    said = [c for c in year if c is not None and is_full(c) and c["missing_reason"] != "before_start"]
    values = [c["value"] for c in said if c["value"] is not None]
    if values:
        cell.update(cumulative=sum(values), cumulative_months=len(said))


def _last_year(
    kpi: Kpi, cells: Table, span: str, period: date, cell: Cell, top: Table, bottom: Table, endings: list[Endings]
) -> Compared | None:
    before = cells.get((span, add_months(period, -12)))
    is_lost = cell["lost_last_year"]
    if not is_lost and before is not None and whole(cell) is not None and whole(before) is not None:
        is_day = cell["value_period"] is not None or before["value_period"] is not None
        is_cut = any(stops_within(kpi, span, each) for each in (period, add_months(period, -12)))
        if not is_day and not is_cut and cell["months"] == before["months"] == LENGTH[span]:
            return cell["value"], before["value"], LENGTH[span], [cell, before]
    if span != FY:
        return None
    if kpi.kind == "stock":
        return None if is_lost else _same_day(kpi, cells, cell)
    if kpi.kind == "flow":
        return _same_months(cells, fiscal_year_of(period), endings)
    return _same_ratio(kpi, fiscal_year_of(period), top, bottom, endings)


def _same_day(kpi: Kpi, cells: Table, cell: Cell) -> Compared | None:
    month = cell["value_period"]
    if month is None or whole(cell) is None:
        return None
    span, day = (M, month) if seen(cells, M, month) else (Q, quarters([month])[0])
    then = cells.get((span, add_months(day, -12)))
    if then is None or whole(then) is None or seen(cells, span, day) is None or stops_within(kpi, span, day):
        return None
    return cell["value"], then["value"], LENGTH[span], [cell, then]


def _same_months(cells: Table, year: int, endings: list[Endings]) -> Compared | None:
    for span, days in ((M, fiscal_months(year)), (Q, quarters(fiscal_months(year)))):
        kept = [d for d in days if not any(known.between((span, d)) for known in endings)]
        pairs = [(cells.get((span, d)), cells.get((span, add_months(d, -12)))) for d in kept]
        known = [
            (now, then)
            for now, then in pairs
            if now and then and is_answered(now) and is_answered(then)
            if now["months"] == then["months"] == LENGTH[span]
        ]
        both = [[pair[side]["value"] for pair in known if pair[side]["value"] is not None] for side in (0, 1)]
        if all(both):
            sums = [sum(values) for values in both]
            return sums[0], sums[1], LENGTH[span] * len(known), [cell for pair in known for cell in pair]
    return None


def _same_ratio(kpi: Kpi, year: int, top: Table, bottom: Table, endings: list[Endings]) -> Compared | None:
    span, _, now = common(kpi, year, top, bottom)
    span_before, _, then = common(kpi, year - 1, top, bottom)
    wanted = now[-1:] if is_level(kpi) else now
    days = [d for d in wanted if add_months(d, -12) in then]
    days = [d for d in days if not any(known.between((span, d)) for known in endings)]
    if not days or span != span_before:
        return None

    def over(back: int) -> tuple[Fraction | None, list[Cell]]:
        keys = [(span, add_months(d, back)) for d in days]
        above, below = [top[key] for key in keys], [bottom[key] for key in keys]
        return quotient(kpi, above, below), above + below

    (here, used), (there, used_then) = over(0), over(-12)
    if here is None or there is None:
        return None
    return here, there, LENGTH[span] * len(days), used + used_then


def _held(kpi: Kpi, span: str, cell: Cell) -> Fraction | None:
    """The value, where it stands for a full period."""
    return None if not is_of_a_day(kpi) and is_short(cell, span) else whole(cell)


def _baseline(kpi: Kpi, span: str, cell: Cell) -> None:
    """A multiple of the baseline, which is of an equal span unless the value is of a day."""
    value = cell["value"] if cell["nature"] == "projected" else _held(kpi, span, cell)
    base = kpi.baseline_value
    if base is None or value is None or base <= 0 or value < 0 or cell["lost_baseline"]:
        return
    if is_of_a_day(kpi) or span == kpi.baseline_span:
        cell["ratio_to_baseline"] = value / Fraction(base)


def _goals(kpi: Kpi, span: str, period: date, cell: Cell, targets: dict[Any, Fraction]) -> None:
    year, is_day = fiscal_year_of(period), is_of_a_day(kpi)
    month_target = targets.get((year, period.month)) if span == M else None
    is_lived = span == FY or (span == M and is_day and any(m.month == 3 for m in life(kpi, year)))
    of_year = targets.get((year, None)) if is_lived else None
    target = of_year if month_target is None else month_target
    cell["target_value"] = target
    value = _held(kpi, span, cell)
    if target is None or value is None or kpi.direction == "none":
        return
    if span == FY and is_day and cell["final_month"] and cell["final_month"].month != 3:
        return  # it ended before the year's end, for which the target is
    if kpi.direction == "down" and cell["lost_last_year"]:
        return
    value = value if cell["computed_value"] is None else cell["computed_value"]
    fits = (is_day or span == kpi.baseline_span) and not cell["lost_baseline"]
    wished = 1 if kpi.direction == "up" else -1
    if kpi.baseline_value is not None and fits and (target - Fraction(kpi.baseline_value)) * wished > 0:
        base = Fraction(kpi.baseline_value)
        cell["progress"] = (value - base) / (target - base)
    stands = cell["value_period"] or period
    is_over = month_target is not None or (stands.month == 3 if span == M or cell["value_period"] else True)
    over, under = (target, value) if kpi.direction == "down" else (value, target)
    if is_over and target > 0 and under > 0 and over >= 0:
        cell["achievement"] = over / under
