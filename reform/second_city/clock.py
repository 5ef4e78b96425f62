"""When the city's people do things: in the month after the one that is reported, never in the future."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from japan.closed_days import next_open_day, nth_working_day


class Clock:
    """The moment at which the next act happens. It is set, goes on, and stops at the present."""

    def __init__(self, present: datetime) -> None:
        self._present = self._at = present

    def now(self) -> datetime:
        return min(self._at, self._present)

    @property
    def today(self) -> date:
        return timezone.localdate(self.now())

    def set(self, month: date, working_day: int, hour: int = 9, minute: int = 0) -> None:
        """To the n-th working day of a month."""
        day = nth_working_day(month, working_day)
        self._at = timezone.make_aware(datetime.combine(day, time(hour, minute)))

    def go_on(self, minutes: int = 35) -> None:
        self._at += timedelta(minutes=minutes)

    def next_day(self) -> None:
        day = next_open_day(timezone.localdate(self._at) + timedelta(days=1))
        self._at = timezone.make_aware(datetime.combine(day, time(10, 15)))
