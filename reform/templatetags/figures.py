"""How templates write dates and numbers: always through the japan package."""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone

from japan import wareki
from japan.numbers import write_number, write_quantity
from japan.periods import Period, Span
from kpis import claims

register = template.Library()


@register.filter
def public_source(stored: str) -> str:
    """A source without names of files."""
    return claims.public_source(stored)


@register.filter
def month_label(day: date) -> str:
    """令和7(2025)年3月."""
    return wareki.month_label(day)


@register.filter
def month_short(day: date) -> str:
    """令和7年3月."""
    return wareki.month_short(day)


@register.filter
def date_label(day: date) -> str:
    """令和7(2025)年5月31日."""
    return wareki.date_label(timezone.localtime(day).date() if isinstance(day, datetime) else day)


@register.filter
def day_label(day: date) -> str:
    """5月31日（土）."""
    return f"{day.month}月{day.day}日（{'月火水木金土日'[day.weekday()]}）"


@register.filter
def time_label(moment: datetime) -> str:
    """令和7年5月31日 14:05."""
    local = timezone.localtime(moment)
    return f"{wareki.month_short(local.date())}{local.day}日 {local:%H:%M}"


@register.filter
def fiscal_year_label(year: int) -> str:
    """令和6(2024)年度."""
    return wareki.fiscal_year_label(year)


@register.filter
def fiscal_year_short(year: int) -> str:
    """令和6年度."""
    return wareki.fiscal_year_short(year)


@register.filter
def period_label(row: object) -> str:
    """The label of anything with a span and a period."""
    return Period(Span(row.span), row.period).label  # type: ignore[attr-defined]


@register.filter
def number(value: Decimal | int | None, decimals: int = 0) -> str:
    """▲1,234; nothing for no value."""
    return "" if value is None else write_number(Decimal(value), decimals)


@register.filter
def in_unit_of(value: Decimal | None, kpi: object) -> str:
    """A value as its KPI writes it: 23.5万時間; nothing for no value."""
    if value is None:
        return ""
    return write_quantity(value, kpi.unit, kpi.decimals, kpi.scale)  # type: ignore[attr-defined]


@register.filter
def exact(value: Decimal | None, kpi: object) -> str:
    """A value with its unit and without a scale: 235,000時間; nothing for no value."""
    return "" if value is None else write_number(value, kpi.decimals) + kpi.unit  # type: ignore[attr-defined]
