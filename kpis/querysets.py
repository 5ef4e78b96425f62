"""The questions pages ask about KPIs: short ones that chain, and one per page that composes them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from accounts.managers import valid_on

if TYPE_CHECKING:
    from kpis.models import Entry, Kpi, Measurement, Reporting, Series, Summary


class KpiQuerySet(models.QuerySet["Kpi"]):
    def with_cards(self) -> KpiQuerySet:
        """KPIs that stand on the overview; auxiliary ones only serve a calculation."""
        return self.filter(is_auxiliary=False)

    def computed_from(self, kpi_ids: Iterable[int]) -> KpiQuerySet:
        """Ratios that use one of the KPIs as numerator or denominator."""
        ids = list(kpi_ids)
        return self.filter(Q(numerator__in=ids) | Q(denominator__in=ids))


class SeriesQuerySet(models.QuerySet["Series"]):
    def alive_in(self, month: date) -> SeriesQuerySet:
        """Series (of KPIs) that exist in the month that begins on `month`."""
        return self.filter(
            (Q(starts_on__isnull=True) | Q(starts_on__lte=month)),
            (Q(ends_on__isnull=True) | Q(ends_on__gte=month)),
            (Q(kpi__starts_on__isnull=True) | Q(kpi__starts_on__lte=month)),
            (Q(kpi__ends_on__isnull=True) | Q(kpi__ends_on__gte=month)),
        )

    def reported_by(self, department_ids: Iterable[int], month: date) -> SeriesQuerySet:
        """Series that one of the departments reports for a month."""
        return self.filter(
            valid_on(month, "reportings__"), reportings__department_id__in=list(department_ids)
        ).distinct()


class ReportingQuerySet(models.QuerySet["Reporting"]):
    def in_force(self, month: date) -> ReportingQuerySet:
        return self.filter(valid_on(month))


class MeasurementQuerySet(models.QuerySet["Measurement"]):
    def observed(self) -> MeasurementQuerySet:
        """What was measured or estimated; a projection is never the latest value."""
        return self.exclude(nature="projected")


class EntryQuerySet(models.QuerySet["Entry"]):
    def open(self) -> EntryQuerySet:
        from kpis.models import Entry

        return self.filter(state__in=Entry.OPEN)

    def submitted(self) -> EntryQuerySet:
        from kpis.models import Entry

        return self.filter(state=Entry.State.SUBMITTED)

    def of_departments(self, department_ids: Iterable[int]) -> EntryQuerySet:
        return self.filter(department_id__in=list(department_ids))


class SummaryQuerySet(models.QuerySet["Summary"]):
    def months(self) -> SummaryQuerySet:
        return self.filter(span="month")

    def fiscal_years(self) -> SummaryQuerySet:
        return self.filter(span="fiscal_year")
