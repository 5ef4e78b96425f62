"""Whether a KPI is on its way to its target: said from what is known, never for a KPI without a target.

A month's target is held against that month. A year's target is reached, or it lies ahead: then the value is held
against the way there. A level goes evenly from the year before to the target; an amount adds up in the shares the
same months had the year before (twelfths where that is not known). Both directions count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from japan.fiscal import fiscal_month_index, fiscal_year_of, fiscal_year_start
from kpis.latest import as_of_day
from kpis.models import Kpi, Summary, Target
from kpis.models.value import Span

#: (fiscal year, month or None) → target
Targets = Mapping[tuple[int, int | None], Target]
_STEPS = (Span.MONTH, Span.QUARTER)


class Standing(Enum):
    """Where a KPI stands; the value is the word for it."""

    REACHED = "目標を達成"
    ON_TRACK = "順調"
    BEHIND = "遅れ"
    UNKNOWN = "判定できません"


@dataclass(frozen=True)
class Aim:
    """The target that a figure is held against, where it stands, and the row that says so."""

    target: Target
    row: Summary
    standing: Standing


def aim_of(kpi: Kpi, shown: Summary, rows: Iterable[Summary], targets: Targets) -> Aim | None:
    """The target nearest to the shown figure: of its month, else of its fiscal year. None without a target."""
    listed = list(rows)
    year = fiscal_year_of(shown.value_period or shown.period)
    if shown.span == Span.MONTH and (own := targets.get((year, shown.period.month))):
        return Aim(own, shown, _against(kpi, shown.value if shown.is_complete else None, own.value))
    target = targets.get((year, None))
    if target is None or shown.span == Span.CALENDAR_YEAR:
        return None
    if kpi.kind == Kpi.Kind.FLOW and shown.span != Span.FISCAL_YEAR:
        of_year = _year_row(listed, year)
        return Aim(target, of_year, _amount(kpi, of_year, listed, target)) if of_year else None
    return Aim(target, shown, _level(kpi, shown, _year_row(listed, year - 1), target))


def _year_row(rows: list[Summary], year: int) -> Summary | None:
    start = fiscal_year_start(year)
    return next((row for row in rows if (row.span, row.period) == (Span.FISCAL_YEAR, start)), None)


def _is_as_good(kpi: Kpi, value: Decimal, than: Decimal) -> bool:
    return value <= than if kpi.direction == Kpi.Direction.DOWN else value >= than


def _against(kpi: Kpi, value: Decimal | None, target: Decimal) -> Standing:
    if value is None:
        return Standing.UNKNOWN
    return Standing.REACHED if _is_as_good(kpi, value, target) else Standing.BEHIND


def _level(kpi: Kpi, row: Summary, last_year: Summary | None, target: Target) -> Standing:
    direct = _against(kpi, row.value if row.is_complete else None, target.value)
    months = _months_gone(as_of_day(row), target.fiscal_year)
    if direct is not Standing.BEHIND or row.value is None or months >= 12:
        return direct
    start = last_year.value if last_year and last_year.is_complete else None
    if start is None:
        return Standing.UNKNOWN
    on_the_way = start + (target.value - start) * months / 12
    return Standing.ON_TRACK if _is_as_good(kpi, row.value, on_the_way) else Standing.BEHIND


def _amount(kpi: Kpi, row: Summary, rows: list[Summary], target: Target) -> Standing:
    """A year's amount so far. What must not be exceeded is reached only when the year is over."""
    if row.value is None:
        return Standing.UNKNOWN
    if row.is_complete or (kpi.direction != Kpi.Direction.DOWN and row.value >= target.value):
        return _against(kpi, row.value, target.value)
    steps = [r for r in rows if r.span in _STEPS and fiscal_year_of(r.period) == target.fiscal_year and r.reported]
    if not all(step.is_complete for step in steps):
        return Standing.UNKNOWN  # somebody's part of a month is missing: the sum so far cannot be judged
    last_year = _year_row(rows, target.fiscal_year - 1)
    share = Decimal(row.months) / 12
    if last_year and last_year.is_complete and last_year.value and row.compared_months == row.months:
        share = (row.last_year_value or Decimal(0)) / last_year.value
    return Standing.ON_TRACK if _is_as_good(kpi, row.value, target.value * share) else Standing.BEHIND


def _months_gone(day: date, fiscal_year: int) -> int:
    if fiscal_year_of(day) > fiscal_year:
        return 12
    return fiscal_month_index(day) + 1
