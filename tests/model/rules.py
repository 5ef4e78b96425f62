"""What may be said of each figure, from the stored rows and the rules alone: exact fractions, nothing of the product.

`read` takes the tables by SQL. `Model` answers for a KPI and a period: its value, whether it is whole, to date or with
gaps, what it may be compared with and what may be judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any

from django.db import connection

#: What one of a unit is worth in what it is measured in.
FACTORS = {"%": Fraction(1, 100), "‰": Fraction(1, 1000), "千円": Fraction(1000), "百万円": Fraction(10**6)}
LENGTH = {"month": 1, "quarter": 3, "fiscal_year": 12, "calendar_year": 12}


class State(Enum):
    """How much of a year is in."""

    WHOLE, TO_DATE, GAPS, SHORT, EMPTY = "whole", "to date", "gaps", "short life", "empty"


@dataclass(frozen=True)
class Period:
    span: str
    start: date

    @property
    def after(self) -> date:
        return months_on(self.start, LENGTH[self.span])

    @property
    def end(self) -> date:
        return self.after - timedelta(days=1)

    def before(self, months: int = 12) -> Period:
        return Period(self.span, months_on(self.start, -months))

    @property
    def months(self) -> list[date]:
        return [months_on(self.start, n) for n in range(LENGTH[self.span])]


def months_on(month: date, count: int) -> date:
    number = month.year * 12 + month.month - 1 + count
    return date(number // 12, number % 12 + 1, 1)


@dataclass(frozen=True)
class Fact:
    """One stored value or the reason for its absence."""

    value: Fraction | None
    reason: str
    marks: frozenset[str]

    @property
    def is_projected(self) -> bool:
        return "将来推計" in self.marks


@dataclass
class Part:
    is_total: bool
    first: date | None
    last: date | None
    facts: dict[Period, Fact] = field(default_factory=dict)

    def lives_in(self, period: Period) -> bool:
        """The months of a life are those that share a day with it."""
        return (self.first is None or self.first < period.after) and (self.last is None or self.last >= period.start)


@dataclass(frozen=True)
class Cell:
    """A period as it was reported: the sum of the parts that are in, of so many that are due."""

    value: Fraction | None = None
    expected: int = 0
    answered: int = 0
    withheld: int = 0
    marks: frozenset[str] = frozenset()
    reason: str = ""
    is_projected: bool = False
    is_published: bool = False
    #: Its months in which something of it was counted are fewer than the period's (rule 2).
    is_short: bool = False

    @property
    def is_in(self) -> bool:
        """Every part of it is there. A projection answers nothing (rule 7)."""
        return self.expected > 0 and self.answered == self.expected and not self.is_projected

    @property
    def is_comparable(self) -> bool:
        """Nothing is left out of it (rule 4)."""
        return self.is_in and self.value is not None and not self.withheld and not self.is_short


@dataclass(frozen=True)
class Year:
    """A fiscal year: its state, its sum so far, and what may be said beside it."""

    state: State
    value: Fraction | None
    count: int = 0
    lived: tuple[date, ...] = ()
    withheld: int = 0
    marks: frozenset[str] = frozenset()
    change: Fraction | None = None
    compared: int = 0
    ratio: Fraction | None = None
    target: Fraction | None = None
    progress: Fraction | None = None
    achievement: Fraction | None = None
    of: date | None = None


class Kpi:
    def __init__(self, row: dict[str, Any]) -> None:
        self.id, self.code, self.kind, self.unit = row["id"], row["code"], row["kind"], row["unit"]
        self.decimals, self.scale, self.direction = row["decimals"], row["scale"], row["direction"]
        self.frequency, self.level_rule, self.adds_up = row["frequency"], row["level_rule"], row["aggregation"] == "sum"
        self.numerator, self.denominator = row["numerator_id"], row["denominator_id"]
        self.as_of_rule = row["as_of_rule"]
        self.baseline, self.baseline_span = exact(row["baseline_value"]), row["baseline_span"]
        self.first, self.last = day(row["starts_on"]), day(row["ends_on"])
        self.parts: list[Part] = []
        self.targets: dict[int, Fraction] = {}

    @property
    def breakdown(self) -> list[Part]:
        """The parts that make up the total; the total itself where it is not broken down."""
        return [part for part in self.parts if not part.is_total] or self.parts

    @property
    def total(self) -> Part | None:
        """A published total beside its parts."""
        totals = [part for part in self.parts if part.is_total]
        return totals[0] if totals and len(self.parts) > 1 else None


def exact(stored: Any) -> Fraction | None:
    """A column's number: SQLite gives a float of at most 15 digits, PostgreSQL a Decimal."""
    return None if stored is None else Fraction(Decimal(str(stored)))


