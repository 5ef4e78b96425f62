"""A KPI's figures in words: number and unit, when it is of, how it was counted, what changed."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from japan.fiscal import date_of_fiscal_month, month_end
from japan.missing import MissingReason
from japan.numbers import write_change, write_number, write_quantity
from japan.periods import Period
from japan.periods import Span as CalendarSpan
from japan.wareki import date_label, fiscal_year_label, month_label, month_short
from kpis.latest import period_of
from kpis.models import Kpi, Summary
from kpis.models.value import Nature, Span

_NUMBER = re.compile(r"(▲?[0-9,.]+)(\D*)")
_LENGTH = {Span.MONTH: "月間", Span.QUARTER: "四半期", Span.FISCAL_YEAR: "年度", Span.CALENDAR_YEAR: "年間"}
_BEFORE = {Span.MONTH: "前月", Span.QUARTER: "前の四半期", Span.FISCAL_YEAR: "前年度", Span.CALENDAR_YEAR: "前年"}


def quantity(kpi: Kpi, value: Decimal) -> str:
    """As the KPI writes it: 23.5万時間."""
    return write_quantity(value, kpi.unit, kpi.decimals, kpi.scale)


def exact(kpi: Kpi, value: Decimal) -> str:
    """Without a scale: 235,000時間."""
    return write_number(value, kpi.decimals) + kpi.unit


def number_and_unit(kpi: Kpi, value: Decimal) -> tuple[str, str]:
    """For large print, where the unit stands smaller: ("23.5", "万時間"); 1億2,000万 stays one piece."""
    text = quantity(kpi, value)
    parts = _NUMBER.fullmatch(text)
    return (parts[1], parts[2]) if parts else (text.removesuffix(kpi.unit), kpi.unit)


def missing_text(row: Summary) -> str:
    """Why there is no value; a total that is not made says so instead."""
    if row.missing_reason:
        return MissingReason(row.missing_reason).label
    return "内訳ごとの値" if row.basis == Summary.Basis.NONE else "値なし"


def as_of_text(kpi: Kpi, row: Summary) -> str:
    """When a figure is of, wareki first: 令和7(2025)年5月末時点, 令和6(2024)年度, 直近."""
    if row.as_of_wording and not row.as_of:
        return row.as_of_wording
    if kpi.kind != Kpi.Kind.STOCK or kpi.as_of_rule == Kpi.AsOfRule.DURING:
        return period_of(row).label
    if row.as_of:
        return (
            f"{month_label(row.as_of)}末時点" if row.as_of == month_end(row.as_of) else f"{date_label(row.as_of)}時点"
        )
    month = row.value_period or (row.period if row.span == Span.MONTH else None)
    if month is None:
        return period_of(row).label
    if kpi.as_of_rule == Kpi.AsOfRule.NEXT_MONTH_FIRST:
        return f"{date_label(Period(CalendarSpan.MONTH, month).next().start)}時点"
    return f"{month_label(month)}末時点"


def kind_text(kpi: Kpi, row: Summary) -> str:
    """How it was counted: 実績値・月間計, 実績値."""
    if kpi.kind == Kpi.Kind.FLOW:
        return f"実績値・{_LENGTH[Span(row.span)]}計"
    if kpi.kind == Kpi.Kind.RATIO:
        return f"実績値・{_LENGTH[Span(row.span)]}の率" if kpi.unit == "%" else "実績値"
    return "実績値"


def change_text(kpi: Kpi, now: Decimal, then: Decimal) -> str:
    """The difference in words: 1,234人増, ▲1.5ポイント."""
    return write_change(now - then, kpi.unit, kpi.decimals, kpi.scale)


def before_text(span: str) -> str:
    return _BEFORE[Span(span)]


def last_year_text(span: str) -> str:
    return {Span.MONTH: "前年同月", Span.QUARTER: "前年同期"}.get(Span(span), before_text(span))


def is_unwanted(kpi: Kpi, difference: Decimal) -> bool:
    """It moved against the wished direction."""
    return (kpi.direction == Kpi.Direction.UP and difference < 0) or (
        kpi.direction == Kpi.Direction.DOWN and difference > 0
    )


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


def mark_words(row: Summary | None) -> list[str]:
    """The marks of a figure for places that hold text only."""
    if row is None:
        return []
    marks = [
        (row.is_derived, "算出値"),
        (row.nature == Nature.ESTIMATED, "推計"),
        (row.nature == Nature.PROJECTED, "将来推計"),
        (row.is_rounded, "概数"),
        (row.is_provisional, "速報値"),
        (row.is_synthetic, "架空値（見本）"),
    ]
    return [word for is_set, word in marks if is_set]


def left_out(row: Summary) -> str:
    """Which withheld parts a total leaves out; "" where there are none."""
    return f"非公開の{row.withheld}件を除く" if row.withheld and row.value is not None else ""


def withheld_text(row: Summary) -> str:
    """The same in brackets, to stand behind the total."""
    words = left_out(row)
    return f"（{words}）" if words else ""
