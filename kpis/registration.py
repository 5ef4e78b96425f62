"""一括登録: what one office registers for everybody, as the departments see it, confirm it or remark on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Assignment, Department
from japan.fiscal import month_start
from japan.periods import Period
from kpis.models import Acknowledgement, Kpi, Measurement, Reporting, Series
from kpis.sheet import is_in_use, period_due_in

if TYPE_CHECKING:
    from accounts.access import Access


@dataclass(frozen=True)
class Registered:
    """A value of a department that another office registers, with what the department last said of this version."""

    series: Series
    department: Department
    registrar: Department
    period: Period
    measurement: Measurement | None
    said: Acknowledgement | None

    @property
    def kpi(self) -> Kpi:
        return self.series.kpi

    @property
    def waits(self) -> bool:
        """A value is there, and the department has not said anything about this version of it."""
        return self.measurement is not None and self.said is None


def registered_for(department: Department, month: date) -> list[Registered]:
    """What another office registers of a department's month, in the order of the sheet. One query where there is nothing."""
    return _registered([(row, month) for row in Reporting.objects.registered_for(department, month)])


@dataclass(frozen=True)
class ToConfirm:
    """A department's month with registered values about which it has said nothing yet."""

    department: Department
    month: date
    count: int


def to_confirm(departments: Iterable[Department], months: Sequence[date]) -> list[ToConfirm]:
    """The months that wait for a department's word, newest first. One query where nothing is registered for them."""
    own = {department.pk: department for department in departments}
    rows = Reporting.objects.filter(department__in=own, registrar__isnull=False).exclude(registrar=F("department"))
    listed = list(rows.select_related("series__kpi", "registrar", "department"))
    registered = _registered([(row, month) for row in listed for month in months if row.is_in_force(month)])
    counts = Counter((month_start(each.period.end), each.department.pk) for each in registered if each.waits)
    return [ToConfirm(own[pk], month, count) for (month, pk), count in sorted(counts.items(), reverse=True)]


def replies_to(registrar: Department, month: date) -> list[Registered]:
    """What the departments said of the values this office registers for them, in 建制順."""
    rows = Reporting.objects.in_force(month).filter(registrar=registrar).exclude(department=registrar)
    rows = rows.select_related("series__kpi", "department", "registrar").order_by(
        "department__order", "department__code"
    )
    return _registered([(row, month) for row in rows])


def _registered(rows: Iterable[tuple[Reporting, date]]) -> list[Registered]:
    asked = []
    for row, month in rows:
        period = period_due_in(row.series.kpi, month)
        if period is not None and is_in_use(row.series, month):
            asked.append((row, period))
    if not asked:
        return []
    stored = {
        (m.series_id, m.span, m.period): m
        for m in Measurement.objects.filter(
            series__in=[row.series_id for row, _ in asked], period__in={period.start for _, period in asked}
        )
    }
    said: dict[tuple[int, int, int], Acknowledgement] = {}
    for each in Acknowledgement.objects.filter(measurement__in=stored.values()).select_related("user").order_by("at"):
        said[each.measurement_id, each.measurement_version, each.department_id] = each
    found = []
    for row, period in asked:
        value = stored.get((row.series_id, period.span.value, period.start))
        answer = said.get((value.pk, value.version, row.department_id)) if value else None
        assert row.registrar is not None  # a row of both lists has one
        found.append(Registered(row.series, row.department, row.registrar, period, value, answer))
    return found


def acknowledge(
    department: Department, month: date, *, seen: Mapping[int, int], remarks: Mapping[int, str], access: Access
) -> tuple[int, int]:
    """Says of the values shown (`seen`: measurement id → version) that they are right, or what is wrong with them.

    Gives how many were answered, and how many were left out because they have a newer version than was shown.
    """
    roles = (Assignment.Role.EDITOR, Assignment.Role.APPROVER)
    if not (access.may_enter(department.pk) or access.may_approve(department.pk)):
        raise PermissionDenied
    with transaction.atomic():
        waiting = [each for each in registered_for(department, month) if each.measurement is not None]
        asked = [each.measurement for each in waiting if each.measurement and each.measurement.pk in seen]
        current = [m for m in asked if m.version == seen[m.pk]]
        post = access.post_in(department.pk, *roles)
        Acknowledgement.objects.bulk_create(_answers(current, department, remarks, post, access))
    return len(current), len(asked) - len(current)


def _answers(
    measurements: Iterable[Measurement], department: Department, remarks: Mapping[int, str], post: str, access: Access
) -> list[Acknowledgement]:
    return [
        Acknowledgement(
            measurement=measurement,
            measurement_version=measurement.version,
            department=department,
            is_right=not remarks.get(measurement.pk, "").strip(),
            comment=remarks.get(measurement.pk, "").strip()[:1000],
            user=access.user,  # type: ignore[misc]
            post=post,
            at=timezone.now(),
        )
        for measurement in measurements
    ]
