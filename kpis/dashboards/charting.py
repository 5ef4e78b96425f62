"""A KPI's chart over time: values, last year or the targets beside them, baseline, and what happened meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from charts.specification import Chart, Line, Marker, Role
from initiatives.models import Milestone
from japan.fiscal import fiscal_year_of
from japan.periods import Period, Span
from japan.wareki import fiscal_year_short, month_compact, write_year
from kpis import claims
from kpis.claims import Figure, Marks, Sort, Subject
from kpis.claims import Target as Aim
from kpis.models import Kpi, Measurement, Series

#: (fiscal year, month or None for the year) → target
Targets = Mapping[tuple[int, int | None], Aim]


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
    figure: Figure | None
    #: Those of the value as it is written.
    marks_in_print: Marks = frozenset()

    @property
    def value(self) -> Decimal | None:
        """What is drawn: a part of a month, or a total without its withheld part, would look like a fall."""
        return self.figure.drawn if self.figure is not None else None

    @property
    def marks(self) -> str:
        return "・".join(claims.words(self.marks_in_print))

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


def ranges_of(figures: Iterable[Figure]) -> list[Range]:
    """The choices there are: a KPI with yearly values only has no months to choose."""
    spans = {each.period.span.value for each in figures if each.value is not None}
    months = [Range.RECENT, Range.ALL] if spans & {Span.MONTH, Span.QUARTER} else []
    return [*months, *([Range.YEARS] if spans & {Span.FISCAL_YEAR, Span.CALENDAR_YEAR} else [])]


def steps_of(subject: Subject, figures: Sequence[Figure], chosen: Range) -> list[Step]:
    """The places on the time axis, oldest first; what lies between the first and the last value stays as a gap."""
    spans = [subject.usual_span, Span.MONTH, Span.QUARTER]
    if chosen == Range.YEARS:
        spans = [Span.FISCAL_YEAR, Span.CALENDAR_YEAR]
    known = [each for each in figures if each.value is not None or each.missing_reason]
    span = next((span for span in spans if any(each.period.span.value == span for each in known)), None)
    of_span = [each for each in known if each.period.span.value == span]
    if not of_span:
        return []
    newest = max(of_span, key=lambda each: each.period)
    first = min(each.period.start for each in of_span)
    start = newest.period.start
    length = (start.year - first.year) * 12 + start.month - first.month
    count = 24 if chosen == Range.RECENT else length // newest.period.span.months + 1
    return [
        Step(period, figure, claims.marks_in_print(subject, figure) if figure is not None else frozenset())
        for period, figure in claims.trend(of_span, newest, count)
    ]


def chart_of(
    kpi: Kpi,
    subject: Subject,
    figures: Sequence[Figure],
    steps: Sequence[Step],
    targets: Targets,
    milestones: Iterable[Milestone],
    explained: Iterable[Measurement] = (),
) -> Chart | None:
    """The chart's specification; None with fewer than two values, which make no line.

    `explained` are values that came with a 増減理由: it stands on the time axis as what happened does.
    """
    if sum(step.value is not None for step in steps) < 2:
        return None
    span = steps[0].period.span
    values, marks = tuple(step.value for step in steps), tuple(step.marks for step in steps)
    name = claims.line_name(step.figure.marks for step in steps if step.figure is not None and step.value is not None)
    lines = [_line(subject, name, Role.PRIMARY, values, marks, [step.figure for step in steps])]
    lines += [
        line for line in (_last_year(subject, figures, steps), _targets(subject, steps, targets)) if line is not None
    ]
    has_line = any(line.name == "目標" for line in lines)
    level = None if has_line else _level_target(subject, steps, targets)
    base = subject.baseline if claims.fits_baseline(subject, span) else None
    return _in_chart_unit(
        subject,
        Chart(
            title=f"{kpi.name}の推移",
            alt=_alt(kpi, subject, steps),
            x=tuple(step.label for step in steps),
            lines=tuple(lines),
            kind="bar"
            if kpi.kind == Kpi.Kind.FLOW and span.value in (Span.FISCAL_YEAR, Span.CALENDAR_YEAR)
            else "line",
            unit=kpi.unit,
            decimals=kpi.decimals,
            scale=kpi.scale,
            target=level.value if level else None,
            target_label="目標" + claims.bracket(level.marks if level else ()),
            baseline=base.value if base is not None else None,
            baseline_label="基準" + claims.bracket(base.marks if base else ()),
            markers=tuple(_markers(steps, milestones, explained)),
        ),
    )


def _line(
    subject: Subject,
    name: str,
    role: Role,
    values: tuple[Decimal | None, ...],
    marks: tuple[str, ...],
    figures: Sequence[Figure | None],
) -> Line:
    """Drawn exactly; written as everywhere, also where the chart alone would write it as a threshold."""
    said = [
        claims.in_chart(subject, figure) if value is not None else ("", "")
        for value, figure in zip(values, figures, strict=True)
    ]
    texts, labels = (tuple(each) for each in zip(*said, strict=True))
    return Line(name, values, role, marks, texts if any(texts) else (), labels if any(labels) else ())


def _in_chart_unit(subject: Subject, chart: Chart) -> Chart:
    """With a scale an amount in 千円 is drawn in 円."""
    unit, factor = claims.chart_unit(subject)
    if factor == 1:
        return chart

    def of(value: Decimal | None) -> Decimal | None:
        return None if value is None else value * factor

    lines = tuple(replace(line, values=tuple(of(value) for value in line.values)) for line in chart.lines)
    return replace(chart, unit=unit, lines=lines, target=of(chart.target), baseline=of(chart.baseline), decimals=0)


def _last_year(subject: Subject, figures: Sequence[Figure], steps: Sequence[Step]) -> Line | None:
    """The same months of the year before, on the recent months only: over all months it would draw everything twice."""
    if steps[0].period.span.value != Span.MONTH or len(steps) > 24:
        return None
    drawn = {each.period: each for each in figures if each.drawn is not None}
    found = [drawn.get(step.period.a_year_before()) for step in steps]
    if not any(found):
        return None
    marks = tuple("・".join(claims.words(claims.marks_in_print(subject, each))) if each else "" for each in found)
    values = tuple(each.drawn if each else None for each in found)
    return _line(subject, "前年同月", Role.COMPARISON, values, marks, found)


def _targets(subject: Subject, steps: Sequence[Step], targets: Targets) -> Line | None:
    """Targets that change along the axis: of each month, or of each year."""
    found: list[Aim | None] = []
    for step in steps:
        span, start = step.period.span.value, step.period.start
        key = (fiscal_year_of(start), start.month if span == Span.MONTH else None)
        is_told = step.figure is None or claims.may_aim(subject, step.figure)
        found.append(targets.get(key) if span in (Span.MONTH, Span.FISCAL_YEAR) and is_told else None)
    if sum(each is not None for each in found) < 2:
        return None
    marks = tuple("・".join(claims.words(each.marks)) if each else "" for each in found)
    return Line("目標", tuple(each.value if each else None for each in found), Role.SECONDARY, marks)


def _level_target(subject: Subject, steps: Sequence[Step], targets: Targets) -> Aim | None:
    """The newest year's target as a level; that of a year's amount or rate has no place among months."""
    span = steps[-1].period.span.value
    if subject.sort is not Sort.LEVEL and span != Span.FISCAL_YEAR:
        return None
    year = fiscal_year_of(steps[-1].period.start)
    of_year = [step.figure for step in steps if fiscal_year_of(step.period.start) == year and step.figure is not None]
    is_told = any(each.target is not None and claims.may_aim(subject, each) for each in of_year)
    return targets.get((year, None)) if is_told else None


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


def _alt(kpi: Kpi, subject: Subject, steps: Sequence[Step]) -> str:
    """From where to where it goes, each with its marks, and which other marks lie between."""
    drawn = [(step.figure, step.marks_in_print) for step in steps if step.figure is not None and step.value is not None]
    ends = [f"{_when(subject, each)}の{claims.written(subject, each)}{claims.bracket(marks)}" for each, marks in drawn]
    alt = f"{kpi.name}の推移。{ends[0]}から{ends[-1]}まで。"
    between = claims.union(*(marks for _, marks in drawn)) - drawn[0][1] - drawn[-1][1]
    return alt + (f"{'・'.join(claims.words(between))}を含みます。" if between else "")


def _when(subject: Subject, figure: Figure) -> str:
    """The period; of a year's level the day it stands at."""
    return claims.as_of_text(subject, figure) if figure.level_month else figure.period.label
