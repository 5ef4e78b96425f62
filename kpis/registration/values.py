"""一括登録: what one office registers for everybody, with what the departments say of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from accounts.models import Department
from japan.fiscal import month_start
from japan.periods import Period
from kpis.entries.sheet import is_in_use, period_due_in
from kpis.models import Acknowledgement, Kpi, Measurement, Reporting, Series


@dataclass(frozen=True)
class Registered:
    """A value of a department that another office registers, with everything the department said of it (oldest first)."""

    series: Series
    department: Department
    registrar: Department
    period: Period
    measurement: Measurement | None
    words: Sequence[Acknowledgement] = ()

    @property
    def kpi(self) -> Kpi:
        return self.series.kpi

    @property
    def said(self) -> Acknowledgement | None:
        """What the department says of this version: its last word, unless it took that back."""
        version = self.measurement.version if self.measurement else 0
        last = next((word for word in reversed(self.words) if word.measurement_version == version), None)
        return None if last is None or last.is_taken_back else last

    @property
    def waits(self) -> bool:
        """A value is there, and the department says nothing about this version of it."""
        return self.measurement is not None and self.said is None

    @property
    def asks_for_answer(self) -> bool:
        """The department's remark waits for an answer of the office, or for a newer value."""
        return self.said is not None and not self.said.is_right and not self.said.answers.all()

    @property
    def earlier(self) -> Sequence[Acknowledgement]:
        """What was said before, or was taken back; empty where the last word is the only one."""
        return self.words[:-1] if self.said and self.said == self.words[-1] else self.words


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
    said: dict[tuple[int, int], list[Acknowledgement]] = {}
    words = Acknowledgement.objects.filter(measurement__in=stored.values()).select_related("user")
    for each in words.prefetch_related("answers__user").order_by("at", "pk"):
        said.setdefault((each.measurement_id, each.department_id), []).append(each)
    found = []
    for row, period in asked:
        value = stored.get((row.series_id, period.span.value, period.start))
        own = said.get((value.pk, row.department_id), []) if value else []
        assert row.registrar is not None  # a row of both lists has one
        found.append(Registered(row.series, row.department, row.registrar, period, value, own))
    return found
