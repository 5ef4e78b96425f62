"""The questions pages ask about KPIs: short ones that chain, and one per page that composes them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Window
from django.db.models.functions import RowNumber

from accounts.managers import valid_on
from approvals.routes import on_route_past
from japan.fiscal import add_months, fiscal_year_of, fiscal_year_start

if TYPE_CHECKING:
    from accounts.models import Assignment, Department
    from kpis.models import Acknowledgement, Entry, Kpi, Measurement, Reporting, Summary


class KpiQuerySet(models.QuerySet["Kpi"]):
    def with_cards(self) -> KpiQuerySet:
        """KPIs that stand on the overview; auxiliary ones only serve a calculation."""
        return self.filter(is_auxiliary=False)

    def for_board(self) -> KpiQuerySet:
        """Cards with what their words need: the pillar's place, the parts of a ratio."""
        return self.with_cards().select_related("department", "numerator", "denominator")

    def for_page(self) -> KpiQuerySet:
        """A KPI with what its own page names."""
        related = ("department", "numerator", "denominator", "successor", "pillar")
        return self.select_related(*related).prefetch_related("pillar__names")

    def computed_from(self, kpi_ids: Iterable[int]) -> KpiQuerySet:
        """Ratios that use one of the KPIs as numerator or denominator."""
        ids = list(kpi_ids)
        return self.filter(Q(numerator__in=ids) | Q(denominator__in=ids))

    def of_printed_share(self, numerator_id: int | None) -> int | None:
        """The id of the ratio that a percentage printed beside its numerator's value belongs to: the first in order."""
        ratios = self.filter(numerator_id=numerator_id, unit="%").order_by("order", "code")
        return ratios.values_list("pk", flat=True).first()


class ReportingQuerySet(models.QuerySet["Reporting"]):
    def in_force(self, month: date) -> ReportingQuerySet:
        """Who reports the month that begins on `month`."""
        return self.filter(valid_on(month))

    def overlapping(self, first: date, last: date | None) -> ReportingQuerySet:
        """Rows that share a day with the days from `first` to `last` (None: open)."""
        found = self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=first))
        return found.filter(valid_from__lte=last) if last else found

    def of_sheets(self, department_ids: Iterable[int]) -> ReportingQuerySet:
        """What the departments have to answer: what they report, unless an office registers it for everybody, and what
        they register for others."""
        own = Q(department_id__in=list(department_ids), registrar__isnull=True)
        return self.filter(own | Q(registrar_id__in=list(department_ids)))

    def registered_for(self, department: Department, month: date) -> ReportingQuerySet:
        """The department's figures that another office registers (一括登録)."""
        theirs = self.in_force(month).filter(department=department, registrar__isnull=False)
        return theirs.exclude(registrar=department).select_related("series__kpi", "registrar", "department")

    def of_kpis(self, kpi_ids: Iterable[int]) -> ReportingQuerySet:
        """Who reports the KPIs' series, in 建制順."""
        return (
            self.filter(series__kpi_id__in=list(kpi_ids))
            .select_related("series__kpi", "registrar", "department")
            .order_by("department__order", "department__code", "series__order", "valid_from")
        )


