"""Parts that ended: a total without a part that the period before it counted is no saving, and compared with nothing."""

from __future__ import annotations

from datetime import date

from japan.fiscal import add_months, fiscal_months, fiscal_year_of
from japan.periods import Period, Span
from kpis.arithmetic.facts import PROJECTED, KpiFacts, Row, Rows, last_month, observed, starts_in

#: Two rows that are compared: of a period and of an earlier one.
Pair = tuple[Row, Row]


def note_lost(facts: KpiFacts, rows: Rows, row: Row, tops: Rows, bottoms: Rows) -> None:
    """Notes whether a part that counted in the period before, a year before, or in the baseline's is counted no more."""
    sides = [(facts, rows)]
    if facts.numerator is not None and facts.denominator is not None:
        sides = [(facts.numerator, tops), (facts.denominator, bottoms)]
    here = [(part, held, found) for part, held in sides if (found := held.get((row.span, row.period))) is not None]
    row.lost_baseline = any(_since_baseline(facts, part, held, found) for part, held, found in here)
    if row.nature == PROJECTED:
        return
    row.lost_last_year = any(_since_last_year(part, held, found) for part, held, found in here)
    is_year = row.span in (Span.FISCAL_YEAR, Span.CALENDAR_YEAR)
    row.lost_before = row.lost_last_year if is_year else any(_since_before(*each) for each in here)


def same_periods(rows: Rows, year: int, span: Span) -> list[Pair]:
    """The months (or quarters) of a fiscal year that are there, each with the same of the year before."""
    return [
        (now, then)
        for start in starts_in(span, fiscal_months(year))
        if (now := observed(rows, span, start)) and (then := observed(rows, span, add_months(start, -12)))
        if now.months == then.months == span.months
    ]


def is_lost_between(facts: KpiFacts, rows: Rows, now: Row) -> bool:
    """Whether a part that counted in the same period of the year before is counted in this one no more."""
    return _is_lost(facts, rows, now, observed(rows, now.span, add_months(now.period, -12)))


def _since_before(facts: KpiFacts, rows: Rows, row: Row) -> bool:
    return _is_lost(facts, rows, row, observed(rows, row.span, Period(row.span, row.period).previous().start))


def _since_last_year(facts: KpiFacts, rows: Rows, row: Row) -> bool:
    if row.basis == "months":
        return _within_months(facts, rows, row)
    [now] = _made_of(rows, row)
    return is_lost_between(facts, rows, now)


def _within_months(facts: KpiFacts, rows: Rows, row: Row) -> bool:
    """Of a year that is added up: what counted in the same months a year before; else earlier in the year itself."""
    if row.newest_month is None:
        return False
    for span in (Span.MONTH, Span.QUARTER):
        pairs = [pair for pair in same_periods(rows, fiscal_year_of(row.period), span) if pair[0].is_complete]
        if pairs:
            return any(is_lost_between(facts, rows, now) for now, _ in pairs)
    return _is_lost(facts, rows, row, row)


def _is_lost(facts: KpiFacts, rows: Rows, now: Row, then: Row | None) -> bool:
    """A published total says itself what it counts: two of them are compared as they are."""
    month = now.newest_month or last_month(now.span, now.period)
    earlier = _made_of(rows, then) if then is not None else []
    counted = {each for row in earlier if not row.basis == now.basis == "published" for each in row.counted}
    return any(series.id in counted and series.stopped_before(month) for series in facts.series)


def _made_of(rows: Rows, row: Row) -> list[Row]:
    """The months or quarters that a year is made of; else the row itself."""
    spans = (Span.MONTH, Span.QUARTER)
    if row.basis == "months":
        starts = [(span, start) for span in spans for start in starts_in(span, _months(row))]
        return [found for span, start in starts if (found := observed(rows, span, start))]
    if row.value_period is None:
        return [row]
    starts = [(span, Period.containing(span, row.value_period).start) for span in spans]
    return [found for span, start in starts if (found := observed(rows, span, start))][:1] or [row]


def _months(row: Row) -> list[date]:
    return fiscal_months(fiscal_year_of(row.period))


def _since_baseline(facts: KpiFacts, part: KpiFacts, rows: Rows, row: Row) -> bool:
    """A part with values of its own that lived in the baseline's period ended since."""
    is_added_up = any(each.basis == "parts" and each.counted for each in _made_of(rows, row))
    if facts.baseline_period is None or not facts.baseline_span or not is_added_up:
        return False
    of = Period(Span(facts.baseline_span), facts.baseline_period)
    month = row.value_period or last_month(row.span, row.period)
    valued = {m.series_id for m in part.measurements if m.value is not None and m.nature != PROJECTED}
    ended = [each for each in part.series if each.kind != "total" and each.stopped_before(month)]
    return any(each.id in valued and each.lives_in(of) for each in ended)
