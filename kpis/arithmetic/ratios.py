"""Ratios: numerator ÷ denominator of the same period; a year's is Σ numerators ÷ Σ denominators, never a mean."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from japan.fiscal import fiscal_year_of, fiscal_year_start
from japan.periods import Span
from kpis.arithmetic.facts import PROJECTED, KpiFacts, Row, Rows


def quotient(facts: KpiFacts, numerator: Decimal | None, denominator: Decimal | None) -> Decimal | None:
    """In the KPI's unit: times 100 for a percentage. None without both parts or with a denominator of 0."""
    if numerator is None or denominator is None or denominator == 0:
        return None
    return numerator / denominator * (100 if facts.unit == "%" else 1)


def ratio_rows(facts: KpiFacts, published: Rows, tops: Rows, bottoms: Rows) -> Rows:
    """The rows of a computed ratio. A published percentage is shown for its own period; the parts stand beside it."""
    rows: Rows = {}
    for key in sorted(set(tops) | set(bottoms) | set(published)):
        if key[0] != Span.FISCAL_YEAR:
            rows[key] = _one_period(facts, key, published.get(key), tops.get(key), bottoms.get(key))
    years = {fiscal_year_of(start) for span, start in rows if span in (Span.MONTH, Span.QUARTER)}
    years |= {start.year for span, start in (*tops, *bottoms, *published) if span == Span.FISCAL_YEAR}
    for year in sorted(years):
        row = _year(facts, year, published, tops, bottoms)
        if row is not None:
            rows[(Span.FISCAL_YEAR, fiscal_year_start(year))] = row
    return rows


def _one_period(
    facts: KpiFacts, key: tuple[Span, date], published: Row | None, top: Row | None, bottom: Row | None
) -> Row:
    parts = [part for part in (top, bottom) if part is not None]
    projected = any(part.nature == PROJECTED for part in parts)
    wholes = [part.whole for part in (top, bottom) if part is not None]
    both = len(wholes) == 2 and None not in wholes and not projected
    if published is not None and published.value is not None:
        row = published
    else:
        row = Row(*key, basis="ratio", reported=sum(part.is_complete for part in parts), expected=2)
        reasons = {part.missing_reason for part in parts if part.is_complete}
        if not both and len(parts) == 2 and len(reasons) == 1:
            row.missing_reason = reasons.pop()
    if both and top is not None and bottom is not None:
        row.numerator, row.denominator = top.value, bottom.value
        if row.basis == "ratio":
            row.value = quotient(facts, top.value, bottom.value)
            row.mark_from(top, bottom)
    return row


def _year(facts: KpiFacts, year: int, published: Rows, tops: Rows, bottoms: Rows) -> Row | None:
    key = (Span.FISCAL_YEAR, fiscal_year_start(year))
    own = published.get(key)
    top, bottom = tops.get(key), bottoms.get(key)
    if own is not None and own.value is not None:
        return own
    if top and bottom and _is_published(top) and _is_published(bottom):
        row = Row(*key, basis="ratio", reported=1, expected=1)
        _divide(facts, row, [top], [bottom])
        row.months = row.months_expected = 12
        return row
    if facts.numerator is None:
        return None
    months = both_months(facts, year, tops, bottoms)
    due = facts.numerator.months_of_life(year)
    if not months and not (top or bottom):
        return None
    row = Row(*key, basis="ratio", reported=len(months), expected=len(due), months=len(months))
    row.months_expected = len(due)
    _divide(facts, row, [tops[Span.MONTH, m] for m in months], [bottoms[Span.MONTH, m] for m in months])
    return row if row.expected >= row.reported else None


def both_months(facts: KpiFacts, year: int, tops: Rows, bottoms: Rows) -> list[date]:
    """The months of a fiscal year in which both parts are complete."""
    assert facts.numerator is not None
    return [
        month
        for month in facts.numerator.months_of_life(year)
        if (top := tops.get((Span.MONTH, month)))
        and (bottom := bottoms.get((Span.MONTH, month)))
        and top.whole is not None
        and bottom.whole is not None
    ]


def _is_published(row: Row) -> bool:
    """The year was stated as a whole, not added up here."""
    return row.basis in ("published", "parts") and row.whole is not None


def _divide(facts: KpiFacts, row: Row, tops: list[Row], bottoms: list[Row]) -> None:
    if tops and bottoms:
        row.numerator = sum((top.value for top in tops if top.value is not None), Decimal(0))
        row.denominator = sum((bottom.value for bottom in bottoms if bottom.value is not None), Decimal(0))
        row.value = quotient(facts, row.numerator, row.denominator)
        row.mark_from(*tops, *bottoms)
