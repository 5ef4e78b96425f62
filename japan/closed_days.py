"""閉庁日: weekends, national holidays, and the turn of the year (12/29–1/3) that the holiday law does not name."""

from collections.abc import Collection
from datetime import date, timedelta

import jpholiday


def is_closed(day: date, extra: Collection[date] = ()) -> bool:
    """Whether the city hall is closed on a day; `extra` are the city's own closed days."""
    turn_of_year = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    return day.weekday() >= 5 or turn_of_year or day in extra or bool(jpholiday.is_holiday(day))


def next_open_day(day: date, extra: Collection[date] = ()) -> date:
    """The day itself when the city hall is open, else the next open one."""
    while is_closed(day, extra):
        day += timedelta(days=1)
    return day


def nth_working_day(first: date, n: int, extra: Collection[date] = ()) -> date:
    """The n-th open day on or after `first` (n from 1). Raises ValueError for n below 1."""
    if n < 1:
        raise ValueError("n counts from 1")
    day = next_open_day(first, extra)
    for _ in range(n - 1):
        day = next_open_day(day + timedelta(days=1), extra)
    return day


def working_days_between(first: date, last: date, extra: Collection[date] = ()) -> int:
    """How many open days lie from `first` to `last`, both counted."""
    days = (last - first).days + 1
    return sum(not is_closed(first + timedelta(days=n), extra) for n in range(days))
