"""Periods of time with their Japanese names: a month, a quarter of the fiscal year, a fiscal or a calendar year."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from japan import wareki
from japan.fiscal import add_months, fiscal_month_index, fiscal_year_of, fiscal_year_start, month_start
from japan.wareki import FIRST_GREGORIAN_DAY, LAST_YEAR

_ISO = re.compile(r"FY(?P<fiscal>[0-9]{4})|(?P<year>[0-9]{4})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")


class Span(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"
    FISCAL_YEAR = "fiscal_year"
    CALENDAR_YEAR = "calendar_year"

    @property
    def label(self) -> str:
        return {"month": "月", "quarter": "四半期", "fiscal_year": "年度", "calendar_year": "暦年"}[self.value]

    @property
    def months(self) -> int:
        """Its length in months."""
        return {"month": 1, "quarter": 3, "fiscal_year": 12, "calendar_year": 12}[self.value]


@dataclass(frozen=True, order=True)
class Period:
    """A span and its first day. Raises ValueError where `start` is not the first day of such a span."""

    span: Span
    start: date

    def __post_init__(self) -> None:
        if _first_day(self.span, self.start) != self.start:
            raise ValueError(f"{self.start} is not the first day of a {self.span.value}")

    @classmethod
    def containing(cls, span: Span, day: date) -> Period:
        """The period of this span that a day lies in."""
        return cls(span, _first_day(span, day))

    @classmethod
    def from_iso(cls, text: str) -> Period:
        """Reads what `iso` writes, for the years 1873 to 2999 (addresses carry it). Raises ValueError for anything else."""
        match = _ISO.fullmatch(text)
        year = int(match["fiscal"] or match["year"]) if match else 0
        if match is None or not FIRST_GREGORIAN_DAY.year <= year <= LAST_YEAR:
            raise ValueError(f"{text!r} is no period")
        if match["fiscal"]:
            return cls(Span.FISCAL_YEAR, fiscal_year_start(year))
        if match["quarter"]:
            return cls(Span.QUARTER, add_months(fiscal_year_start(year), 3 * (int(match["quarter"]) - 1)))
        if match["month"]:
            return cls(Span.MONTH, date(year, int(match["month"]), 1))
        return cls(Span.CALENDAR_YEAR, date(year, 1, 1))

    @property
    def end(self) -> date:
        """Its last day."""
        return self.next().start - timedelta(days=1)

    @property
    def months(self) -> list[date]:
        """The first days of its months."""
        return [add_months(self.start, n) for n in range(self.span.months)]

    def months_between(self, first: date | None, last: date | None) -> list[date]:
        """Its months that share a day with the days from `first` to `last` (None: open): the months of a life."""
        return [
            month
            for month in self.months
            if (first is None or first < add_months(month, 1)) and (last is None or month <= last)
        ]

    def shift(self, count: int) -> Period:
        """The period `count` spans later (negative: earlier)."""
        return Period(self.span, add_months(self.start, count * self.span.months))

    def next(self) -> Period:
        return self.shift(1)

    def previous(self) -> Period:
        return self.shift(-1)

    def a_year_before(self) -> Period:
        return Period(self.span, add_months(self.start, -12))

    @property
    def fiscal_year(self) -> int:
        """The fiscal year its first day lies in."""
        return fiscal_year_of(self.start)

    @property
    def quarter(self) -> int:
        """The quarter of the fiscal year its first day lies in, 1 (April–June) to 4."""
        return fiscal_month_index(self.start) // 3 + 1

    @property
    def iso(self) -> str:
        """2025-03, 2024-Q4 (of the fiscal year), FY2024, 2020."""
        return {
            Span.MONTH: f"{self.start:%Y-%m}",
            Span.QUARTER: f"{self.fiscal_year}-Q{self.quarter}",
            Span.FISCAL_YEAR: f"FY{self.fiscal_year}",
            Span.CALENDAR_YEAR: f"{self.start.year}",
        }[self.span]

    @property
    def label(self) -> str:
        """Wareki with the western year: 令和7(2025)年3月, 令和6(2024)年度第4四半期, 令和6(2024)年度, 令和2(2020)年."""
        return self._label(wareki.month_label, wareki.fiscal_year_label, wareki.year_label)

    @property
    def short_label(self) -> str:
        """Wareki alone: 令和7年3月, 令和6年度."""
        return self._label(
            wareki.month_short, wareki.fiscal_year_short, lambda year: f"{wareki.write_year(date(year, 12, 31))}年"
        )

    def _label(self, month: Callable[[date], str], fiscal: Callable[[int], str], calendar: Callable[[int], str]) -> str:
        match self.span:
            case Span.MONTH:
                return month(self.start)
            case Span.QUARTER:
                return f"{fiscal(self.fiscal_year)}第{self.quarter}四半期"
            case Span.FISCAL_YEAR:
                return fiscal(self.fiscal_year)
            case _:
                return calendar(self.start.year)


def _first_day(span: Span, day: date) -> date:
    match span:
        case Span.MONTH:
            return month_start(day)
        case Span.QUARTER:
            return add_months(day, -(fiscal_month_index(day) % 3))
        case Span.FISCAL_YEAR:
            return fiscal_year_start(fiscal_year_of(day))
        case _:
            return date(day.year, 1, 1)
