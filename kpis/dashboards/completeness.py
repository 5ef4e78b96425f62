"""回答状況: which departments have reported a KPI's newest due period, and which have not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from accounts.models import Department
from japan.closed_days import PLAIN, CityCalendar
from japan.fiscal import add_months, month_end, month_start
from japan.periods import Period
from kpis.entries.sheet import due_date, period_due_in
from kpis.models import Kpi, Measurement, Reporting

Key = tuple[int, str, date]


@dataclass(frozen=True)
class Due:
    """A KPI's period that is asked for, and by when."""

    kpi: Kpi
    period: Period
    by: date

    def is_past(self, today: date) -> bool:
        return self.by < today


@dataclass
class Status:
    """Which departments have reported, in 建制順. A department with several series has when all of them are there."""

    answered: list[Department] = field(default_factory=list)
    missing: list[Department] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.answered)

    @property
    def total(self) -> int:
        return len(self.answered) + len(self.missing)


def newest_due(kpi: Kpi, last_month: date, calendar: CityCalendar = PLAIN) -> Due | None:
    """The newest period of the KPI's life that had ended by `last_month`. None for an occasional one."""
    for back in range(12):
        month = add_months(last_month, -back)
        period = period_due_in(kpi, month)
        if period is not None and _is_alive(kpi.starts_on, kpi.ends_on, period):
            return Due(kpi, period, due_date(kpi, month, calendar))
    return None


def due_through(kpi: Kpi, last_month: date, on: date, calendar: CityCalendar = PLAIN) -> date | None:
    """The newest month whose value was due before a day: a month that is missing up to it is a gap."""
    for back in range(13):
        month = add_months(last_month, -back)
        if period_due_in(kpi, month) is not None and due_date(kpi, month, calendar) < on:
            return month
    return None


def next_due(kpi: Kpi, last_month: date, today: date, calendar: CityCalendar = PLAIN) -> Due | None:
    """The period whose 回答期限 comes next."""
    for ahead in range(-1, 13):
        month = add_months(last_month, ahead)
        period = period_due_in(kpi, month)
        if period is not None and _is_alive(kpi.starts_on, kpi.ends_on, period):
            by = due_date(kpi, month, calendar)
            if by >= today:
                return Due(kpi, period, by)
    return None


def answered_keys(measurements: Iterable[Measurement]) -> set[Key]:
    """What counts as reported: a value that is no projection, or a reason other than 集計中."""
    return {(m.series_id, m.span, m.period) for m in measurements if m.is_answer}


def status_of(dues: Sequence[Due], reportings: Iterable[Reporting], answered: set[Key]) -> Status:
    """Who has reported everything of the dues. `reportings` come with series, KPI, registrar and department.

    What one office registers for everybody counts for that office alone.
    """
    period_of_kpi = {due.kpi.pk: due.period for due in dues}
    lacking: dict[Department, bool] = {}
    for reporting in reportings:
        series = reporting.series
        period = period_of_kpi.get(series.kpi_id)
        if period is None or not reports_in(reporting, period):
            continue
        is_there = (series.pk, period.span.value, period.start) in answered
        department = reporting.answering
        lacking[department] = lacking.get(department, False) or not is_there
    in_order = sorted(lacking, key=lambda department: (department.order, department.code))
    return Status(
        answered=[department for department in in_order if not lacking[department]],
        missing=[department for department in in_order if lacking[department]],
    )


def reports_in(reporting: Reporting, period: Period) -> bool:
    """The department answers for the series in the month with which the period ends."""
    is_in_force = reporting.is_in_force(month_start(period.end))
    return is_in_force and _is_alive(reporting.series.starts_on, reporting.series.ends_on, period)


def _is_alive(starts_on: date | None, ends_on: date | None, period: Period) -> bool:
    return (starts_on is None or starts_on <= month_end(period.end)) and (ends_on is None or period.start <= ends_on)
