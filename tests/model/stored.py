"""The stored rows, read by SQL: what was said, of what, in which months, and what is aimed at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import connection

from tests.model.periods import Period


@dataclass(frozen=True)
class Fact:
    """One stored value or the reason for its absence."""

    value: Fraction | None
    reason: str
    marks: frozenset[str]
    #: Comparisons as a source printed them beside the value.
    published: str = ""

    @property
    def is_projected(self) -> bool:
        return "将来推計" in self.marks

    @property
    def is_answer(self) -> bool:
        """該当なし and 非公開 are answers; 集計中 is none, and a projection answers nothing (rule 7)."""
        return self.reason != "pending" and not self.is_projected


@dataclass
class Part:
    code: str
    is_total: bool
    first: date | None
    last: date | None
    facts: dict[Period, Fact] = field(default_factory=dict)
    #: Who reports it, and those who took over the work of these.
    departments: set[int] = field(default_factory=set)
    successors: set[int] = field(default_factory=set)

    def lives_in(self, period: Period) -> bool:
        """The months of a life are those that share a day with it."""
        return (self.first is None or self.first < period.after) and (self.last is None or self.last >= period.start)


class Kpi:
    def __init__(self, row: dict[str, Any]) -> None:
        self.id, self.code, self.kind, self.unit = row["id"], row["code"], row["kind"], row["unit"]
        self.decimals, self.scale, self.direction = row["decimals"], row["scale"], row["direction"]
        self.frequency, self.level_rule, self.adds_up = row["frequency"], row["level_rule"], row["aggregation"] == "sum"
        self.numerator, self.denominator = row["numerator_id"], row["denominator_id"]
        self.as_of_rule = row["as_of_rule"]
        self.baseline, self.baseline_span = exact(row["baseline_value"]), row["baseline_span"]
        self.baseline_period = Period(row["baseline_span"], day(row["baseline_period"]) or date.min)
        self.first, self.last = day(row["starts_on"]), day(row["ends_on"])
        self.parts: list[Part] = []
        self.targets: dict[int, Fraction] = {}
        #: Those of single months, by the first day.
        self.month_targets: dict[date, Fraction] = {}

    @property
    def has_a_figure(self) -> bool:
        """Its parts add up to one, or there is but one."""
        return bool(self.numerator) or self.adds_up or len(self.parts) == 1

    @property
    def breakdown(self) -> list[Part]:
        """The parts that make up the total; the total itself where it is not broken down."""
        return [part for part in self.parts if not part.is_total] or self.parts

    @property
    def total(self) -> Part | None:
        """A published total beside its parts."""
        totals = [part for part in self.parts if part.is_total]
        return totals[0] if totals and len(self.parts) > 1 else None

    def is_continued(self, part: Part) -> bool:
        """Another part goes on with it: begun in the month in which it ended or in the next one, and reported by whom a
        reorganisation gave the work to."""
        return part.last is not None and any(
            part.successors & each.departments
            and each.first.replace(day=1) in Period("quarter", part.last.replace(day=1)).months[:2]
            for each in self.parts
            if each is not part and not each.is_total and each.first is not None
        )


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
        parts[row["id"]] = Part(row["code"], row["kind"] == "total", begins, ends)
        kpi.parts.append(parts[row["id"]])
    for row in rows("SELECT series_id, department_id FROM kpis_reporting"):
        parts[row["series_id"]].departments.add(row["department_id"])
    for row in rows("SELECT predecessor_id, successor_id FROM accounts_succession"):
        for part in parts.values():
            if row["predecessor_id"] in part.departments:
                part.successors.add(row["successor_id"])
    for row in rows("SELECT * FROM kpis_measurement"):
        period = Period(row["span"], day(row["period"]) or date.min)
        fact = Fact(exact(row["value"]), row["missing_reason"], marks_of(row), row["published"])
        parts[row["series_id"]].facts[period] = fact
    for row in rows("SELECT * FROM kpis_target"):
        kpi, value = kpis[row["kpi_id"]], exact(row["value"]) or Fraction(0)
        if row["month"] is None:
            kpi.targets[row["fiscal_year"]] = value
        else:
            kpi.month_targets[date(row["fiscal_year"] + (row["month"] < 4), row["month"], 1)] = value
    return kpis
