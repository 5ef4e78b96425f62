"""The fiscal calendar: a fiscal year (年度) runs from April to March and is named after its first calendar year.

2025-03 is in fiscal year 2024: the commonest off-by-one of this field.
"""

import calendar
from datetime import date


def fiscal_year_of(day: date) -> int:
    """The fiscal year a day belongs to, as the western year of its April."""
    return day.year if day.month >= 4 else day.year - 1


def fiscal_year_start(fiscal_year: int) -> date:
    return date(fiscal_year, 4, 1)


def fiscal_year_end(fiscal_year: int) -> date:
    return date(fiscal_year + 1, 3, 31)


def fiscal_months(fiscal_year: int) -> list[date]:
    """The first days of its twelve months, April to March."""
    return [add_months(date(fiscal_year, 4, 1), n) for n in range(12)]


def fiscal_month_index(day: date) -> int:
    """0 for April … 11 for March."""
    return (day.month - 4) % 12


def date_of_fiscal_month(fiscal_year: int, month: int) -> date:
    """The first day of a calendar month (1–12) within a fiscal year: (2022, 1) is 2023-01-01.

    Raises ValueError for a month outside 1–12.
    """
    if not 1 <= month <= 12:
        raise ValueError(f"month {month} is not 1 to 12")
    return date(fiscal_year if month >= 4 else fiscal_year + 1, month, 1)


def month_start(day: date) -> date:
    return day.replace(day=1)


def month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def add_months(day: date, count: int) -> date:
    """The first day of the month `count` months after the month of `day` (negative: before)."""
    index = day.year * 12 + day.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)
