"""What is said of each period of a KPI in a random world: values, reasons, marks, projections, what was printed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from japan.fiscal import add_months, month_start
from japan.periods import Period, Span
from kpis.models import Kpi, Series
from kpis.values.recording import Change

FIRST_MONTH = date(2023, 4, 1)
REASONS = ("withheld", "pending", "not_applicable")
MARKS = (
    {"nature": "estimated"},
    {"is_provisional": True},
    {"is_synthetic": True},
    {"is_rounded": True},
    {"is_derived": True},
)


class Statements:
    def __init__(self, random: Random, today: date) -> None:
        self.random, self.today = random, today

    def of(
        self, kpi: Kpi, span: Span, first: date, *, chance: float = 1.0, least: int = 0, most: int = 5000
    ) -> list[Change]:
        """Values of consecutive periods up to the day, with some left out, missing for a reason, marked or projected."""
        said = [
            change
            for series in kpi.series.all()
            for change in self.of_series(kpi, series, span, first, chance, least, most)
        ]
        # A published total is given for some months only, and now and then for a year.
        if kpi.series.filter(kind="total").exists() and kpi.series.count() > 1:
            total = kpi.series.get(kind="total").pk
            said = [change for change in said if change.series_id != total or self.random.random() < 0.3]
            if self.random.random() < 0.3:
                year = Decimal(self.random.randint(20_000, 60_000))
                said.append(Change(total, date(2023, 4, 1), Span.FISCAL_YEAR.value, year))
        return said

    def of_series(
        self, kpi: Kpi, series: Series, span: Span, first: date, chance: float, least: int, most: int
    ) -> list[Change]:
        said = []
        holes = self.pick(0, 0, 0.03, 0.08)
        level = self.random.randint(least + 1, most)
        not_yet = self.pick(0, 0, 0, 0, 0, self.random.randint(1, 8))
        if series.starts_on:
            not_yet = 0  # Its first day says when it came into use.
        given_until = self.last_given()
        period = Period.containing(span, first)
        while period.end <= given_until:
            alive = bool(series.months_of_life(period))
            if alive and not_yet > 0:
                not_yet -= 1
                said.append(Change(series.pk, period.start, span.value, missing_reason="before_start"))
            elif alive and self.random.random() < chance and self.random.random() >= holes:
                level = self.step(level, least, most)
                said.append(self.statement(kpi, series, period, level))
            period = period.next()
        if span != Span.MONTH and self.random.random() < 0.3:
            said.append(self.statement(kpi, series, period.shift(1), level, nature="projected"))
        return said

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
        return replace(change, **self.pick(*MARKS))

    def last_given(self) -> date:
        """The last month's end that a series has given: mostly the last one, now and then one or two fewer."""
        month = add_months(month_start(self.today), -self.pick(0, 0, 0, 1, 1, 3))
        return date.fromordinal(month.toordinal() - 1)

    def step(self, level: int, least: int, most: int) -> int:
        if self.random.random() < 0.5:
            return self.random.randint(least, most)
        return min(max(level + self.random.randint(-40, 60), least), most)

    def pick(self, *choices: Any) -> Any:
        return self.random.choice(choices)
