"""The city's figures: what they are, who reports them, what is aimed at, and the values taken over when it began."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from accounts.access import Access
from accounts.loading import newest_department
from accounts.models import Department
from japan.fiscal import fiscal_year_start, month_start
from japan.periods import Period, Span
from japan.wareki import fiscal_year_short
from kpis.definitions.keeping import Why, keeping
from kpis.imports.loading import load_kpis
from kpis.models import Kpi, Reporting, Series, Target
from kpis.models.value import Missing, Nature
from kpis.values.recomputing import request_recompute
from kpis.values.recording import Change
from kpis.values.statement import Statement
from reform.second_city.data import read
from reform.second_city.figures import Shape
from reform.second_city.organisation import branches, divisions
from reform.second_city.timeline import Timeline

#: (KPI, place of the part) → how many months before the newest nobody said anything, though others did.
GAPS = {("counter-visits", 2): (13, 14), ("fees", 2): (7, 8)}


@dataclass(frozen=True)
class Measure:
    """One figure of the data file."""

    row: dict[str, Any]
    timeline: Timeline

    @property
    def code(self) -> str:
        return str(self.row["code"])

    @property
    def is_computed(self) -> bool:
        return "numerator" in self.row

    @property
    def span(self) -> Span:
        frequency = self.row.get("frequency", "month")
        return Span.CALENDAR_YEAR if frequency == "occasional" else Span(frequency)

    @cached_property
    def parts(self) -> dict[str, str]:
        """The code of every series and the department that reports it."""
        match self.row.get("parts"):
            case "branches":
                return {code: code for code, *_ in branches(self.timeline.size.branches)}
            case "divisions":
                return {each["code"]: (each["sections"] or [[each["code"]]])[0][0] for each in divisions()}
            case _:
                series = self.row.get("series") or [["total", "全体", "total"]]
                return {code: self.row.get("reporter", "") for code, *_ in series}

    @cached_property
    def shape(self) -> Shape | None:
        if "shape" not in self.row:
            return None
        return Shape.read(self.row["shape"], is_flow=self.row["kind"] == Kpi.Kind.FLOW)

    @cached_property
    def first(self) -> date:
        """The month in which it began."""
        return self.timeline.month(*self.row["starts"]) if "starts" in self.row else self.timeline.first_month

    @cached_property
    def last(self) -> date:
        """Its last day, or a day that does not come."""
        return self.timeline.month_end(*self.row["ends"]) if "ends" in self.row else date.max

    def says(self, series: str, period: Period) -> Statement:
        """What is reported of a period, with the marks it deserves."""
        assert self.shape is not None
        return Statement(
            value=self.shape.value(period, self.code, series),
            nature=self.row.get("nature", Nature.OBSERVED),
            is_rounded=self.timeline.back(period.start) >= -self.row.get("rounded_until", -10_000),
            is_provisional=self._is_provisional(period),
        )

    def _is_provisional(self, period: Period) -> bool:
        """The newest year of what is audited late, and the months of what is settled two months later."""
        if self.row.get("provisional_last"):
            return period.start >= fiscal_year_start(self.timeline.fiscal_year - 1)
        return (
            bool(self.row.get("provisional")) and self.timeline.back(period.start) < self.timeline.size.reported_months
        )


def measures(timeline: Timeline) -> list[Measure]:
    """The figures of the file, and as many plain ones as the size wants."""
    data = read("kpis")
    rows = [*data["kpis"], *_plain(data, timeline.size.plain_kpis)]
    return [Measure(row, timeline) for row in rows]


def _plain(data: dict[str, Any], count: int) -> Iterator[dict[str, Any]]:
    """Monthly counts without anything odd; when the names are used up they are numbered."""
    names, pillars = data["plain"], data["plain_pillars"]
    for place in range(count):
        each, round_ = names[place % len(names)], place // len(names) + 1
        suffix = ("", "") if round_ == 1 else (f"-{round_}", f"（{round_}）")
        yield {
            "code": each["code"] + suffix[0],
            "name": f"{each['name']}{each['unit']}数{suffix[1]}",
            "definition": f"月の{each['name']}の数。",
            "unit": each["unit"],
            "kind": Kpi.Kind.FLOW.value,
            "pillar": pillars[place % len(pillars)],
            "order": 500 + place,
            "reporter": each["reporter"],
            "shape": {"level": each["level"], "growth": place % 3 - 1, "noise": 6},
        }


def add_kpis(timeline: Timeline) -> int:
    """The figures with their series and who reports them. Returns how many rows were added."""
    data = read("kpis")
    found = measures(timeline)
    departments = {d.code: d for d in Department.objects.order_by("valid_from")}
    rows = [_definition(measure, data["source"], departments) for measure in found]
    added = load_kpis({"kpis": rows, "reason": data["reason"]}, None)
    return added + len(Reporting.objects.bulk_create(_reporting(found, departments)))


def _definition(measure: Measure, source: str, departments: dict[str, Department]) -> dict[str, Any]:
    """The row as the loader of KPIs takes it."""
    reporter = next(iter(measure.parts.values()))
    row = dict(measure.row) | {
        "source": source,
        "department": departments.get(measure.row.get("registrar") or reporter),
        "ends_on": None if measure.last == date.max else measure.last,
    }
    if "starts" in row:
        row["starts_on"] = measure.first
    if "parts" in row:
        names = {code: name for code, name, *_ in branches(measure.timeline.size.branches)}
        names |= {each["code"]: each["name"] for each in divisions()}
        row["series"] = [[code, names[code], Series.Kind.DEPARTMENT.value] for code in measure.parts]
    if "baseline" in row:
        row["baseline"] = _baseline(measure)
    return row


def _baseline(measure: Measure) -> dict[str, Any]:
    """A whole year's sum, as it was known before the gaps came."""
    assert measure.shape is not None
    year = measure.timeline.year(measure.row["baseline"])
    months = [Period(Span.MONTH, fiscal_year_start(year)).shift(n) for n in range(12)]
    total = sum(
        (measure.shape.value(month, measure.code, part) for month in months for part in measure.parts), Decimal(0)
    )
    return {
        "value": total,
        "span": Span.FISCAL_YEAR.value,
        "period": fiscal_year_start(year),
        "wording": fiscal_year_short(year),
        "derived": False,
    }


