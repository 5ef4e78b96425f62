"""Random worlds: KPIs of every kind and frequency, given values by the product's own acts, then corrected and closed.

The same seed makes the same world.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from accounts.access import Access
from accounts.models import Department, User
from japan.fiscal import add_months, fiscal_year_of, month_start
from japan.periods import Period, Span
from kpis.closing import close_month, end_reopening, reopen
from kpis.entries import Slot, Statement, approve, save_draft, submit
from kpis.models import Kpi, Measurement, Reporting, Series, Target
from kpis.recording import Change, current_versions, record
from kpis.summaries import recompute
from tests.kpis.world import LONG_AGO

#: A month's value is due about the middle of the next one: none of these days is near it.
DAYS = (date(2025, 6, 5), date(2025, 7, 25), date(2025, 11, 26), date(2026, 2, 5), date(2026, 3, 26), date(2026, 4, 6))
FIRST_MONTH = date(2023, 4, 1)
REASONS = ("withheld", "pending", "not_applicable")


@dataclass(frozen=True)
class Cast:
    """Who acts in a world."""

    department: Department
    editor: User
    approver: User
    office: User


@dataclass
class World:
    """What was made: the day it is looked at on, and the acts that went through."""

    seed: int
    today: date
    kpis: list[Kpi] = field(default_factory=list)
    acts: int = 0


def moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=ZoneInfo("Asia/Tokyo"))


def make_world(seed: int, cast: Cast, today: date) -> World:
    """A world as it stands on `today`; the caller has set the clock to `moment(today)`."""
    random = Random(seed)
    world = World(seed, today)
    maker = _Maker(random, cast, world)
    maker.make()
    for kpi in world.kpis:
        recompute(kpi.pk)
    return world


def day_of(seed: int) -> date:
    return DAYS[seed % len(DAYS)]


class _Maker:
    def __init__(self, random: Random, cast: Cast, world: World) -> None:
        self.random, self.cast, self.world = random, cast, world

    def make(self) -> None:
        flow = self.kpi("flow", unit=self.pick("件", "枚", "人", "千円"), scale=self.pick("one", "one", "one", "man"))
        stock = self.kpi("stock", unit=self.pick("人", "か所"), as_of_rule=self.pick("month_end", "next_month_first"))
        parted = self.kpi("flow", parts=self.random.randint(2, 4), unit="件")
        levels = self.kpi("stock", parts=self.random.randint(2, 3), unit="台", as_of_rule="month_end")
        published = self.kpi("flow", parts=2, with_total=True, unit="枚")
        top, below = self.kpi("flow", unit="件", plain=True), self.kpi("flow", unit="件", plain=True)
        staff = self.kpi("stock", unit="人", plain=True, as_of_rule="month_end")
        for kpi in (flow, stock, parted, levels, published, top, below, staff):
            self.months(kpi)
        rate = self.kpi("ratio", unit="%", decimals=1, numerator=top, denominator=below)
        head = self.kpi(
            "ratio",
            unit="件/人",
            decimals=2,
            numerator=top,
            denominator=staff,
            level_rule=self.pick("mean", "year_end"),
        )
        score = self.kpi("ratio", unit="%", decimals=1, aggregation="none")
        self.months(score, least=0, most=100)
        yearly = self.kpi(self.pick("flow", "stock"), unit="時間", frequency="fiscal_year")
        self.periods(yearly, Span.FISCAL_YEAR, date(2021, 4, 1))
        quarterly = self.kpi(self.pick("flow", "stock"), unit="人", frequency="quarter", as_of_rule="month_end")
        self.periods(quarterly, Span.QUARTER, FIRST_MONTH)
        now_and_then = self.kpi("stock", unit="人", frequency="occasional")
        self.periods(now_and_then, Span.CALENDAR_YEAR, date(2019, 1, 1), chance=0.5)
        for kpi in self.world.kpis:
            self.aims(kpi)
        self.corrections([kpi for kpi in self.world.kpis if kpi not in (rate, head)])

    def pick(self, *choices: Any) -> Any:
        return self.random.choice(choices)

    def kpi(
        self, kind: str, *, unit: str, parts: int = 0, with_total: bool = False, plain: bool = False, **fields: Any
    ) -> Kpi:
        """A KPI with its series: one total, or `parts` parts (which may begin and end), or both."""
        number = len(self.world.kpis) + 1
        fields = {"decimals": self.pick(0, 0, 1) if kind != "ratio" else 0, "definition": "決め方"} | fields
        made = Kpi.objects.create(
            code=f"k{number}", name=f"指標{number}", kind=kind, unit=unit, order=number,
            direction=self.pick("up", "up", "down", "down", "none"), **fields,
        )  # fmt: skip
        if "numerator" not in fields:
            codes = ["total"] * (with_total or not parts) + [f"p{n}" for n in range(parts)]
            for order, code in enumerate(codes, start=1):
                lives = {} if plain or (code == "total" and parts) else self.life()
                if not parts:
                    Kpi.objects.filter(pk=made.pk).update(**lives)
                sort = "total" if code == "total" else "type"
                series = Series.objects.create(kpi=made, code=code, name=code, kind=sort, order=order, **lives)
                Reporting.objects.create(series=series, department=self.cast.department, valid_from=LONG_AGO)
        self.world.kpis.append(made)
        return made

    def life(self) -> dict[str, date]:
        """Most live on; some begin or end within the years looked at."""
        chance = self.random.random()
        month = add_months(FIRST_MONTH, self.random.randint(2, 26))
        if chance < 0.12:
            return {"starts_on": month}
        return {"ends_on": Period(Span.MONTH, month).end} if chance < 0.24 else {}

    def months(self, kpi: Kpi, *, least: int = 0, most: int = 5000) -> None:
        self.periods(kpi, Span.MONTH, FIRST_MONTH, least=least, most=most)

    def periods(
        self, kpi: Kpi, span: Span, first: date, *, chance: float = 1.0, least: int = 0, most: int = 5000
    ) -> None:
        """Values of consecutive periods up to the day, with some left out, missing for a reason, marked or projected."""
        changes = []
        for series in kpi.series.all():
            holes = self.pick(0, 0, 0.03, 0.08)
            level = self.random.randint(least + 1, most)
            not_yet = self.pick(0, 0, 0, 0, 0, self.random.randint(1, 8))
            given_until = self.last_given()
            period = Period.containing(span, first)
            while period.end <= given_until:
                alive = bool(series.months_of_life(period))
                if alive and not_yet > 0:
                    not_yet -= 1
                    changes.append(Change(series.pk, period.start, span.value, missing_reason="before_start"))
                elif alive and self.random.random() < chance and self.random.random() >= holes:
                    level = self.step(level, least, most)
                    changes.append(self.statement(kpi, series, period, level))
                period = period.next()
            if span != Span.MONTH and self.random.random() < 0.3:
                changes.append(self.statement(kpi, series, period.shift(1), level, nature="projected"))
        # A published total is given for some months only.
        if kpi.series.filter(kind="total").exists() and kpi.series.count() > 1:
            total = kpi.series.get(kind="total").pk
            changes = [c for c in changes if c.series_id != total or self.random.random() < 0.3]
        if changes:
            self.record(changes)

    def last_given(self) -> date:
        """The last month's end that a series has given: mostly the last one, now and then one or two fewer."""
        month = add_months(month_start(self.world.today), -self.pick(0, 0, 0, 1, 1, 3))
        return date.fromordinal(month.toordinal() - 1)

    def step(self, level: int, least: int, most: int) -> int:
        if self.random.random() < 0.5:
            return self.random.randint(least, most)
        return min(max(level + self.random.randint(-40, 60), least), most)

    def statement(self, kpi: Kpi, series: Series, period: Period, level: int, **marks: Any) -> Change:
        value = Decimal(level)
        if kpi.decimals and self.random.random() < 0.8:
            value += Decimal(self.random.randint(0, 99)) / 100
        if kpi.kind == "ratio":
            value = min(value, Decimal(100))
        change = Change(series.pk, period.start, period.span.value, value, **marks)
        chance = self.random.random()
        if marks or chance > 0.08:
            return change
        if chance < 0.03:
            return replace(change, value=None, missing_reason=self.pick(*REASONS))
        return replace(change, **self.pick(*_MARKS))

    def record(self, changes: list[Change]) -> None:
        record(changes, actor=None, post="", reason="試験")
        self.world.acts += len(changes)

    def aims(self, kpi: Kpi) -> None:
        """Targets of some years and a baseline of some KPIs."""
        scale = self.typical(kpi)
        year = fiscal_year_of(self.world.today)
        if self.random.random() < 0.6:
            for aimed in (year - 1, year):
                Target.objects.create(kpi=kpi, fiscal_year=aimed, value=scale * self.random.randint(60, 140) / 100)
        if self.random.random() < 0.4:
            kpi.baseline_value = scale * self.random.randint(50, 150) / 100
            kpi.baseline_span, kpi.baseline_period = Span.FISCAL_YEAR.value, date(2022, 4, 1)
            kpi.save(update_fields=["baseline_value", "baseline_span", "baseline_period"])

    def typical(self, kpi: Kpi) -> Decimal:
        """About what a year of the KPI comes to, so that some targets are reached and some are not."""
        if kpi.numerator_id:
            return Decimal(100 if kpi.unit == "%" else 12)
        values = Measurement.objects.filter(series__kpi=kpi, value__isnull=False, period__gte=date(2024, 4, 1))
        known = [value for value in values.values_list("value", flat=True) if value]
        if not known:
            return Decimal(100)
        mean = sum(known) / len(known) * (kpi.series.exclude(kind="total").count() or 1)
        return round(mean * (12 if kpi.kind == "flow" and kpi.frequency == "month" else 1))

    def corrections(self, kpis: list[Kpi]) -> None:
        """Values changed by the office, typed again and approved, then closed months, corrected in a re-opening."""
        # A numerator above its denominator is refused at once: the two are not typed again.
        stored = list(
            Measurement.objects.filter(
                series__kpi__in=kpis, series__kpi__numerator_of=None, series__kpi__denominator_of=None
            )
            .select_related("series__kpi")
            .order_by("pk")
        )
        for measurement in self.random.sample(stored, min(4, len(stored))):
            self.type_again(measurement)
        month = add_months(month_start(self.world.today), -self.random.randint(2, 9))
        office = Access(self.cast.office, self.world.today)
        close_month(month, access=office)
        reopening = reopen(month, self.cast.department, reason="誤りの訂正", until=self.world.today, access=office)
        inside = [m for m in stored if m.span == "month" and m.period == month]
        for measurement in self.random.sample(inside, min(2, len(inside))):
            measurement.refresh_from_db()
            self.correct(measurement)
        end_reopening(reopening, access=office)

    def correct(self, measurement: Measurement) -> None:
        version = current_versions([measurement.series_id])[measurement.series_id, measurement.span, measurement.period]
        value = Decimal(self.random.randint(0, 100))
        change = Change(
            measurement.series_id, measurement.period, measurement.span, value, expected_version=version
        )  # fmt: skip
        self.record([change])

    def type_again(self, measurement: Measurement) -> None:
        """The editor types, the chief approves: a projection becomes a value, what was missing is there."""
        slot = Slot(measurement.series_id, measurement.period, measurement.span)
        said = Statement(value=Decimal(self.random.randint(0, 100)), is_confirmed=True)
        if Period(Span(measurement.span), measurement.period).end >= self.world.today:
            return
        entry = save_draft(
            slot, said, access=Access(self.cast.editor, self.world.today), department_id=self.cast.department.pk
        )
        entry = submit(entry, access=Access(self.cast.editor, self.world.today))
        approve(entry, access=Access(self.cast.approver, self.world.today))
        self.world.acts += 1


_MARKS = (
    {"nature": "estimated"},
    {"is_provisional": True},
    {"is_synthetic": True},
    {"is_rounded": True},
    {"is_derived": True},
)
