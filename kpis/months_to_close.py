"""How far the months are that the reform office closes: who has answered, what is closed, what is open again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q

from accounts.models import Department
from kpis.closing import closed_months
from kpis.models import Closing, Reopening, Reporting
from kpis.progress import MonthStatus, departments_of, month_status

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
    """Whose month can be opened again: who reports it, and who is in charge of a KPI or registers it, in 建制順."""
    of_month = Reporting.objects.in_force(month)
    reports = Q(pk__in=of_month.values("department")) | Q(pk__in=of_month.values("registrar"))
    return list(Department.objects.filter(reports | Q(kpis__isnull=False)).distinct().in_official_order())