def _reporting(found: list[Measure], departments: dict[str, Department]) -> list[Reporting]:
    series = {(each.kpi.code, each.code): each for each in Series.objects.select_related("kpi")}
    return [
        Reporting(
            series=series[measure.code, part],
            department=departments[reporter],
            valid_from=measure.first,
            valid_to=None if measure.last == date.max else measure.last,
        )
        for measure in found
        for part, reporter in measure.parts.items()
        if reporter and not measure.is_computed
    ]


def add_targets(timeline: Timeline, access: Access) -> int:
    """Returns how many were added; each is kept as a first one, by the office."""
    kpis = {kpi.code: kpi for kpi in Kpi.objects.all()}
    targets = [
        Target(kpi=kpis[measure.code], fiscal_year=timeline.year(int(year)), value=Decimal(value))
        for measure in measures(timeline)
        for year, value in measure.row.get("targets", {}).items()
    ]
    with keeping({target.kpi_id for target in targets}, Why(access)):
        Target.objects.bulk_create(targets)
    request_recompute({target.kpi_id for target in targets})
    return len(targets)


def lower_target(timeline: Timeline, access: Access) -> None:
    """The year's target of the printed sheets is set anew in the middle of the year."""
    target = Target.objects.get(kpi__code="prints", fiscal_year=timeline.fiscal_year, month=None)
    with keeping([target.kpi_id], Why(access, reason="上半期の実績をふまえて引き下げた。")):
        target.value *= Decimal("0.98")
        target.save(update_fields=["value"])
    request_recompute([target.kpi_id])


def taken_over(timeline: Timeline) -> list[Change]:
    """The values of the time before the product: everything that ended before the first month reported in it."""
    source = read("kpis")["source"]
    series = {(each.kpi.code, each.code): each.pk for each in Series.objects.select_related("kpi")}
    changes = []
    for measure in measures(timeline):
        for place, part in enumerate(measure.parts):
            if not measure.is_computed:
                gaps = GAPS.get((measure.code, place), ())
                values = [*_history(measure, part, gaps), *_looked_ahead(measure, part), *_given(measure)]
                changes += [
                    Change(series[measure.code, part], period.start, period.span.value, source=source, **vars(said))
                    for period, said in values
                ]
    return changes


def _history(measure: Measure, part: str, gaps: tuple[int, ...]) -> Iterator[tuple[Period, Statement]]:
    if measure.shape is None:
        return
    timeline = measure.timeline
    period = Period.containing(measure.span, timeline.first_month)
    while month_start(period.end) < timeline.introduced and period.start <= measure.last:
        if timeline.back(period.start) not in gaps:
            if period.start >= measure.first:
                yield period, measure.says(part, period)
            elif period.fiscal_year == Period.containing(measure.span, measure.first).fiscal_year:
                yield period, Statement(missing_reason=Missing.BEFORE_START)
        period = period.next()


def _looked_ahead(measure: Measure, part: str) -> Iterator[tuple[Period, Statement]]:
    """What is expected of the years to come (将来推計)."""
    this_year = Period(Span.FISCAL_YEAR, fiscal_year_start(measure.timeline.fiscal_year))
    for ahead in range(measure.row.get("projected_years", 0)):
        period = this_year.shift(ahead)
        if month_start(period.end) >= measure.timeline.introduced and measure.shape is not None:
            yield period, Statement(value=measure.shape.value(period, measure.code, part), nature=Nature.PROJECTED)


def _given(measure: Measure) -> Iterator[tuple[Period, Statement]]:
    for year, (value, nature) in measure.row.get("given", {}).items():
        yield Period(Span.CALENDAR_YEAR, date(int(year), 1, 1)), Statement(value=Decimal(value), nature=nature)


def office() -> Department | None:
    return newest_department(read("organisation")["reform_office"])
