"""A department's month: every value it reports, with what is known about each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from accounts.models import ClosedDay, Department
from japan.closed_days import PLAIN, CityCalendar
from japan.fiscal import add_months, fiscal_year_of, fiscal_year_start
from japan.periods import Period, Span
from kpis.models import Entry, EntryEvent, Kpi, Measurement, Reporting, Series
from kpis.models.value import Missing

Key = tuple[int, str, date]


def due_date(kpi: Kpi, month: date, calendar: CityCalendar = PLAIN) -> date:
    """回答期限 of a month's value by the rule: the n-th working day of the following month in the city's calendar."""
    return calendar.nth_working_day(add_months(month, 1), kpi.due_working_day)


def extended_dues(department_ids: Iterable[int], months: Iterable[date]) -> dict[tuple[int, date], date]:
    """(department id, month) → until when its monthly inquiry was extended, where it was (one query)."""
    inquiries = "received_inquiries__inquiry"  # the inquiries are downstream of the figures: asked by their name
    rows = Department.objects.filter(
        pk__in=list(department_ids),
        received_inquiries__extended_to__isnull=False,
        **{f"{inquiries}__kind": "monthly", f"{inquiries}__month__in": list(months)},
    ).values_list("pk", f"{inquiries}__month", "received_inquiries__extended_to")
    return {(department_id, month): until for department_id, month, until in rows}


def period_due_in(kpi: Kpi, month: date) -> Period | None:
    """The period of a KPI that is reported with a month: the month itself, or the quarter or year that ends with it.

    None where nothing is due: a yearly figure outside March (fiscal) or December (calendar), an occasional one always.
    """
    match kpi.frequency:
        case Kpi.Frequency.MONTH:
            return Period(Span.MONTH, month)
        case Kpi.Frequency.QUARTER if month.month % 3 == 0:
            return Period.containing(Span.QUARTER, month)
        case Kpi.Frequency.FISCAL_YEAR if month.month == 3:
            return Period(Span.FISCAL_YEAR, fiscal_year_start(fiscal_year_of(month)))
        case Kpi.Frequency.CALENDAR_YEAR if month.month == 12:
            return Period.containing(Span.CALENDAR_YEAR, month)
        case _:
            return None


@dataclass
class Slot:
    """One line of the sheet."""

    series: Series
    department: Department
    period: Period
    measurement: Measurement | None = None
    #: Of the period before and the same of last year: what is said there, else what counts.
    previous: Measurement | Entry | None = None
    last_year: Measurement | Entry | None = None
    entry: Entry | None = None
    due: date = date.max

    @property
    def kpi(self) -> Kpi:
        return self.series.kpi

    @property
    def is_answered(self) -> bool:
        """An approved value or a reason other than 集計中 is there; a projection is none."""
        return self.measurement is not None and self.measurement.is_answer

    @property
    def is_pending(self) -> bool:
        """Its approved answer is 集計中, and nobody has begun the next one."""
        known = self.measurement
        return self.entry is None and known is not None and known.missing_reason == Missing.PENDING

    @property
    def state(self) -> str:
        """The entry's state while one is open, else approved or empty."""
        if self.entry is not None:
            return self.entry.state
        return Entry.State.APPROVED.value if self.is_answered else ""

    @property
    def return_reason(self) -> str:
        """Why the chief sent it back the last time."""
        return self.entry.return_reason if self.entry else ""


def slots_of(departments: Iterable[Department], months: Iterable[date]) -> dict[tuple[int, date], list[Slot]]:
    """The sheets of several departments and months, in six queries: (department id, month) → its lines in order.

    What an office registers for everybody (一括登録) stands on its sheet, and on no other.
    """
    department_by_id = {department.pk: department for department in departments}
    wanted = sorted(set(months))
    if not department_by_id or not wanted:
        return {}
    reportings = (
        Reporting.objects.of_sheets(department_by_id)
        .filter(valid_from__lte=wanted[-1])
        .select_related("series__kpi")
        .order_by("series__kpi__order", "series__kpi__code", "series__order", "series__code")
    )
    calendar = ClosedDay.objects.calendar()
    extended = extended_dues(department_by_id, wanted)
    sheets: dict[tuple[int, date], list[Slot]] = {}
    for reporting in reportings:
        series = reporting.series
        for month in wanted:
            period = period_due_in(series.kpi, month)
            if period is None or not reporting.is_in_force(month) or not is_in_use(series, month):
                continue
            key = (reporting.answering_id, month)
            due = max(due_date(series.kpi, month, calendar), extended.get(key, date.min))
            slot = Slot(series, department_by_id[reporting.answering_id], period, due=due)
            sheets.setdefault(key, []).append(slot)
    _fill([slot for slots in sheets.values() for slot in slots])
    return sheets


def sheet_of(department: Department, month: date) -> list[Slot]:
    """The lines of one department's month."""
    return slots_of([department], [month]).get((department.pk, month), [])


def is_in_use(series: Series, month: date) -> bool:
    """Whether a series, and its KPI, exist in a month."""
    starts = [day for day in (series.starts_on, series.kpi.starts_on) if day]
    ends = [day for day in (series.ends_on, series.kpi.ends_on) if day]
    next_month = add_months(month, 1)
    return all(day < next_month for day in starts) and all(month <= day for day in ends)


def _fill(slots: list[Slot]) -> None:
    series_ids = {slot.series.pk for slot in slots}
    periods = {p.start for slot in slots for p in (slot.period, slot.period.previous(), slot.period.a_year_before())}
    measurements: dict[Key, Measurement] = {
        (m.series_id, m.span, m.period): m
        for m in Measurement.objects.filter(series_id__in=series_ids, period__in=periods)
    }
    entries: dict[Key, Entry] = {
        (e.series_id, e.span, e.period): e
        for e in Entry.objects.open()
        .filter(series_id__in=series_ids, period__in=periods)
        .select_related("author")
        .prefetch_related(Prefetch("events", EntryEvent.objects.order_by("at", "id")))
    }
    stated = {key: entry for key, entry in entries.items() if entry.is_stated}
    for slot in slots:
        own, span = slot.series.pk, slot.period.span.value
        slot.measurement = measurements.get((own, span, slot.period.start))
        before, a_year_before = (
            (own, span, slot.period.previous().start),
            (own, span, slot.period.a_year_before().start),
        )
        slot.previous = stated.get(before) or measurements.get(before)
        slot.last_year = stated.get(a_year_before) or measurements.get(a_year_before)
        slot.entry = entries.get((own, span, slot.period.start))
