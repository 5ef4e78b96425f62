"""閉庁日: weekends, national holidays, and the turn of the year (12/29–1/3) that the holiday law does not name.

`extra` are the city's own closed days, `opened` the days it opens although the calendar says closed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import jpholiday


def is_closed(day: date, extra: Collection[date] = (), opened: Collection[date] = ()) -> bool:
    """Whether the city hall is closed on a day. A day named in both counts as opened."""
    if day in opened:
        return False
    turn_of_year = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    return day.weekday() >= 5 or turn_of_year or day in extra or bool(jpholiday.is_holiday(day))


def next_open_day(day: date, extra: Collection[date] = (), opened: Collection[date] = ()) -> date:
    """The day itself when the city hall is open, else the next open one."""
    while is_closed(day, extra, opened):
        day += timedelta(days=1)
    return day


def nth_working_day(first: date, n: int, extra: Collection[date] = (), opened: Collection[date] = ()) -> date:
    """The n-th open day on or after `first` (n from 1). Raises ValueError for n below 1."""
    if n < 1:
        raise ValueError("n counts from 1")
    day = next_open_day(first, extra, opened)
    for _ in range(n - 1):
        day = next_open_day(day + timedelta(days=1), extra, opened)
    return day


def working_days_between(first: date, last: date, extra: Collection[date] = (), opened: Collection[date] = ()) -> int:
    """How many open days lie from `first` to `last`, both counted."""
    days = (last - first).days + 1
    return sum(not is_closed(first + timedelta(days=n), extra, opened) for n in range(days))


@lru_cache(maxsize=4096)
def _nth_working_day(first: date, n: int, closed: frozenset[date], opened: frozenset[date]) -> date:
    return nth_working_day(first, n, closed, opened)


@dataclass(frozen=True)
class CityCalendar:
    """One city's calendar: Japan's, with the city's own closed and opened days. Read once, asked many times."""

    closed: frozenset[date] = frozenset()
    opened: frozenset[date] = frozenset()

    def is_closed(self, day: date) -> bool:
        return is_closed(day, self.closed, self.opened)

    def nth_working_day(self, first: date, n: int) -> date:
        """The n-th open day on or after `first` (n from 1)."""
        return _nth_working_day(first, n, self.closed, self.opened)

    def working_days_after(self, day: date, last: date) -> int:
        """How many open days lie after `day` up to `last`; 0 where `last` is not later."""
        return working_days_between(day + timedelta(days=1), last, self.closed, self.opened) if last > day else 0


#: Japan's calendar without anything of a city's own.
PLAIN = CityCalendar()
