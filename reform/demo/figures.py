"""The sample's values as the KPIs' series take them: months up to last month, and the years that have ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from japan.fiscal import add_months, fiscal_year_of, fiscal_year_start, month_start
from japan.periods import Period, Span
from kpis.models import Series
from kpis.models.value import Missing
from kpis.values.recording import Change
from reform.demo.copies import by_division
from reform.demo.shapes import Key, Months, copies, monthly, working_hours

NOTE = "見本のための架空値"
#: (series id, span, period's first day), as everywhere in kpis.
Slot = tuple[int, str, date]


@dataclass(frozen=True)
class SampleValue:
    """One value of the sample, or 導入前."""

    key: Key
    span: str
    period: date
    value: int | None

    @property
    def end(self) -> date:
        return Period(Span(self.span), self.period).end

    @property
    def month(self) -> date:
        """The month it is reported with: the last of its period."""
        return month_start(self.end)

    def change(self, series: Series) -> Change:
        return Change(
            series_id=series.pk,
            span=self.span,
            period=self.period,
            value=None if self.value is None else Decimal(self.value),
            missing_reason=Missing.BEFORE_START if self.value is None else "",
            is_synthetic=True,
            as_of=self.end,
            note=NOTE,
        )


def sample_values(last_month: date) -> list[SampleValue]:
    """Every value of the sample up to a month: the same for the same month, whenever and wherever it is asked."""
    values = [
        SampleValue(key, Span.MONTH.value, month, value)
        for key, months in monthly(last_month).items()
        for month, value in _without_older_gaps(months).items()
    ]
    for month, total in copies(last_month).items():
        if total is not None:
            parts = by_division(month, total)
            values += [SampleValue(("copies", code), Span.MONTH.value, month, part) for code, part in parts.items()]
    # The fiscal year that ended with, or before, last month.
    last_year = fiscal_year_of(add_months(last_month, 1)) - 1
    for year, hours in working_hours(last_year).items():
        start = fiscal_year_start(year)
        values.append(SampleValue(("working-hours", "total"), Span.FISCAL_YEAR.value, start, hours))
    return values


def first_months(values: list[SampleValue]) -> dict[Key, date]:
    """From which month on each series has a value."""
    firsts: dict[Key, date] = {}
    for each in values:
        if each.value is not None:
            begin = each.period
            firsts[each.key] = min(firsts.get(each.key, begin), begin)
    return firsts


def series_by_key() -> dict[Key, Series]:
    """The series the sample has values for, of the KPIs that exist."""
    found: dict[Key, Series] = {}
    for series in Series.objects.select_related("kpi"):
        code = "total" if series.kind == Series.Kind.TOTAL else series.code
        found[series.kpi.code, code] = series
    return found


def changes_of(values: list[SampleValue], series: Mapping[Key, Series]) -> dict[Slot, Change]:
    """The values of series that exist, by the place they belong to."""
    changes = [each.change(series[each.key]) for each in values if each.key in series]
    return {change.key: change for change in changes}


def _without_older_gaps(months: Months) -> Months:
    """導入前 is said in the fiscal year of the introduction; the years before say nothing."""
    begun = min(month for month, value in months.items() if value is not None)
    return {
        month: value
        for month, value in months.items()
        if value is not None or fiscal_year_of(month) == fiscal_year_of(begun)
    }
