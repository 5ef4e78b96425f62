"""What stands in the addresses of pages: months, periods and departments, or nothing there."""

from __future__ import annotations

from datetime import date

from django.http import Http404

from accounts.managers import valid_on
from accounts.models import Department
from japan.dates import DateError, parse_month
from japan.fiscal import fiscal_year_of
from japan.periods import Period

EARLIEST_YEAR = 1990


def month_or_404(text: str) -> date:
    try:
        return parse_month(text)
    except DateError as error:
        raise Http404(str(error)) from error


def period_or_404(iso: str) -> Period:
    """2025-05, 2025-Q1 or FY2025."""
    try:
        return Period.from_iso(iso)
    except ValueError as error:
        raise Http404(str(error)) from error


def fiscal_year_or_404(year: int, today: date) -> int:
    """A fiscal year that has begun, back to as far as anybody may have kept figures."""
    if not EARLIEST_YEAR <= year <= fiscal_year_of(today):
        raise Http404("この年度はまだ始まっていないか、古すぎます。")
    return year


def department_or_404(code: str, start: date) -> Department:
    """The department of this code as it stood in the month; else its newest row, for a deep link of later."""
    rows = Department.objects.filter(code=code)
    found = rows.filter(valid_on(start)).first() or rows.order_by("-valid_from").first()
    if found is None:
        raise Http404("所属が見つかりません。")
    return found
