"""Random worlds: KPIs of every kind and frequency, given values by the product's own acts, then corrected and closed.

The same seed makes the same world.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import Department, Succession
from japan.fiscal import add_months, fiscal_year_of
from japan.periods import Period, Span
from kpis.models import Kpi, Measurement, Reporting, Series, Target
from kpis.summaries.recompute import recompute
from tests.kpis.world import LONG_AGO
from tests.model.acts import Acts, Cast
from tests.model.statements import FIRST_MONTH, Statements

#: A month's value is due about the middle of the next one: none of these days is near it.
DAYS = (date(2025, 6, 5), date(2025, 7, 25), date(2025, 11, 26), date(2026, 2, 5), date(2026, 3, 26), date(2026, 4, 6))


@dataclass
class World:
    """What was made: the day it is looked at on, and the acts that went through."""

    seed: int
    today: date
    kpis: list[Kpi] = field(default_factory=list)
    acts: int = 0


def moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=ZoneInfo("Asia/Tokyo"))


def day_of(seed: int) -> date:
    return DAYS[seed % len(DAYS)]


def make_world(seed: int, cast: Cast, today: date) -> World:
    """A world as it stands on `today`; the caller has set the clock to `moment(today)`."""
    world = World(seed, today)
    maker = _Maker(Random(seed), cast, world)
    maker.make()
    for kpi in world.kpis:
        recompute(kpi.pk)
    world.acts = maker.acts.count
    return world


class _Maker:
    def __init__(self, random: Random, cast: Cast, world: World) -> None:
        self.random, self.cast, self.world = random, cast, world
        self.acts, self.statements = Acts(random, cast, world.today), Statements(random, world.today)

    def make(self) -> None:
        computed = self.monthly()
        self.of_other_frequencies()
        for kpi in self.world.kpis:
            self.aims(kpi)
        self.acts.corrections([kpi for kpi in self.world.kpis if kpi not in computed])
        for kpi in Kpi.objects.filter(baseline_value__gt=0, frequency="month").order_by("pk"):
            if self.random.random() < 0.3:
                kpi.baseline_span, kpi.baseline_period = Span.MONTH.value, date(2022, 10, 1)
                kpi.save(update_fields=["baseline_span", "baseline_period"])
            if kpi.kind == "stock" and kpi.series.count() == 1:
                self.acts.print_ratios(kpi)

    def monthly(self) -> list[Kpi]:
        """Amounts, levels, totals that were published beside their parts, a score; and the two made of others."""
        flow = self.kpi("flow", unit=self.pick("件", "枚", "人", "千円"), scale=self.pick("one", "one", "one", "man"))
        stock = self.kpi("stock", unit=self.pick("人", "か所"), as_of_rule=self.pick("month_end", "next_month_first"))
        parted = self.kpi("flow", parts=self.random.randint(2, 4), unit="件")
        levels = self.kpi("stock", parts=self.random.randint(2, 3), unit="台", as_of_rule="month_end")
        published = self.kpi("flow", parts=2, with_total=True, unit="枚")
        top, below = self.kpi("flow", unit="件", plain=True), self.kpi("flow", unit="件", plain=True)
        staff = self.kpi("stock", unit="人", plain=True, as_of_rule="month_end")
        rate = self.kpi("ratio", unit="%", decimals=1, numerator=top, denominator=below)
        rule = self.pick("mean", "year_end")
        head = self.kpi("ratio", unit="件/人", decimals=2, numerator=top, denominator=staff, level_rule=rule)
        score = self.kpi("ratio", unit="%", decimals=1, aggregation="none")
        for kpi in (flow, stock, parted, levels, published, top, below, staff):
            self.give(kpi, Span.MONTH, FIRST_MONTH)
        self.give(score, Span.MONTH, FIRST_MONTH, most=100)
        return [rate, head]

    def of_other_frequencies(self) -> None:
        yearly = self.kpi(self.pick("flow", "stock"), unit="時間", frequency="fiscal_year")
        self.give(yearly, Span.FISCAL_YEAR, date(2021, 4, 1))
        self.acts.replace_projection(yearly, Span.FISCAL_YEAR)
        quarterly = self.kpi(self.pick("flow", "stock"), unit="人", frequency="quarter", as_of_rule="month_end")
        self.give(quarterly, Span.QUARTER, FIRST_MONTH)
        self.acts.replace_projection(quarterly, Span.QUARTER)
        now_and_then = self.kpi("stock", unit="人", frequency="occasional")
        self.give(now_and_then, Span.CALENDAR_YEAR, date(2019, 1, 1), chance=0.5)

    def pick(self, *choices: Any) -> Any:
        return self.random.choice(choices)

    def give(self, kpi: Kpi, span: Span, first: date, **limits: Any) -> None:
        self.acts.record(self.statements.of(kpi, span, first, **limits))

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
            lives = [{} if plain or (code == "total" and parts) else self.life() for code in codes]
            reporters = [self.cast.department] * len(codes)
            if parts and self.random.random() < 0.2:
                lives[-2:] = self.handed_on()
                if self.random.random() < 0.7:
                    reporters[-2] = self.former_department(number, lives[-1]["starts_on"])
            # Some end as a whole, of some the one series ends while the KPI itself goes on.
            if not parts and self.random.random() < 0.5:
                Kpi.objects.filter(pk=made.pk).update(**lives[0])
            for order, (code, life, reporter) in enumerate(zip(codes, lives, reporters, strict=True), start=1):
                sort = "total" if code == "total" else "type"
                series = Series.objects.create(kpi=made, code=code, name=code, kind=sort, order=order, **life)
                Reporting.objects.create(series=series, department=reporter, valid_from=LONG_AGO)
        self.world.kpis.append(made)
        return made

    def life(self) -> dict[str, date]:
        """Most live on; some begin or end within the years looked at."""
        chance = self.random.random()
        month = add_months(FIRST_MONTH, self.random.randint(2, 26))
        if chance < 0.12:
            return {"starts_on": month}
        return {"ends_on": Period(Span.MONTH, month).end} if chance < 0.24 else {}

    def handed_on(self) -> list[dict[str, date]]:
        """One part ends, another begins the day after."""
        month = add_months(FIRST_MONTH, self.random.randint(2, 26))
        return [{"ends_on": month - timedelta(days=1)}, {"starts_on": month}]

    def former_department(self, number: int, until: date) -> Department:
        """The department whose work the one in the cast took over on a day."""
        former = Department.objects.create(
            code=f"99{number:02}", name=f"旧{number}課", short_name=f"旧{number}", order=900 + number,
            parent=self.cast.department.parent, valid_from=LONG_AGO, valid_to=until - timedelta(days=1),
        )  # fmt: skip
        Succession.objects.create(predecessor=former, successor=self.cast.department, date=until, kind="merge")
        return former

    def aims(self, kpi: Kpi) -> None:
        """Targets of some years and months, and a baseline of some KPIs."""
        scale = self.typical(kpi)
        year = fiscal_year_of(self.world.today)
        if self.random.random() < 0.6:
            for aimed in (year - 1, year):
                Target.objects.create(kpi=kpi, fiscal_year=aimed, value=scale * self.random.randint(60, 140) / 100)
        if kpi.frequency == "month" and self.random.random() < 0.25:
            a_month = round(scale / 12) if kpi.kind == "flow" else scale
            for back in range(1, 4):
                month = add_months(self.world.today.replace(day=1), -back)
                value = a_month * self.random.randint(60, 140) / 100
                Target.objects.create(
                    kpi=kpi, fiscal_year=fiscal_year_of(month), month=month.month, value=round(value, 2)
                )
        if self.random.random() < 0.4:
            kpi.baseline_value = scale * self.random.randint(50, 150) / 100
            kpi.baseline_span, kpi.baseline_period = Span.FISCAL_YEAR.value, date(2022, 4, 1)
            kpi.save(update_fields=["baseline_value", "baseline_span", "baseline_period"])

    def typical(self, kpi: Kpi) -> Decimal:
        """About what a year of the KPI comes to, so that some targets are reached and some are not."""
        if kpi.numerator_id:
            return Decimal(100 if kpi.unit == "%" else 12)
        values = Measurement.objects.filter(series__kpi=kpi, value__isnull=False, period__gte=date(2024, 4, 1))
        known = [value for value in values.exclude(span="fiscal_year").values_list("value", flat=True) if value]
        if not known or kpi.frequency == "fiscal_year":
            return Decimal(100)
        mean = sum(known) / len(known) * (kpi.series.exclude(kind="total").count() or 1)
        return round(mean * (12 if kpi.kind == "flow" and kpi.frequency == "month" else 1))