class MeasurementQuerySet(models.QuerySet["Measurement"]):
    def observed(self) -> MeasurementQuerySet:
        """What was measured or estimated; a projection is never the latest value."""
        return self.exclude(nature="projected")

    def of_periods(self, kpi_ids: Iterable[int], starts: Iterable[date]) -> MeasurementQuerySet:
        """What the series of KPIs hold for periods that begin on one of the days."""
        return self.filter(series__kpi_id__in=list(kpi_ids), period__in=list(starts)).select_related("series")

    def reported_with(self, month: date) -> MeasurementQuerySet:
        """Values of a month, and of the longer periods that end with it."""
        ending = Q(span="month", period=month)
        if month.month % 3 == 0:
            ending |= Q(span="quarter", period=add_months(month, -2))
        if month.month == 3:
            ending |= Q(span="fiscal_year", period=fiscal_year_start(fiscal_year_of(month)))
        if month.month == 12:
            ending |= Q(span="calendar_year", period=month.replace(month=1))
        return self.filter(ending)

    def explained(self, kpi: Kpi) -> MeasurementQuerySet:
        """The values of a KPI that came with a 増減理由."""
        return self.filter(series__kpi=kpi).exclude(change_reason="").select_related("series").order_by("period", "pk")

    def for_trends(self, kpi: Kpi, span: str) -> MeasurementQuerySet:
        """What the parts of a KPI held, oldest first; projections are no trend."""
        parts = self.observed().filter(series__kpi=kpi, span=span).exclude(series__kind="total")
        return parts.order_by("period")

    def for_file(self, kpi: Kpi) -> MeasurementQuerySet:
        """Everything approved of a KPI, in the order of its data file."""
        return (
            self.filter(series__kpi=kpi)
            .select_related("series__kpi")
            .order_by("series__order", "series__code", "period", "span")
        )


class AcknowledgementQuerySet(models.QuerySet["Acknowledgement"]):
    def unanswered(self) -> AcknowledgementQuerySet:
        """Remarks on values as they are now that were neither taken back nor answered."""
        said_since = self.model.objects.filter(
            measurement=OuterRef("measurement"), department=OuterRef("department"), pk__gt=OuterRef("pk")
        )
        remarks = self.filter(is_right=False, measurement_version=F("measurement__version"), answers__isnull=True)
        return remarks.exclude(Exists(said_since))


class EntryQuerySet(models.QuerySet["Entry"]):
    def open(self) -> EntryQuerySet:
        from kpis.models import Entry

        return self.filter(state__in=Entry.OPEN)

    def submitted(self) -> EntryQuerySet:
        from kpis.models import Entry

        return self.filter(state=Entry.State.SUBMITTED)

    def stated(self) -> EntryQuerySet:
        """What is said and was not sent back: other values are held against it before what is approved."""
        from kpis.models import Entry

        says_something = Q(value__isnull=False) | ~Q(missing_reason="")
        return self.filter(says_something, state__in=[Entry.State.DRAFT, Entry.State.SUBMITTED])

    def with_names(self) -> EntryQuerySet:
        """With what a page about an entry calls by name."""
        return self.select_related("series__kpi", "department", "author", "decided_by")

    def in_reach_of(self, posts: Iterable[Assignment]) -> EntryQuerySet:
        """Submitted entries whose route leads past one of the posts; whose turn it is now is asked of each entry."""
        return self.submitted().filter(on_route_past(posts))

    def for_queue(self) -> EntryQuerySet:
        """With everything the page of decisions tells: oldest month first."""
        return (
            self.with_names()
            .prefetch_related("events")
            .order_by("department__order", "period", "series__kpi__order", "series__order", "series__code")
        )

    def of_departments(self, department_ids: Iterable[int]) -> EntryQuerySet:
        return self.filter(department_id__in=list(department_ids))


class SummaryQuerySet(models.QuerySet["Summary"]):
    def months(self) -> SummaryQuerySet:
        return self.filter(span="month")

    def fiscal_years(self) -> SummaryQuerySet:
        return self.filter(span="fiscal_year")

    def newest(self, kpi_ids: Iterable[int], until: date, count: int) -> SummaryQuerySet:
        """The newest `count` rows of each KPI and span that begin by `until`, without projections."""
        place = Window(RowNumber(), partition_by=[F("kpi_id"), F("span")], order_by=F("period").desc())
        return (
            self.filter(kpi_id__in=list(kpi_ids), period__lte=until)
            .exclude(nature="projected")
            .annotate(place=place)
            .filter(place__lte=count)
            .defer("computed_from", "digest")
        )

    def projections_of(self, kpi: Kpi) -> SummaryQuerySet:
        """What is expected of the years to come."""
        return self.filter(kpi=kpi, nature="projected").order_by("period").defer("computed_from", "digest")
