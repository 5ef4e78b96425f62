"""Ratios from the tables of their two parts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from japan.fiscal import fiscal_year_of, fiscal_year_start
from kpis.audit.cells import (
    FY,
    LENGTH,
    Cell,
    M,
    Q,
    Table,
    blank,
    inherit,
    introduced,
    is_full,
    life,
    quarters,
    seen,
    whole,
)
from kpis.models import Kpi


def quotient(kpi: Kpi, tops: Iterable[Cell], bottoms: Iterable[Cell]) -> Fraction | None:
    """Σ numerators ÷ Σ denominators, times 100 for a percentage."""
    top, bottom = Fraction(sum(c["value"] for c in tops)), Fraction(sum(c["value"] for c in bottoms))
    return top / bottom * (100 if kpi.unit == "%" else 1) if bottom else None


def is_level(kpi: Kpi) -> bool:
    """Both parts are levels, which do not add up over time."""
    return (
        kpi.numerator is not None
        and kpi.denominator is not None
        and (kpi.numerator.kind == kpi.denominator.kind == "stock")
    )


def ratio(kpi: Kpi, own: Table, top: Table, bottom: Table) -> Table:
    """What was published as such, and what follows from the parts."""
    cells: Table = {}
    for key in {*own, *top, *bottom}:
        if key[0] != FY and (key in own or seen(top, *key) or seen(bottom, *key)):
            made = _period(kpi, key, top, bottom)
            cells[key] = made
            if key in own and not _is_superseded(kpi, own[key], made):
                cells[key] = own[key] | {"numerator": made["numerator"], "denominator": made["denominator"]}
    years = {fiscal_year_of(day) for span, day in cells if span in (M, Q)}
    years |= {day.year for part in (own, top, bottom) for span, day in part if span == FY}
    for year in years:
        key = (FY, fiscal_year_start(year))
        found = _year(kpi, year, top, bottom)
        if key in own and (found is None or not _is_superseded(kpi, own[key], found)):
            found = own[key]
        if found is not None:
            cells[key] = found
    return cells


def _is_superseded(kpi: Kpi, own: Cell, made: Cell) -> bool:
    """Only what has parts can be: a missing value always, a projection once the parts are known."""
    if kpi.numerator is None:
        return False
    return own["value"] is None or (own["nature"] == "projected" and made["numerator"] is not None)


def _period(kpi: Kpi, key: tuple[str, date], top: Table, bottom: Table) -> Cell:
    pair = [part[key] for part in (top, bottom) if key in part]
    cell = blank(key[0], "ratio") | {"expected": 2, "reported": len([p for p in pair if is_full(p)])}
    if len(pair) == 2 and all(whole(p) is not None for p in pair):
        cell.update(numerator=pair[0]["value"], denominator=pair[1]["value"])
        cell["value"] = quotient(kpi, pair[:1], pair[1:])
        return inherit(cell, pair)
    reasons = {p["missing_reason"] for p in pair if p["missing_reason"]}
    if cell["reported"] == 2 and len(reasons) == 1:
        cell["missing_reason"] = reasons.pop()
    return cell


def _year(kpi: Kpi, year: int, top: Table, bottom: Table) -> Cell | None:
    start = fiscal_year_start(year)
    pair = [cell for part in (top, bottom) if (cell := seen(part, FY, start))]
    stated = [p for p in pair if p["basis"] in ("published", "parts") and whole(p) is not None]
    cell = blank(FY, "ratio")
    if len(stated) == 2:
        cell.update(reported=1, expected=1)
        tops, bottoms = stated[:1], stated[1:]
    else:
        span, due, there = common(kpi, year, top, bottom)
        if not due or not pair:
            return None
        used = there[-1:] if is_level(kpi) else there
        if is_level(kpi):
            cell.update(reported=len(used), expected=1, months=1, months_expected=1)
            cell["value_period"] = used[0] if used else None
        else:
            cell.update(reported=len(used), expected=len(due))
            cell.update(months=LENGTH[span] * len(used), months_expected=LENGTH[span] * len(due))
        tops, bottoms = [top[span, day] for day in used], [bottom[span, day] for day in used]
    if tops:
        cell["numerator"] = sum(c["value"] for c in tops)
        cell["denominator"] = sum(c["value"] for c in bottoms)
        cell["value"] = quotient(kpi, tops, bottoms)
        inherit(cell, tops + bottoms)
    return cell


def common(kpi: Kpi, year: int, top: Table, bottom: Table) -> tuple[str, list[date], list[date]]:
    """Month or quarter, the periods in which the ratio is due, and those in which both parts are there."""
    if kpi.numerator is None or kpi.denominator is None:
        return M, [], []
    due = set(life(kpi, year))
    due &= set(introduced(top, life(kpi.numerator, year)))
    due &= set(introduced(bottom, life(kpi.denominator, year)))
    span, days = M, sorted(due)
    if not any(seen(part, M, day) for part in (top, bottom) for day in days):
        span, days = Q, quarters(days)
    there = [d for d in days if all(whole(part.get((span, d))) is not None for part in (top, bottom))]
    return span, days, there
