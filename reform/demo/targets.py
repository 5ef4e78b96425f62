"""Targets of the sample for three KPIs, one of them better when lower. All marked 架空値（見本）."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from japan.fiscal import fiscal_months, fiscal_year_of
from kpis.models import Kpi, Target
from kpis.values.recomputing import request_recompute
from reform.demo.shapes import copies

FIRST_YEAR = 2025
NOTE = "見本のための目標値"
#: KPI → the first year's target and what each later year adds.
YEARLY = {
    "line-friends": (Decimal(42_000), Decimal(4_000)),
    "online-application-rate": (Decimal(27), Decimal(5)),
    "copies": (Decimal(31_000_000), Decimal(-2_000_000)),
}
#: Copies are to fall by this much against the same month of the year before.
COPIES_FALL = Decimal("0.08")


def add_targets(kpis: Mapping[str, Kpi], last_month: date) -> int:
    """Adds the targets from FY2025 to the current year; a year or month that has one keeps it. Returns how many."""
    years = range(FIRST_YEAR, fiscal_year_of(last_month) + 1)
    wanted: list[tuple[Kpi, int, int | None, Decimal]] = [
        (kpis[code], year, None, first + more * (year - FIRST_YEAR))
        for code, (first, more) in YEARLY.items()
        if code in kpis
        for year in years
    ]
    if "copies" in kpis:
        wanted += [(kpis["copies"], year, month, value) for year in years for month, value in _copies_by_month(year)]
    stored = set(Target.objects.values_list("kpi_id", "fiscal_year", "month"))
    new = [
        Target(kpi=kpi, fiscal_year=year, month=month, value=value, note=NOTE, is_synthetic=True)
        for kpi, year, month, value in wanted
        if (kpi.pk, year, month) not in stored
    ]
    Target.objects.bulk_create(new)
    request_recompute({target.kpi_id for target in new})
    return len(new)


def _copies_by_month(year: int) -> list[tuple[int, Decimal]]:
    before = fiscal_months(year - 1)
    sheets = copies(before[-1])
    return [
        (month.month, (Decimal(sheets[month] or 0) * (1 - COPIES_FALL) / 10_000).quantize(Decimal(1)) * 10_000)
        for month in before
    ]
