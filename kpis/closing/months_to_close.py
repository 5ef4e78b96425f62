"""How far the months are that the reform office closes: who has answered, what is closed, what is open again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from accounts.models import Department
from kpis.entries.progress import MonthStatus, departments_of, month_status
from kpis.entries.sheet import is_in_use, period_due_in
from kpis.models import Closing, Kpi, Measurement, Reopening, Reporting, Series
from kpis.values.closed import closed_months

if TYPE_CHECKING:
    from accounts.access import Access


@dataclass(frozen=True)
class MonthToClose:
    """A month of all departments, in 建制順."""

    month: date
    statuses: list[MonthStatus] = field(default_factory=list)
    closing: Closing | None = None
    reopenings: list[Reopening] = field(default_factory=list)

    @property
    def answered(self) -> int:
        """Departments whose every figure is approved."""
        return sum(status.is_done for status in self.statuses)

    @property
    def unanswered(self) -> list[MonthStatus]:
        return [status for status in self.statuses if not status.is_done]

    @property
    def missing(self) -> int:
        """Figures without an approved value."""
        return sum(status.total - status.answered for status in self.statuses)


def months_to_close(months: Sequence[date], *, access: Access, on: date) -> list[MonthToClose]:
    """The months as they stand on a day, newest first."""
    closings = closed_months(months)
    reopenings = list(Reopening.objects.in_force(on).filter(month__in=months).select_related("department"))
    statuses = month_status(departments_of(access), months)
    return [
        MonthToClose(
            month,
            [status for status in statuses if status.month == month],
            closings.get(month),
            [reopening for reopening in reopenings if reopening.month == month],
        )
        for month in sorted(months, reverse=True)
    ]


def departments_to_open(month: date) -> list[Department]:
    """Whose month can be opened again, in 建制順: who answers for a figure of the month (reports it, or registers it for
    everybody), and who is in charge of one that nobody reports. For nobody else would anything open."""
    stored = set(Measurement.objects.reported_with(month).values_list("series_id", flat=True))
    reported: dict[int, set[int]] = {}
    for reporting in Reporting.objects.in_force(month):
        reported.setdefault(reporting.series_id, set()).add(reporting.answering_id)
    answering: set[int] = set()
    for series in Series.objects.select_related("kpi"):
        if series.pk in stored or _may_be_due(series, month):
            in_charge = {series.kpi.department_id} if series.kpi.department_id else set()
            answering |= reported.get(series.pk, in_charge)
    return list(Department.objects.filter(pk__in=answering).in_official_order())


def _may_be_due(series: Series, month: date) -> bool:
    """A value of the series may be asked for with the month; an occasional one whenever there is one."""
    if not is_in_use(series, month):
        return False
    return series.kpi.frequency == Kpi.Frequency.OCCASIONAL or period_due_in(series.kpi, month) is not None
