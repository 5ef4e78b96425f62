"""Which shorter periods make up a longer one: a year of months or of quarters, a quarter of months. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from japan.fiscal import add_months
from japan.periods import Period, Span

#: (the longer, the shorter) that a source may state beside one another.
PAIRS = (
    (Span.FISCAL_YEAR, Span.MONTH),
    (Span.CALENDAR_YEAR, Span.MONTH),
    (Span.QUARTER, Span.MONTH),
    (Span.FISCAL_YEAR, Span.QUARTER),
    (Span.CALENDAR_YEAR, Span.QUARTER),
)
#: The others of a shorter period, one more of them, and the longer one, in words.
NAMES = {
    Span.MONTH: ("ほかの月ももう1か月分", "月"),
    Span.QUARTER: ("ほかの四半期ももう1期分", "四半期"),
    Span.FISCAL_YEAR: ("", "年度"),
    Span.CALENDAR_YEAR: ("", "年"),
}


class Division(NamedTuple):
    """A longer period and the span of the shorter ones."""

    whole: Period
    part: Span


def divisions_with(span: Span, day: date) -> Iterator[Division]:
    """Every longer period that a period is, or lies in."""
    for whole, part in PAIRS:
        if span in (whole, part):
            yield Division(Period.containing(whole, day), part)


def parts_of(division: Division, months: list[date]) -> list[Period]:
    """The shorter periods of a division with any of the months in which something lived."""
    found = (Period.containing(division.part, month) for month in months)
    return list(dict.fromkeys(period for period in found if division.whole.start <= period.start))


def reach_of(days: list[date]) -> tuple[date, date]:
    """The first day of the earliest longer period that one of the days lies in, and the day after the last one."""
    spans = (Span.FISCAL_YEAR, Span.CALENDAR_YEAR)
    periods = [Period.containing(span, day) for day in (min(days), max(days)) for span in spans]
    return min(each.start for each in periods), add_months(max(each.end for each in periods), 1)
