"""Fiscal years from their months: a flow adds up, a stock is its last month's value."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from japan.fiscal import fiscal_year_of, fiscal_year_start
from japan.periods import Period, Span
from kpis.arithmetic.facts import BEFORE_START, PROJECTED, KpiFacts, Row, Rows, last_month, observed, starts_in


def add_fiscal_years(facts: KpiFacts, rows: Rows) -> None:
    """Adds a row for each fiscal year that has months (or quarters), beside those published for a whole year."""
    years = {fiscal_year_of(start) for span, start in rows if span in (Span.MONTH, Span.QUARTER)}
    for year in sorted(years):
        key = (Span.FISCAL_YEAR, fiscal_year_start(year))
        from_months = _flow_year(facts, rows, year) if facts.kind == "flow" else _stock_year(facts, rows, year)
        published = rows.get(key)
        if from_months is None:
            continue
        if published is None or published.value is None or published.nature == PROJECTED:
            rows[key] = from_months
        elif facts.kind == "flow" and published.parts_total is None:
            published.parts_total = from_months.whole


def due_months(facts: KpiFacts, rows: Rows, fiscal_year: int) -> list[date]:
    """The months of a year in which a value is due: those of the KPI's life without those before its introduction."""

    def is_before_start(span: Span, month: date) -> bool:
        row = rows.get((span, Period.containing(span, month).start))
        return row is not None and row.missing_reason == BEFORE_START

    return [
        month
        for month in facts.months_of_life(fiscal_year)
        if not any(is_before_start(span, month) for span in (Span.MONTH, Span.QUARTER))
    ]


def reported_in(rows: Rows, months: list[date]) -> tuple[Span, list[Row]]:
    """What was reported month by month, or quarter by quarter where there is no month."""
    for span in (Span.MONTH, Span.QUARTER):
        found = [row for start in starts_in(span, months) if (row := observed(rows, span, start))]
        if found:
            return span, found
    return Span.MONTH, []


def _flow_year(facts: KpiFacts, rows: Rows, fiscal_year: int) -> Row | None:
    """The sum of the whole months; what is in of a month with missing parts is no month and not in the sum."""
    months = due_months(facts, rows, fiscal_year)
    span, found = reported_in(rows, months)
    if not found:
        return None
    whole = [row for row in found if row.is_complete]
    values = [row.value for row in whole if row.value is not None]
    due = starts_in(span, months)
    silent = [Period(span, start) for start in due if observed(rows, span, start) is None]
    row = Row(
        Span.FISCAL_YEAR,
        fiscal_year_start(fiscal_year),
        basis="months",
        value=sum(values, Decimal(0)) if values else None,
        reported=sum(r.reported for r in found),
        expected=sum(r.expected for r in found) + sum(facts.parts_due_in(period) for period in silent),
        withheld=sum(r.withheld for r in whole),
        months=sum(r.months for r in whole),
        months_expected=len(months) if span == Span.QUARTER else span.months * len(due),
        newest_month=last_month(span, whole[-1].period) if whole else None,
    )
    row.set_life(months)
    reasons = {r.missing_reason for r in found}
    if not values and len(reasons) == 1:
        row.missing_reason = reasons.pop()
    row.mark_from(*whole)
    return row


def _stock_year(facts: KpiFacts, rows: Rows, fiscal_year: int) -> Row | None:
    _, found = reported_in(rows, facts.months_of_life(fiscal_year))
    if not found:
        return None
    complete = [row for row in found if row.is_complete and row.value is not None]
    partial = [row for row in found if row.value is not None]
    last = (complete or partial or found)[-1]
    row = Row(
        Span.FISCAL_YEAR,
        fiscal_year_start(fiscal_year),
        basis="none" if last.basis == "none" else "last",
        value=last.value,
        missing_reason=last.missing_reason,
        value_period=last.stands_in,
        reported=last.reported,
        expected=last.expected,
        withheld=last.withheld,
        months=1,
        months_expected=1,
        as_of=last.as_of,
        as_of_wording=last.as_of_wording,
        published=last.published,
    )
    row.set_life(facts.months_of_life(fiscal_year))
    row.mark_from(last)
    return row
