"""Ratios: numerator ÷ denominator of the same period; a year's is Σ numerators ÷ Σ denominators, never a mean of rates.

A level does not add up over time: of an amount per head the year is Σ amounts ÷ the level's mean over the same months
(or its level at their end, by the KPI's rule), and of two levels the last period where both are there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from japan.fiscal import fiscal_year_of, fiscal_year_start
from japan.periods import Period, Span
from kpis.arithmetic.facts import (
    BEFORE_START,
    NOT_APPLICABLE,
    OBSERVED,
    PROJECTED,
    WITHHELD,
    KpiFacts,
    Row,
    Rows,
    last_month,
    observed,
    starts_in,
)
from kpis.arithmetic.points import set_life
from kpis.arithmetic.years import due_months
from kpis.claims.published import Comparison, without_unreadable


def quotient(facts: KpiFacts, numerator: Decimal | None, denominator: Decimal | None) -> Decimal | None:
    """In the KPI's unit, by the units' factors: times 100 for a percentage, times 1,000 for 円 of 千円.

    None without both parts or with a denominator of 0.
    """
    if numerator is None or denominator is None or denominator == 0:
        return None
    top, bottom = (part.factor if part else Decimal(1) for part in (facts.numerator, facts.denominator))
    return numerator * top / (denominator * bottom * facts.factor)


def added_up(facts: KpiFacts, part: KpiFacts | None, rows: list[Row]) -> Decimal | None:
    """What a part contributes to a ratio over several periods; None without any."""
    values = [row.value for row in rows if row.value is not None]
    if not values:
        return None
    if part is None or part.kind != "stock":
        return sum(values, Decimal(0))
    return (
        values[-1] if facts.level_rule == "year_end" or facts.is_stock_ratio else sum(values, Decimal(0)) / len(values)
    )


def ratio_rows(facts: KpiFacts, published: Rows, tops: Rows, bottoms: Rows) -> Rows:
    """The rows of a computed ratio. A published percentage is shown for its own period; the parts stand beside it."""
    rows: Rows = {}
    for key in sorted(set(tops) | set(bottoms) | set(published)):
        # Of a period for which the parts are only projected nothing is due.
        due = key in published or observed(tops, *key) or observed(bottoms, *key)
        if due and key[0] != Span.FISCAL_YEAR:
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
    both = len(parts) == 2 and all(part.whole is not None for part in parts)
    if published is not None and _stands(facts, published, both):
        row = published
    else:
        row = Row(*key, basis="ratio", reported=sum(part.is_complete for part in parts), expected=2)
        if row.is_complete and not both:
            row.missing_reason = _reason(parts)
    if both and top is not None and bottom is not None:
        row.numerator, row.denominator = top.value, bottom.value
        if row.basis == "ratio":
            row.value = quotient(facts, top.value, bottom.value)
            row.mark_from(top, bottom)
        elif top.is_exact and bottom.is_exact:
            row.computed_value = quotient(facts, top.value, bottom.value)
    if row.basis == "ratio":
        set_life(facts, row)
        _take_share(facts, row, top)
    return row


def _reason(parts: list[Row]) -> str:
    """Why there is no ratio of what is answered: one side was not in use yet, so that nothing of it could be withheld;
    else one is 非公開, even in part; else 該当なし."""
    reasons = {part.missing_reason for part in parts}
    if BEFORE_START in reasons:
        return BEFORE_START
    if any(part.withheld for part in parts):
        return WITHHELD
    return NOT_APPLICABLE if NOT_APPLICABLE in reasons else ""


def _take_share(facts: KpiFacts, row: Row, top: Row | None) -> None:
    """A percentage that was printed beside the numerator's value is the figure, as long as that value counts."""
    if not facts.takes_share or top is None or top.whole is None:
        return
    share = without_unreadable(top.published).get(Comparison.SHARE)
    if share is not None:
        if row.value is not None and row.is_exact:
            row.computed_value = row.value
        row.basis, row.value, row.missing_reason, row.published = "published", share.number, "", share.text
        row.reported = row.expected = 1
        row.nature, row.is_derived, row.is_rounded = OBSERVED, False, False
        row.is_provisional, row.is_synthetic = top.is_provisional, top.is_synthetic
        row.as_of, row.as_of_wording = top.as_of, top.as_of_wording
        row.mark_origin(top)


def _stands(facts: KpiFacts, published: Row, computable: bool) -> bool:
    """Whether what was published is shown: a value is, unless it is a projection of what is known by now."""
    if facts.numerator is None:
        return True
    return published.value is not None and not (computable and published.nature == PROJECTED)


def _year(facts: KpiFacts, year: int, published: Rows, tops: Rows, bottoms: Rows) -> Row | None:
    key = (Span.FISCAL_YEAR, fiscal_year_start(year))
    own = published.get(key)
    made = _computed_year(facts, year, tops, bottoms) if facts.numerator else None
    computable = made is not None and made.numerator is not None
    if own is None or (made is not None and not _stands(facts, own, computable)):
        return made
    if made is not None and made.is_complete and own.value is not None and own.nature != PROJECTED:
        own.computed_value = made.value if made.basis == "ratio" and made.is_exact else made.computed_value
    return own


