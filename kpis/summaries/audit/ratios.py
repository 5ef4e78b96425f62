"""Ratios from the tables of their two parts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from japan.fiscal import fiscal_year_of, fiscal_year_start
from japan.units import KNOWN, unit_of
from kpis.models import Kpi
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
    is_answered,
    is_exact,
    is_full,
    life,
    live,
    quarters,
    seen,
    whole,
)

#: How much a leading kanji multiplies a unit, and what share a percentage is.
_TIMES = {"千": 3, "万": 4, "百万": 6, "億": 8, "十億": 9, "兆": 12}
_SHARE = {"%": Fraction(1, 100), "‰": Fraction(1, 1000)}
_PRINTED_SHARE = re.compile("[0-9][0-9,.]*(?=[%％]$)")


def factor(unit: str) -> Fraction:
    """How many base units a unit is; a leading kanji counts before a unit that is known."""
    for word in sorted(_TIMES, key=len, reverse=True):
        base = unit.removeprefix(word)
        if base != unit and unit_of(base.partition("/")[0]).base in KNOWN:
            return Fraction(10) ** _TIMES[word]
    return _SHARE.get(unit, Fraction(1))


def summed(kpi: Kpi, part: Kpi | None, cells: Sequence[Cell]) -> Fraction | None:
    """Amounts add up; a level per which something is counted is its mean over the periods, or its last."""
    values = [Fraction(c["value"]) for c in cells if c["value"] is not None]
    if not values:
        return None
    if part is None or part.kind == "flow":
        return sum(values, Fraction(0))
    return values[-1] if is_level(kpi) or kpi.level_rule == "year_end" else sum(values, Fraction(0)) / len(values)


def quotient(kpi: Kpi, tops: Iterable[Cell], bottoms: Iterable[Cell]) -> Fraction | None:
    """Σ numerators ÷ Σ denominators in the KPI's unit: times 100 for a percentage."""
    top, bottom = summed(kpi, kpi.numerator, list(tops)), summed(kpi, kpi.denominator, list(bottoms))
    above, below = (factor(part.unit) if part else Fraction(1) for part in (kpi.numerator, kpi.denominator))
    return top * above / (bottom * below * factor(kpi.unit)) if bottom and top is not None else None


def printed(kpi: Kpi, top: Cell | None, cell: Cell) -> Cell:
    """A percentage printed beside the numerator's value, as long as that value counts."""
    if kpi.numerator is None or top is None or whole(top) is None or kpi.unit != "%":
        return cell
    rivals = Kpi.objects.filter(numerator=kpi.numerator, unit="%").order_by("order", "code")
    shares = [found[0] for piece in top["published"].split("、") if (found := _PRINTED_SHARE.match(piece.strip()))]
    if len(shares) != 1 or rivals[0].pk != kpi.pk:
        return cell
    made = cell["value"] if cell["value"] is not None and is_exact(cell) else None
    kept = {name: top[name] for name in ("is_provisional", "is_synthetic", "as_of", "as_of_wording")}
    origins = sorted([list(pair) for pair in {tuple(p) for c in (cell, top) for p in c["computed_from"]}])
    said = {"value": Fraction(shares[0].replace(",", "")), "basis": "published", "reported": 1, "expected": 1}
    said |= {
        "computed_value": made,
        "published": next(p.strip() for p in top["published"].split("、") if shares[0] in p),
    }
    plain = {"missing_reason": "", "nature": "observed", "is_derived": False, "is_rounded": False}
    return cell | kept | said | plain | {"computed_from": origins}


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
                parts = {"numerator": made["numerator"], "denominator": made["denominator"]}
                cells[key] = own[key] | parts | {"computed_value": _beside(key, top, bottom, kpi)}
    years = {fiscal_year_of(day) for span, day in cells if span in (M, Q)}
    years |= {day.year for part in (own, top, bottom) for span, day in part if span == FY}
    for year in years:
        key = (FY, fiscal_year_start(year))
        found = _year(kpi, year, top, bottom)
        if key in own and (found is None or not _is_superseded(kpi, own[key], found)):
            found = own[key] | {"computed_value": _beside_year(own[key], found)}
        if found is not None:
            cells[key] = found
    return cells


def _beside(key: tuple[str, date], top: Table, bottom: Table, kpi: Kpi) -> Fraction | None:
    """What the parts make beside a printed percentage, where both are exact."""
    pair = [part.get(key) for part in (top, bottom)]
    if any(whole(p) is None or not is_exact(p) for p in pair if p is not None) or None in pair:
        return None
    return quotient(kpi, [p for p in pair[:1] if p], [p for p in pair[1:] if p])


def _beside_year(own: Cell, made: Cell | None) -> Fraction | None:
    if made is None or own["value"] is None or own["nature"] == "projected" or not is_full(made):
        return None
    known: Fraction | None = made["value"] if made["basis"] == "ratio" and is_exact(made) else made["computed_value"]
    return known


def _is_superseded(kpi: Kpi, own: Cell, made: Cell) -> bool:
    """Only what has parts can be: a missing value always, a projection once the parts are known."""
    if kpi.numerator is None:
        return False
    return own["value"] is None or (own["nature"] == "projected" and made["numerator"] is not None)


