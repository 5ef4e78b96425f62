"""Acts by which values of a random world are stored and change: the pages' own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from random import Random

from accounts.access import Access
from accounts.models import Department, User
from japan.fiscal import add_months, month_start
from japan.periods import Period, Span
from kpis.entries import approve, save_draft, submit
from kpis.models import Kpi, Measurement
from kpis.values.closed import MonthIsClosed, close_month, end_reopening, reopen
from kpis.values.recording import Change, current_versions, record
from kpis.values.statement import Slot, Statement


@dataclass(frozen=True)
class Cast:
    """Who acts in a world."""

    department: Department
    editor: User
    approver: User
    office: User


class Acts:
    def __init__(self, random: Random, cast: Cast, today: date) -> None:
        self.random, self.cast, self.today = random, cast, today
        self.count = 0

    def record(self, changes: list[Change]) -> None:
        if changes:
            record(changes, actor=None, post="", reason="試験")
            self.count += len(changes)

    def put(self, measurement: Measurement, change: Change) -> None:
        """Over what stands there, of which the writer knows the version."""
        key = measurement.series_id, measurement.span, measurement.period
        self.record([replace(change, expected_version=current_versions([measurement.series_id])[key])])

    def corrections(self, kpis: list[Kpi]) -> None:
        """Values typed again and approved, withheld, replaced by what a source printed; then a month is closed, and
        some of it corrected in a re-opening."""
        # A numerator above its denominator is refused at once: the two are not typed again.
        plain = Measurement.objects.filter(
            series__kpi__in=kpis, series__kpi__numerator_of=None, series__kpi__denominator_of=None
        )
        # What was not in use has no value.
        own = plain.filter(series__reportings__department=self.cast.department)
        stored = list(own.exclude(missing_reason="before_start").select_related("series__kpi").order_by("pk"))
        for measurement in self.random.sample(stored, min(4, len(stored))):
            self.type_again(measurement)
        self.withhold(stored)
        self.print_comparisons(kpis)
        month = add_months(month_start(self.today), -self.random.randint(2, 9))
        office = Access(self.cast.office, self.today)
        close_month(month, access=office)
        reopening = reopen(month, self.cast.department, reason="誤りの訂正", until=self.today, access=office)
        inside = [m for m in stored if m.span == "month" and m.period == month]
        for measurement in self.random.sample(inside, min(2, len(inside))):
            self.correct(measurement)
        end_reopening(reopening, access=office)

    def correct(self, measurement: Measurement) -> None:
        value = Decimal(self.random.randint(0, 100))
        self.put(measurement, Change(measurement.series_id, measurement.period, measurement.span, value))

    def withhold(self, stored: list[Measurement]) -> None:
        """A part of one KPI becomes 非公開 for some months."""
        parts = [m for m in stored if m.series.kind != "total" and m.span == "month"]
        if not parts or self.random.random() < 0.5:
            return
        chosen = self.random.choice(parts)
        for measurement in [m for m in parts if m.series_id == chosen.series_id and m.period >= chosen.period][:3]:
            change = Change(measurement.series_id, measurement.period, measurement.span, missing_reason="withheld")
            self.put(measurement, change)

    def print_comparisons(self, kpis: list[Kpi]) -> None:
        """A source printed a share beside the numerator's value."""
        top = next((kpi for kpi in kpis if kpi.numerator_of.filter(unit="%").exists()), None)
        if top is None or self.random.random() < 0.4:
            return
        known = list(Measurement.objects.filter(series__kpi=top, value__isnull=False, span="month").order_by("pk"))
        for measurement in self.random.sample(known, min(3, len(known))):
            change = Change(
                measurement.series_id, measurement.period, measurement.span, measurement.value,
                published=f"{self.random.randint(1, 99)}%",
            )  # fmt: skip
            self.put(measurement, change)

    def print_ratios(self, kpi: Kpi) -> None:
        """A source printed beside a level of March how many times the baseline it is; one of them is typed again."""
        stored = Measurement.objects.filter(series__kpi=kpi, value__isnull=False, period__month=3)
        for measurement in stored.select_related("series__kpi").order_by("pk"):
            try:
                change = Change(
                    measurement.series_id, measurement.period, measurement.span, measurement.value,
                    published=f"{self.random.randint(1, 90) / 10}倍",
                )  # fmt: skip
                self.put(measurement, change)
                if self.random.random() < 0.3:
                    self.type_again(measurement)
            except MonthIsClosed:
                continue

    def replace_projection(self, kpi: Kpi, span: Span) -> None:
        """What was projected of a period that is over now is typed and approved."""
        known = list(
            Measurement.objects.filter(series__kpi=kpi, span=span.value, value__isnull=False, nature="observed")
            .select_related("series__kpi")
            .order_by("pk")
        )
        if not known or self.random.random() < 0.5:
            return
        chosen = self.random.choice(known)
        projected = Change(chosen.series_id, chosen.period, chosen.span, chosen.value, nature="projected")
        self.put(chosen, projected)
        if self.random.random() < 0.6:
            self.type_again(chosen)

    def type_again(self, measurement: Measurement) -> None:
        """The editor types, the chief approves: a projection becomes a value, what was missing is there."""
        slot = Slot(measurement.series_id, measurement.period, measurement.span)
        said = Statement(value=Decimal(self.random.randint(0, 100)), is_confirmed=True)
        if Period(Span(measurement.span), measurement.period).end >= self.today:
            return
        editor, approver = Access(self.cast.editor, self.today), Access(self.cast.approver, self.today)
        entry = save_draft(slot, said, access=editor, department_id=self.cast.department.pk, comment="聞き直した値")
        approve(submit(entry, access=editor), access=approver)
        self.count += 1
