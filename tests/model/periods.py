"""Months, quarters and years as the model counts them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

LENGTH = {"month": 1, "quarter": 3, "fiscal_year": 12, "calendar_year": 12}


@dataclass(frozen=True)
class Period:
    span: str
    start: date

    @property
    def after(self) -> date:
        return months_on(self.start, LENGTH[self.span])

    @property
    def end(self) -> date:
        return self.after - timedelta(days=1)

    def before(self, months: int = 12) -> Period:
        return Period(self.span, months_on(self.start, -months))

    @property
    def months(self) -> list[date]:
        return [months_on(self.start, n) for n in range(LENGTH[self.span])]


def months_on(month: date, count: int) -> date:
    number = month.year * 12 + month.month - 1 + count
    return date(number // 12, number % 12 + 1, 1)


def month(start: date) -> Period:
    return Period("month", start)


def fiscal_year(year: int) -> Period:
    return Period("fiscal_year", date(year, 4, 1))


def year_of(day: date) -> int:
    """The fiscal year of a day."""
    return day.year - (day.month < 4)