def _period(kpi: Kpi, key: tuple[str, date], top: Table, bottom: Table) -> Cell:
    pair = [part[key] for part in (top, bottom) if key in part]
    cell = blank(key[0], "ratio") | {"expected": 2, "reported": len([p for p in pair if is_full(p)])}
    live(kpi, key[0], key[1], cell)
    return printed(kpi, top.get(key), _filled(kpi, cell, pair))


def _filled(kpi: Kpi, cell: Cell, pair: list[Cell]) -> Cell:
    if len(pair) == 2 and all(whole(p) is not None for p in pair):
        cell.update(numerator=pair[0]["value"], denominator=pair[1]["value"])
        cell["value"] = quotient(kpi, pair[:1], pair[1:])
        return inherit(cell, pair)
    if cell["reported"] == 2:
        cell["missing_reason"] = _why(pair)
    return cell


def _why(cells: Sequence[Cell]) -> str:
    """導入前 before 非公開 before 該当なし; 集計中 is no answer."""
    said = {c["missing_reason"] for c in cells} | {"withheld" for c in cells if c["withheld"]}
    return next((reason for reason in ("before_start", "withheld", "not_applicable") if reason in said), "")


def _year(kpi: Kpi, year: int, top: Table, bottom: Table) -> Cell | None:
    start = fiscal_year_start(year)
    pair = [cell for part in (top, bottom) if (cell := seen(part, FY, start))]
    told = [p for p in pair if p["basis"] in ("published", "parts") and is_full(p)]
    stated = [p for p in told if whole(p) is not None]
    cell = blank(FY, "ratio")
    if len(stated) == 2:
        cell.update(reported=1, expected=1)
        live(kpi, FY, start, cell)
        if not is_level(kpi):
            least = min([cell["months"], *(p["months"] for p in stated)])
            cell.update(months=least, months_expected=least)
        return printed(kpi, stated[0], _divided(kpi, cell, stated[:1], stated[1:]))
    span, months, there = common(kpi, year, top, bottom)
    if not months or not pair:
        return None
    if len(pair) == 2 and not there and (found := _per_yearly_level(kpi, cell, pair)):
        return found
    if len(told) == 2 and not there:
        return cell | {"reported": 1, "expected": 1, "missing_reason": _why(told)}
    due = months if span == M else quarters(months)
    used = there[-1:] if is_level(kpi) else there
    if is_level(kpi):
        cell.update(reported=len(used), expected=1, months=1, months_expected=1)
        lived = life(kpi, year)
        cell["value_period"] = [m for m in months if used[0] <= m <= end_of(span, used[0])][-1] if used else None
        cell.update(first_month=lived[0], final_month=lived[-1])
    else:
        cell.update(reported=len(used), expected=len(due))
        held = [m for m in months if (m if span == M else quarters([m])[0]) in used]
        cell.update(months=len(held), months_expected=len(months))
        cell.update(first_month=months[0], final_month=months[-1])
        cell["newest_month"] = end_of(span, used[-1]) if used else None
    made = _divided(kpi, cell, [top[span, day] for day in used], [bottom[span, day] for day in used])
    if made["value"] is None:
        answered = [d for d in due if all((c := seen(part, span, d)) and is_full(c) for part in (top, bottom))]
        made["missing_reason"] = _why([part[span, d] for d in used or answered for part in (top, bottom)])
    return made


def _divided(kpi: Kpi, cell: Cell, tops: list[Cell], bottoms: list[Cell]) -> Cell:
    if tops:
        cell["numerator"] = summed(kpi, kpi.numerator, tops)
        cell["denominator"] = summed(kpi, kpi.denominator, bottoms)
        cell["value"] = quotient(kpi, tops, bottoms)
        inherit(cell, tops + bottoms)
    return cell


def _per_yearly_level(kpi: Kpi, cell: Cell, pair: list[Cell]) -> Cell | None:
    """Months of an amount per a level that is stated once a year."""
    kinds = [part.kind for part in (kpi.numerator, kpi.denominator) if part is not None]
    if sorted(kinds) != ["flow", "stock"]:
        return None
    amount, level = pair if kinds[0] == "flow" else pair[::-1]
    if level["basis"] not in ("published", "parts") or whole(level) is None:
        return None
    if amount["basis"] != "months" or amount["value"] is None or amount["withheld"]:
        return None
    for column in ("reported", "expected", "months", "months_expected", "first_month", "final_month", "newest_month"):
        cell[column] = amount[column]
    return _divided(kpi, cell, pair[:1], pair[1:])


def common(kpi: Kpi, year: int, top: Table, bottom: Table) -> tuple[str, list[date], list[date]]:
    """Month or quarter, the months in which the ratio is due, and the periods in which both parts are there."""
    if kpi.numerator is None or kpi.denominator is None:
        return M, [], []
    due = set(life(kpi, year))
    due &= set(introduced(top, life(kpi.numerator, year)))
    due &= set(introduced(bottom, life(kpi.denominator, year)))
    span, days = M, sorted(due)
    if not any(seen(part, M, day) for part in (top, bottom) for day in days):
        span, days = Q, quarters(days)

    def is_there(cell: Cell | None) -> bool:
        return whole(cell) is not None if is_level(kpi) else is_answered(cell)

    there = [d for d in days if all(is_there(part.get((span, d))) for part in (top, bottom))]
    return span, sorted(due), there