def day(stored: Any) -> date | None:
    return date.fromisoformat(stored) if isinstance(stored, str) else stored


def rows(sql: str) -> Iterator[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        names = [column[0] for column in cursor.description]
        for row in cursor.fetchall():
            yield dict(zip(names, row, strict=True))


def marks_of(row: dict[str, Any]) -> frozenset[str]:
    said = {"算出値": row["is_derived"], "概数": row["is_rounded"], "速報値": row["is_provisional"]}
    said |= {"架空値": row["is_synthetic"], "推計": row["nature"] == "estimated"}
    said |= {"将来推計": row["nature"] == "projected"}
    return frozenset(word for word, is_so in said.items() if is_so)


def read() -> dict[int, Kpi]:
    """All KPIs with their parts, values and targets."""
    kpis = {row["id"]: Kpi(row) for row in rows("SELECT * FROM kpis_kpi")}
    parts: dict[int, Part] = {}
    for row in rows("SELECT * FROM kpis_series"):
        kpi = kpis[row["kpi_id"]]
        begins = max((each for each in (day(row["starts_on"]), kpi.first) if each), default=None)
        ends = min((each for each in (day(row["ends_on"]), kpi.last) if each), default=None)
        parts[row["id"]] = Part(row["kind"] == "total", begins, ends)
        kpi.parts.append(parts[row["id"]])
    for row in rows("SELECT * FROM kpis_measurement"):
        period = Period(row["span"], day(row["period"]) or date.min)
        fact = Fact(exact(row["value"]), row["missing_reason"], marks_of(row))
        parts[row["series_id"]].facts[period] = fact
    for row in rows("SELECT * FROM kpis_target WHERE month IS NULL"):
        kpis[row["kpi_id"]].targets[row["fiscal_year"]] = exact(row["value"]) or Fraction(0)
    return kpis


class Model:
    """What the rules say on a day. A month is due by the tenth working day of the next one; the days that worlds are
    looked at on are never near it, so that the middle of the month decides."""

    def __init__(self, today: date) -> None:
        self.kpis = read()
        newest = date(today.year, today.month, 1)
        #: The first month that is not due yet.
        self.not_due = newest if today.day > 18 else months_on(newest, -1)
        self.cell = cache(self._cell)
        self.year = cache(self._year)

    def _cell(self, kpi: Kpi, period: Period) -> Cell:
        if kpi.numerator:
            return self._quotient(kpi, period)
        if kpi.total and (fact := kpi.total.facts.get(period)) and fact.value is not None:
            # What a source printed is the whole, whichever parts are known or withheld beside it (rule 10).
            return Cell(fact.value, 1, 1, 0, fact.marks, is_projected=fact.is_projected, is_published=True)
        if not kpi.adds_up and len(kpi.parts) > 1:
            return Cell()
        inside = _sum_of(kpi.breakdown, period)
        # Where no part lives, the total alone is waited for.
        cell = inside if inside.expected or kpi.total is None else _sum_of([kpi.total], period)
        # A level is of its last day, however short the life before it was.
        return cell if kpi.kind == "flow" else replace(cell, is_short=False)

    def _quotient(self, kpi: Kpi, period: Period) -> Cell:
        above, below = self._sides(kpi, period)
        parts = [above, below]
        answered = sum(part.is_in for part in parts)
        marks = above.marks | below.marks
        if not (above.is_comparable and below.is_comparable and below.value):
            return Cell(None, 2, answered, marks=marks)
        return Cell(self._quotient_of(kpi, above.value, below.value), 2, answered, marks=marks)

    def _sides(self, kpi: Kpi, period: Period) -> tuple[Cell, Cell]:
        return self.cell(self.kpis[kpi.numerator], period), self.cell(self.kpis[kpi.denominator], period)

    def _quotient_of(self, kpi: Kpi, above: Fraction | None, below: Fraction | None) -> Fraction | None:
        if above is None or not below:
            return None
        worth = [FACTORS.get(each.unit, Fraction(1)) for each in (self.kpis[kpi.numerator], self.kpis[kpi.denominator])]
        per = Fraction(1)
        for unit in kpi.unit.split("/")[:1]:
            per = FACTORS.get(unit, Fraction(1))
        return above * worth[0] / (below * worth[1]) / per

    def is_in(self, kpi: Kpi, month: date) -> bool:
        """Whether a month counts (a ratio: only with both sides)."""
        cell = self.cell(kpi, Period("month", month))
        return cell.is_comparable if kpi.numerator else cell.is_in

    def over(self, kpi: Kpi, months: list[date]) -> Fraction | None:
        """An amount's sum over months; a rate's Σ ÷ Σ, or Σ ÷ the level of the same months (rule 3)."""
        if not months:
            return None
        if not kpi.numerator:
            found = [self.cell(kpi, Period("month", month)).value for month in months]
            known = [value for value in found if value is not None]
            return sum(known, Fraction(0)) if known else None
        above = self.over(self.kpis[kpi.numerator], months)
        below_kpi = self.kpis[kpi.denominator]
        if below_kpi.kind == "flow":
            return self._quotient_of(kpi, above, self.over(below_kpi, months))
        levels = [self.cell(below_kpi, Period("month", month)).value or Fraction(0) for month in months]
        return self._quotient_of(kpi, above, levels[-1] if kpi.level_rule == "year_end" else sum(levels) / len(levels))

    def lived(self, kpi: Kpi, period: Period) -> list[date]:
        """The months of a period in which something of it is counted (rule 2)."""
        if kpi.numerator:
            sides = [self.lived(self.kpis[each], period) for each in (kpi.numerator, kpi.denominator)]
            return [month for month in sides[0] if month in sides[1]]
        return [month for month in period.months if self.cell(kpi, Period("month", month)).expected]

    def _year(self, kpi: Kpi, fiscal_year: int) -> Year:
        """A year of months of an amount or of a rate."""
        months = self.lived(kpi, Period("fiscal_year", date(fiscal_year, 4, 1)))
        there = [month for month in months if self.is_in(kpi, month)]
        cells = [self.cell(kpi, Period("month", month)) for month in there]
        state = self._state(months, there)
        if state is State.EMPTY:
            return Year(state, None, lived=tuple(months))
        same = [month for month in there if self._both(kpi, month)] if state is not State.GAPS else []
        now, then = self.over(kpi, same), self.over(kpi, [months_on(month, -12) for month in same])
        value, withheld = self.over(kpi, there), sum(cell.withheld for cell in cells)
        is_judged = state is State.WHOLE and not withheld and value is not None
        target = kpi.targets.get(fiscal_year)
        return Year(
            state, value, len(there), tuple(months), withheld,
            frozenset().union(*(cell.marks for cell in cells)),
            now - then if now is not None and then is not None else None, len(same),
            ratio=value / kpi.baseline if is_judged and self._has_baseline(kpi) else None,
            target=target,
            progress=progress(kpi, value, target) if is_judged else None,
            achievement=achievement(kpi, value, target) if is_judged else None,
        )  # fmt: skip

    def latest(self, kpi: Kpi, until: date | None = None) -> tuple[Period, Cell] | None:
        """The newest value that is whole and no projection, of a day not after `until` (rules 7 and 8)."""
        found = [
            (period, cell)
            for period in self._periods(kpi)
            if (until is None or self.dated(kpi, period) <= until) and (cell := self.cell(kpi, period)).is_in
        ]
        return max(found, key=lambda each: each[0].end) if found else None

    def dated(self, kpi: Kpi, period: Period) -> date:
        """The day a value is of: its period's last, or the first of the next month by the KPI's rule."""
        return period.after if kpi.as_of_rule == "next_month_first" else period.end

    def _periods(self, kpi: Kpi) -> set[Period]:
        if kpi.numerator:
            return self._periods(self.kpis[kpi.numerator]) | self._periods(self.kpis[kpi.denominator])
        return {period for part in kpi.parts for period in part.facts} if kpi.adds_up or len(kpi.parts) == 1 else set()

    def level(self, kpi: Kpi, year: Period) -> tuple[Period, Cell] | None:
        """The last level of a year."""
        cells = [(period, self.cell(kpi, period)) for period in (Period("month", month) for month in year.months)]
        known = [(period, cell) for period, cell in cells if cell.is_in and cell.value is not None]
        partial = [(period, cell) for period, cell in cells if cell.value is not None]
        return (known or partial or [None])[-1]

    def dated_month(self, kpi: Kpi, year: Period) -> int:
        """The month in the day of a year's level: June for May's value of the 1st of the next month."""
        newest = self.level(kpi, year)
        return self.dated(kpi, newest[0]).month if newest else 0

    def _both(self, kpi: Kpi, month: date) -> bool:
        """Nothing is left out of a month or of the same month of the year before."""
        return all(self.cell(kpi, Period("month", each)).is_comparable for each in (month, months_on(month, -12)))

    def _has_baseline(self, kpi: Kpi) -> bool:
        return kpi.baseline is not None and kpi.baseline > 0 and kpi.baseline_span == "fiscal_year"

    def _state(self, months: list[date], there: list[date]) -> State:
        if not there:
            return State.EMPTY
        if all(month in there for month in months if month < self.not_due):
            if len(months) < 12 and len(there) == len(months):
                return State.SHORT
            return State.WHOLE if len(there) == 12 else State.TO_DATE
        return State.GAPS


def _sum_of(parts: list[Part], period: Period) -> Cell:
    """Parts that live in the period and were in use; those that are in, those withheld, and the sum."""
    said = [part.facts.get(period) for part in parts if part.lives_in(period)]
    months = [Period("month", month) for month in period.months]
    due = [fact for fact in said if fact is None or fact.reason != "before_start"]
    known = [fact for fact in due if fact is not None and fact.value is not None]
    answers = [fact for fact in due if fact is not None and fact.reason != "pending" and not fact.is_projected]
    reasons = {fact.reason for fact in said if fact is not None and fact.value is None}
    return Cell(
        sum((fact.value for fact in known if fact.value is not None), Fraction(0)) if known else None,
        len(due), len(answers), sum(fact.reason == "withheld" for fact in answers),
        frozenset().union(*(fact.marks for fact in known)), reasons.pop() if len(reasons) == 1 else "",
        is_projected=any(fact.is_projected for fact in known),
        is_short=not all(any(part.lives_in(month) for part in parts) for month in months),
    )  # fmt: skip


def progress(kpi: Kpi, value: Fraction | None, target: Fraction | None) -> Fraction | None:
    """進捗率 = (value - baseline) ÷ (target - baseline); nothing where no direction is wanted (rule 13)."""
    if None in (value, target, kpi.baseline) or target == kpi.baseline or kpi.direction == "none":
        return None
    return (value - kpi.baseline) / (target - kpi.baseline)


def achievement(kpi: Kpi, value: Fraction | None, target: Fraction | None) -> Fraction | None:
    """達成率 = value ÷ target, or target ÷ value where lower is better; nothing of zero or below (rule 12)."""
    if value is None or target is None or kpi.direction == "none" or value <= 0 or target <= 0:
        return None
    return value / target if kpi.direction == "up" else target / value


def is_reached(kpi: Kpi, value: Fraction, target: Fraction) -> bool | None:
    """Decided on exact values (rule 11)."""
    return {"up": value >= target, "down": value <= target}.get(kpi.direction)
