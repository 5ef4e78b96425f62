"""The trend of each part of a KPI whose parts are not added up: small charts side by side, and one table of all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString, mark_safe

from charts.specification import Chart, Line
from charts.svg import to_svg
from japan.missing import MissingReason
from japan.periods import Period, Span
from japan.wareki import fiscal_year_short, month_compact
from kpis import claims
from kpis.claims import Subject
from kpis.models import Kpi, Measurement, Series
from kpis.values.figures import stated, subject_of

#: Periods shown at most: two years of months.
MOST = 24


@dataclass(frozen=True)
class PartTrend:
    """One part: its name and its line; "" where fewer than two values make none."""

    name: str
    svg: SafeString | str


@dataclass(frozen=True)
class PartTrends:
    """All parts over the same periods; `rows` are those of the table, newest first, the period's name leading."""

    trends: list[PartTrend]
    columns: list[str]
    rows: list[tuple[str, ...]]


def part_trends(kpi: Kpi, series: Iterable[Series]) -> PartTrends | None:
    """None where the parts are added up, or none of them has ever had two periods."""
    if kpi.aggregation != Kpi.Aggregation.NONE:
        return None
    subject = subject_of(kpi)
    stored = {(m.series_id, m.period): m for m in Measurement.objects.for_trends(kpi, subject.usual_span)}
    starts = sorted({start for _, start in stored})[-MOST:]
    if len(starts) < 2:
        return None
    span = Span(subject.usual_span)
    periods = [Period(span, starts[0])]
    while periods[-1].start < starts[-1]:
        periods.append(periods[-1].next())
    periods = periods[-MOST:]
    parts = [each for each in series if any((each.pk, period.start) in stored for period in periods)]
    found = {part.pk: [stored.get((part.pk, period.start)) for period in periods] for part in parts}
    rows = [
        (period.label, *(_text(subject, found[part.pk][place]) for part in parts))
        for place, period in reversed(list(enumerate(periods)))
    ]
    trends = [PartTrend(part.name, _svg(subject, part, periods, found[part.pk])) for part in parts]
    return PartTrends(trends, ["対象", *(part.name for part in parts)], rows)


def _text(subject: Subject, measurement: Measurement | None) -> str:
    if measurement is None:
        return "値なし"
    if measurement.value is None:
        return MissingReason(measurement.missing_reason).label
    figure = stated(measurement)
    marks = "".join(f"（{mark}）" for mark in claims.words(claims.marks_in_print(subject, figure)))
    return claims.written_exactly(subject, figure) + marks


def _svg(subject: Subject, part: Series, periods: list[Period], found: list[Measurement | None]) -> SafeString | str:
    values: list[Decimal | None] = [each.value if each else None for each in found]
    known = [stated(each) for each in found if each is not None and each.value is not None]
    if len(known) < 2:
        return ""
    marks = tuple(
        "・".join(claims.words(claims.marks_in_print(subject, stated(each)))) if each else "" for each in found
    )
    ends = [
        f"{each.period.label}の{claims.written(subject, each)}{claims.bracket(claims.marks_in_print(subject, each))}"
        for each in known
    ]
    alt = f"{part.name}の推移。{ends[0]}から{ends[-1]}まで。"
    chart = Chart(
        title=f"{part.name}の推移",
        alt=alt,
        x=tuple(_label(period) for period in periods),
        lines=(Line(claims.line_name(each.marks for each in known), tuple(values), marks=marks),),
        unit=subject.unit,
        decimals=subject.decimals,
        scale=subject.scale,
    )
    return mark_safe(to_svg(chart, width=360, height=200))  # noqa: S308  charts.svg escapes every text itself


def _label(period: Period) -> str:
    if period.span == Span.MONTH:
        return month_compact(period.start)
    return fiscal_year_short(period.fiscal_year) if period.span == Span.FISCAL_YEAR else period.label