def _computed_year(facts: KpiFacts, year: int, tops: Rows, bottoms: Rows) -> Row | None:
    key = (Span.FISCAL_YEAR, fiscal_year_start(year))
    top, bottom = observed(tops, *key), observed(bottoms, *key)
    if top and bottom and _is_published(top) and _is_published(bottom):
        row = Row(*key, basis="ratio", reported=1, expected=1)
        _divide(facts, row, [top], [bottom])
        set_life(facts, row)
        if not facts.is_level:
            row.months = row.months_expected = min(top.months, bottom.months, row.months)
        _take_share(facts, row, top)
        return row
    shared = shared_periods(facts, year, tops, bottoms)
    if not shared.due or not (top or bottom):
        return None
    if top and bottom and not shared.starts and (stated := _yearly_level(facts, key, top, bottom)):
        return stated
    if top and bottom and not shared.starts and _is_stated(top) and _is_stated(bottom):
        return Row(*key, basis="ratio", reported=1, expected=1, missing_reason=_reason([top, bottom]))
    row = Row(*key, basis="ratio")
    if facts.is_stock_ratio:
        used = shared.starts[-1:]
        row.reported, row.expected = len(used), 1
        row.months = row.months_expected = 1
        row.value_period = max((m for m in shared.months if _is_in(shared.span, m, used)), default=None)
        row.set_life(facts.months_of_life(year))
    else:
        used = shared.starts
        row.reported, row.expected = len(used), len(shared.due)
        row.months, row.months_expected = _months(shared, used), len(shared.months)
        row.set_life(shared.months)
        row.newest_month = last_month(shared.span, used[-1]) if used else None
    _divide(facts, row, [tops[shared.span, start] for start in used], [bottoms[shared.span, start] for start in used])
    if row.value is None:
        there = used or [each for each in shared.due if _both_in(tops, bottoms, (shared.span, each))]
        row.missing_reason = _reason([part[shared.span, start] for start in there for part in (tops, bottoms)])
    return row


def _both_in(tops: Rows, bottoms: Rows, key: tuple[Span, date]) -> bool:
    """Everything due of both sides was answered, withheld or not."""
    pair = observed(tops, *key), observed(bottoms, *key)
    return all(row is not None and row.is_complete for row in pair)


def _months(shared: Shared, used: list[date]) -> int:
    """How many due months lie in the used periods."""
    return sum(_is_in(shared.span, month, used) for month in shared.months)


def _is_in(span: Span, month: date, starts: list[date]) -> bool:
    return Period.containing(span, month).start in starts


def _yearly_level(facts: KpiFacts, key: tuple[Span, date], top: Row, bottom: Row) -> Row | None:
    """An amount of months per a level that is stated once a year (staff on 1 April): Σ amounts ÷ that level."""
    kinds = [part.kind if part else "" for part in (facts.numerator, facts.denominator)]
    if sorted(kinds) != ["flow", "stock"]:
        return None
    amount, level = (top, bottom) if kinds[0] == "flow" else (bottom, top)
    if not _is_published(level) or amount.basis != "months" or amount.value is None or amount.withheld:
        return None
    row = Row(*key, basis="ratio", reported=amount.reported, expected=amount.expected)
    row.months, row.months_expected = amount.months, amount.months_expected
    row.first_month, row.final_month, row.newest_month = amount.first_month, amount.final_month, amount.newest_month
    _divide(facts, row, [top], [bottom])
    return row


@dataclass(frozen=True)
class Shared:
    """The months of a year in which a ratio is due, their periods, and those in which both of its parts are there."""

    span: Span
    months: list[date]
    due: list[date]
    starts: list[date]


def shared_periods(facts: KpiFacts, year: int, tops: Rows, bottoms: Rows) -> Shared:
    """By month, or by quarter where neither part has a month. 導入前 of a part is no month of the ratio."""
    months = facts.months_of_life(year)
    for part, rows in ((facts.numerator, tops), (facts.denominator, bottoms)):
        due = due_months(part, rows, year) if part else []
        months = [month for month in months if month in due]
    by_month = any(observed(rows, Span.MONTH, month) for rows in (tops, bottoms) for month in months)
    span = Span.MONTH if by_month else Span.QUARTER
    starts = starts_in(span, months)

    def is_there(rows: Rows, start: date) -> bool:
        row = observed(rows, span, start)
        # A level that is 該当なし is no level; an amount that is adds nothing.
        return row is not None and (row.whole is not None if facts.is_stock_ratio else row.is_answered)

    there = [start for start in starts if is_there(tops, start) and is_there(bottoms, start)]
    return Shared(span, months, starts, there)


def _is_published(row: Row) -> bool:
    """The year was stated as a whole, not added up here."""
    return _is_stated(row) and row.whole is not None


def _is_stated(row: Row) -> bool:
    return row.basis in ("published", "parts") and row.is_complete


def _divide(facts: KpiFacts, row: Row, tops: list[Row], bottoms: list[Row]) -> None:
    if tops and bottoms:
        row.numerator = added_up(facts, facts.numerator, tops)
        row.denominator = added_up(facts, facts.denominator, bottoms)
        row.value = quotient(facts, row.numerator, row.denominator)
        row.mark_from(*tops, *bottoms)
