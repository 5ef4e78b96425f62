"""Which row of a KPI is its latest figure: by its own as-of, for everything due, and never a projection."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from japan.periods import Period
from japan.periods import Span as CalendarSpan
from kpis.models import Kpi, Summary
from kpis.models.value import Nature, Span


def as_of_day(row: Summary) -> date:
    """The day a figure speaks of: its own, else the end of its period (of the month a stock's year was taken from)."""
    if row.as_of:
        return row.as_of
    if row.value_period:
        return Period(CalendarSpan.MONTH, row.value_period).end
    return period_of(row).end


def period_of(row: Summary) -> Period:
    return Period(CalendarSpan(row.span), row.period)


def usual_span(kpi: Kpi) -> str:
    """The span a KPI is reported by; an occasional one has none, and any row may speak for it."""
    return "" if kpi.frequency == Kpi.Frequency.OCCASIONAL else str(kpi.frequency)


def known_by(rows: Iterable[Summary], day: date, *, is_cut: bool) -> list[Summary]:
    """Rows that are no projection and had begun by `day`; with `is_cut` only those whose own as-of is not after it."""
    return [
        row
        for row in rows
        if row.nature != Nature.PROJECTED and (as_of_day(row) <= day if is_cut else row.period <= day)
    ]


def latest(kpi: Kpi, rows: Iterable[Summary]) -> Summary | None:
    """The newest row that is whole; a part of a total speaks only where there was never a whole one."""
    usual = usual_span(kpi)
    told = [row for row in rows if row.value is not None or row.missing_reason or row.basis == Summary.Basis.NONE]
    whole = [row for row in told if row.is_complete]
    partial = [row for row in told if row.reported and row.span != Span.FISCAL_YEAR]
    return max(whole or partial, key=lambda row: (as_of_day(row), row.span == usual), default=None)


def in_progress(kpi: Kpi, rows: Iterable[Summary], shown: Summary) -> Summary | None:
    """The newest period of which a part is reported already, where it is newer than what is shown."""
    newer = [
        row
        for row in rows
        if row.span == shown.span == usual_span(kpi)
        and row.period > shown.period
        and row.reported
        and not row.is_complete
    ]
    return max(newer, key=lambda row: row.period, default=None)


def before(rows: Iterable[Summary], shown: Summary) -> Summary | None:
    """The whole value of the period just before."""
    start = period_of(shown).previous().start
    found = next((row for row in rows if (row.span, row.period) == (shown.span, start)), None)
    return found if found is not None and found.is_complete and found.value is not None else None


def trend(rows: Iterable[Summary], shown: Summary, count: int) -> list[tuple[Period, Summary | None]]:
    """The `count` periods up to the shown one, oldest first, from the first that has a row; gaps stay gaps."""
    by_start = {row.period: row for row in rows if row.span == shown.span}
    last = period_of(shown)
    periods = [last.shift(-back) for back in range(count - 1, -1, -1)]
    found = [(period, by_start.get(period.start)) for period in periods]
    first = next(index for index, (_, row) in enumerate(found) if row is not None)
    return found[first:]
