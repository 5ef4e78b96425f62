"""A KPI's chart over time: values, last year or the targets beside them, baseline, and what happened meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from charts.specification import Chart, Line, Marker, Role
from initiatives.models import Milestone
from japan.fiscal import fiscal_year_of
from japan.periods import Period
from japan.wareki import fiscal_year_short, month_compact, write_year
from kpis.latest import period_of, trend, usual_span
from kpis.models import Kpi, Measurement, Series, Summary
from kpis.models.value import Span
from kpis.standing import Targets
from kpis.wording import mark_words, quantity


class Range(StrEnum):
    """What of the time the chart shows; the value stands in the address."""

    RECENT = "24"
    ALL = "all"
    YEARS = "years"

    @property
    def label(self) -> str:
        return {"24": "24か月", "all": "すべての月", "years": "年度"}[self.value]


@dataclass(frozen=True)
class Step:
    """One place on the time axis."""

    period: Period
    row: Summary | None

    @property
    def value(self) -> Decimal | None:
        """Only what is whole is drawn; a part of a month would look like a fall."""
        return self.row.value if self.row is not None and self.row.is_complete else None

    @property
    def label(self) -> str:
        match self.period.span.value:
            case Span.MONTH:
                return month_compact(self.period.start)
            case Span.QUARTER:
                return f"{fiscal_year_short(self.period.fiscal_year)}Q{self.period.quarter}"
            case Span.FISCAL_YEAR:
                return fiscal_year_short(self.period.fiscal_year)
            case _:
                return f"{write_year(self.period.end)}年"


def ranges_of(rows: Iterable[Summary]) -> list[Range]:
    """The choices there are: a KPI with yearly values only has no months to choose."""
    spans = {row.span for row in rows if row.value is not None}
    months = [Range.RECENT, Range.ALL] if spans & {Span.MONTH, Span.QUARTER} else []
    return [*months, *([Range.YEARS] if spans & {Span.FISCAL_YEAR, Span.CALENDAR_YEAR} else [])]


def steps_of(kpi: Kpi, rows: Sequence[Summary], chosen: Range) -> list[Step]:
    """The places on the time axis, oldest first; what lies between the first and the last value stays as a gap."""
    spans = [usual_span(kpi), Span.MONTH, Span.QUARTER]
    if chosen == Range.YEARS:
        spans = [Span.FISCAL_YEAR, Span.CALENDAR_YEAR]
    known = [row for row in rows if row.value is not None or row.missing_reason]
    span = next((span for span in spans if any(row.span == span for row in known)), None)
    of_span = [row for row in known if row.span == span]
    if not of_span:
        return []
    newest = max(of_span, key=lambda row: row.period)
    first = min(row.period for row in of_span)
    length = (newest.period.year - first.year) * 12 + newest.period.month - first.month
    count = 24 if chosen == Range.RECENT else length // period_of(newest).span.months + 1
    return [Step(period, row) for period, row in trend(of_span, newest, count)]


def chart_of(
    kpi: Kpi,
    rows: Sequence[Summary],
    steps: Sequence[Step],
    targets: Targets,
    milestones: Iterable[Milestone],
    explained: Iterable[Measurement] = (),
) -> Chart | None:
    """The chart's specification; None with fewer than two values, which make no line.

    `explained` are values that came with a 増減理由: it stands on the time axis as what happened does.
    """
    values = [step.value for step in steps]
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return None
    span = steps[0].period.span.value
    lines = [Line("実績", tuple(values), marks=tuple("・".join(mark_words(step.row)) for step in steps))]
    lines += [line for line in (_last_year(rows, steps), _targets(steps, targets)) if line is not None]
    labels = [step.label for step in steps]
    shown_target = None if any(line.name == "目標" for line in lines) else _level_target(kpi, steps, targets)
    fits = kpi.kind == Kpi.Kind.STOCK or span == kpi.baseline_span
    return Chart(
        title=f"{kpi.name}の推移",
        alt=_alt(kpi, steps),
        x=tuple(labels),
        lines=tuple(lines),
        kind="bar" if kpi.kind == Kpi.Kind.FLOW and span in (Span.FISCAL_YEAR, Span.CALENDAR_YEAR) else "line",
        unit=kpi.unit,
        decimals=kpi.decimals,
        scale=kpi.scale,
        target=shown_target,
        baseline=kpi.baseline_value if fits else None,
        markers=tuple(_markers(steps, milestones, explained)),
    )


def _last_year(rows: Sequence[Summary], steps: Sequence[Step]) -> Line | None:
    """The same months of the year before, on the recent months only: over all months it would draw everything twice."""
    if steps[0].period.span.value != Span.MONTH or len(steps) > 24:
        return None
    whole = {row.period: row.value for row in rows if row.span == Span.MONTH and row.is_complete}
    values = tuple(whole.get(step.period.a_year_before().start) for step in steps)
    return Line("前年同月", values, Role.COMPARISON) if any(value is not None for value in values) else None


def _targets(steps: Sequence[Step], targets: Targets) -> Line | None:
    """Targets that change along the axis: of each month, or of each year."""
    values: list[Decimal | None] = []
    for step in steps:
        span, start = step.period.span.value, step.period.start
        key = (fiscal_year_of(start), start.month if span == Span.MONTH else None)
        target = targets.get(key) if span in (Span.MONTH, Span.FISCAL_YEAR) else None
        values.append(target.value if target else None)
    return Line("目標", tuple(values), Role.SECONDARY) if sum(v is not None for v in values) > 1 else None


def _level_target(kpi: Kpi, steps: Sequence[Step], targets: Targets) -> Decimal | None:
    """The newest year's target as a level; an amount's year has no place among months."""
    span = steps[-1].period.span.value
    if kpi.kind == Kpi.Kind.FLOW and span != Span.FISCAL_YEAR:
        return None
    target = targets.get((fiscal_year_of(steps[-1].period.start), None))
    return target.value if target else None


def reason_text(measurement: Measurement) -> str:
    """選挙（市民課）; the part is named where there is one."""
    part = "" if measurement.series.kind == Series.Kind.TOTAL else f"（{measurement.series.name}）"
    return f"{measurement.get_change_reason_display()}{part}"


def _markers(steps: Sequence[Step], milestones: Iterable[Milestone], explained: Iterable[Measurement]) -> list[Marker]:
    """Milestones with a published month, on months; with their fiscal year, on years. Reasons on their period."""
    found = []
    for milestone in milestones:
        day = milestone.date_or_none
        for step in steps:
            if step.period.span.value == Span.MONTH:
                is_here = day is not None and step.period.start == day
            else:
                is_here = (
                    step.period.span.value == Span.FISCAL_YEAR and step.period.fiscal_year == milestone.fiscal_year
                )
            if is_here:
                found.append((step.period.start, Marker(step.label, milestone.wording)))
    places = {(step.period.span.value, step.period.start): step.label for step in steps}
    for measurement in explained:
        label = places.get((measurement.span, measurement.period))
        if label is not None:
            found.append((measurement.period, Marker(label, f"増減理由：{reason_text(measurement)}")))
    return [marker for _, marker in sorted(found, key=lambda pair: pair[0])]


def _alt(kpi: Kpi, steps: Sequence[Step]) -> str:
    known = [(step.period, step.value) for step in steps if step.value is not None]
    (first, start), (last, end) = known[0], known[-1]
    return f"{kpi.name}の推移。{first.label}の{quantity(kpi, start)}から{last.label}の{quantity(kpi, end)}まで。"
