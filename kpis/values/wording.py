"""A KPI's figures in words: number and unit, when it is of, how it was counted, what changed."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from japan.fiscal import date_of_fiscal_month
from japan.missing import MissingReason
from japan.numbers import write_number, write_quantity
from japan.periods import Span
from japan.units import is_percentage
from japan.wareki import fiscal_year_label, month_label, month_short
from kpis import claims
from kpis.claims import Extent, Figure, Subject
from kpis.models import Kpi, Summary

_NUMBER = re.compile(r"(▲?[0-9,.]+)(\D*)")
_LENGTH = {Span.MONTH: "月間", Span.QUARTER: "四半期", Span.FISCAL_YEAR: "年度", Span.CALENDAR_YEAR: "年間"}


def quantity(kpi: Kpi, value: Decimal) -> str:
    """As the KPI writes it: 23.5万時間."""
    return write_quantity(value, kpi.unit, kpi.decimals, kpi.scale)


def exact(kpi: Kpi, value: Decimal) -> str:
    """Without a scale: 235,000時間."""
    return write_number(value, kpi.decimals) + kpi.unit


def number_and_unit(subject: Subject, figure: Figure, target: Decimal | None = None) -> tuple[str, str]:
    """For large print, where the unit stands smaller: ("23.5", "万時間"); 1億2,000万 stays one piece. `target` is what
    the figure is held against."""
    text = claims.written(subject, figure, target)
    parts = _NUMBER.fullmatch(text)
    return (parts[1], parts[2]) if parts else (text.removesuffix(subject.unit), subject.unit)


def missing_text(row: Summary) -> str:
    """Why there is no value; a total that is not made says so instead."""
    if row.missing_reason:
        return MissingReason(row.missing_reason).label
    return "内訳ごとの値" if row.basis == Summary.Basis.NONE else "値なし"


def kind_text(kpi: Kpi, figure: Figure) -> str:
    """How it came about and over how long: 実績値・月間計, 推計値・年度計, 架空値."""
    called, length = claims.called(figure.marks), _LENGTH[Span(figure.period.span.value)]
    if kpi.kind == Kpi.Kind.FLOW:
        return f"{called}・{length}計"
    return f"{called}・{length}の率" if kpi.kind == Kpi.Kind.RATIO and is_percentage(kpi.unit) else called


def time_text(moment: datetime) -> str:
    """令和8年11月26日 09:05, in the city's time."""
    local = timezone.localtime(moment)
    return f"{day_text(local.date())} {local:%H:%M}"


def day_text(day: date) -> str:
    """令和8年11月26日."""
    return f"{month_short(day)}{day.day}日"


def target_period_text(fiscal_year: int, month: int | None) -> str:
    """令和8(2026)年度, 令和8(2026)年9月."""
    return month_label(date_of_fiscal_month(fiscal_year, month)) if month else fiscal_year_label(fiscal_year)


def withheld_text(extent: Extent) -> str:
    """Which withheld parts a total leaves out, to stand behind it: （非公開1件を除く）; "" where there are none."""
    return f"（{extent.left_out}）" if extent.left_out else ""


def left_out(row: Summary) -> str:
    """The same without brackets, of a stored row."""
    return f"非公開{row.withheld}件を除く" if row.withheld and row.value is not None else ""
