"""A KPI's own page: its figure, chart, parts, years, and what is done for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from charts.plotly import to_plotly
from charts.specification import Chart
from charts.svg import to_svg
from initiatives.models import Initiative
from japan.periods import Span
from kpis import claims
from kpis.claims import (
    Change,
    Extent,
    Figure,
    Reach,
    Said,
    Subject,
    bracket,
    exact,
    extent_of,
    rate_text,
    written_exactly,
)
from kpis.claims import Target as Aim
from kpis.dashboards.board import Sight, look_at
from kpis.dashboards.breakdown import Breakdown, breakdown_of
from kpis.dashboards.cards import Card, card_of
from kpis.dashboards.charting import Range, Step, chart_of, ranges_of, reason_text, steps_of
from kpis.dashboards.part_trends import PartTrends, part_trends
from kpis.models import Kpi, Measurement, Summary
from kpis.models.value import Nature
from kpis.values.figures import ShownMarks, aims_of, figure_of, shown_marks
from kpis.values.wording import missing_text, withheld_text

#: More rows than any KPI has: a century of months.
EVERYTHING = 1200
YEARS = (Span.FISCAL_YEAR, Span.CALENDAR_YEAR)
MARKS = ("derived", "rounded", "provisional", "synthetic")


@dataclass(frozen=True)
class YearRow:
    """A year in words."""

    label: str
    value: str
    note: str
    change: str
    ratio: str
    target: str
    progress: str
    marks_of: ShownMarks


@dataclass
class KpiPage:
    """What the page shows; lists are empty and texts blank where there is nothing to say."""

    kpi: Kpi
    card: Card
    shown: Summary | None
    chosen: Range
    ranges: list[Range]
    chart: Chart | None
    month_rows: list[tuple[str, ...]]
    years: list[YearRow]
    breakdown: Breakdown | None
    initiatives: list[Initiative]
    explained: list[Measurement] = field(default_factory=list)
    part_trends: PartTrends | None = None
    relatives: list[Kpi] = field(default_factory=list)

    @property
    def columns(self) -> tuple[str, ...]:
        """Of the table beside the chart."""
        return ("対象", "値", "前年同期", "増減", "目標", "回答", *(["増減理由"] if self.explained else []))

    @property
    def marks(self) -> dict[str, bool]:
        """Which marks the page shows, for the legend."""
        rows = [year.marks_of for year in self.years]
        rows += [self.card.marks_of] if self.card.marks_of else []
        rows += [part.marks for part in self.breakdown.parts if part.marks] if self.breakdown else []
        flags = {name: any(getattr(row, f"is_{name}") for row in rows) for name in MARKS}
        flags["derived"] |= self.kpi.baseline_is_derived
        flags |= {
            nature.value: any(row.nature == nature for row in rows) for nature in (Nature.ESTIMATED, Nature.PROJECTED)
        }
        return flags | {"undefined": not self.kpi.definition}

    @property
    def chart_marks(self) -> list[str]:
        """The marks of everything the chart draws, said beside its title."""
        return self.chart.marks if self.chart else []

    @property
    def excel_url(self) -> str:
        return reverse("kpis:data", args=[self.kpi.code]) + "?for=excel"

    @property
    def svg(self) -> SafeString | str:
        return mark_safe(to_svg(self.chart)) if self.chart else ""  # noqa: S308  escapes what it is given

    @property
    def svg_narrow(self) -> SafeString | str:
        return mark_safe(to_svg(self.chart, width=360, height=280)) if self.chart else ""  # noqa: S308

    @property
    def figure(self) -> dict[str, object] | None:
        return to_plotly(self.chart) if self.chart else None


def page_of(kpi: Kpi, *, today: date, asked: str = "") -> KpiPage:
    """Everything the page shows, in ten queries (one more where parts are not added up). `asked` is a Range as the address writes it; nonsense is ignored."""
    board = look_at([kpi], today=today, depth=EVERYTHING)
    [sight] = board.sights
    ranges = ranges_of(sight.figures)
    chosen = next((choice for choice in ranges if choice.value == asked), next(iter(ranges), Range.RECENT))
    steps = steps_of(sight.subject, sight.figures, chosen)
    initiatives = list(kpi.initiatives.prefetch_related("milestones"))
    explained = list(Measurement.objects.explained(kpi))
    series = list(kpi.series.all())
    milestones = [milestone for initiative in initiatives for milestone in initiative.milestones.all()]
    return KpiPage(
        kpi=kpi,
        card=card_of(sight, board),
        shown=sight.shown,
        chosen=chosen,
        ranges=ranges,
        chart=chart_of(kpi, sight.subject, sight.figures, steps, aims_of(sight.targets), milestones, explained),
        month_rows=[(*_step_row(sight, step), *_reasons(step, explained)) for step in reversed(steps)],
        years=_years(sight),
        breakdown=breakdown_of(sight, series),
        initiatives=initiatives,
        explained=explained,
        part_trends=part_trends(kpi, series),
        relatives=[] if kpi.kind == Kpi.Kind.RATIO else list(Kpi.objects.computed_from([kpi.pk])),
    )


def _reasons(step: Step, explained: list[Measurement]) -> tuple[str, ...]:
    """Why the period's values are unusual, in a column of its own; no column where no value of the KPI has a reason."""
    own = [each for each in explained if (each.span, each.period) == (step.period.span.value, step.period.start)]
    words = [reason_text(each) + (f"：{each.note}" if each.note else "") for each in own]
    return ("、".join(words),) if explained else ()


def _step_row(sight: Sight, step: Step) -> tuple[str, ...]:
    """A line of the table beside the chart: period, value, year before, change, target, who reported.

    Marks, and how much of a year it is, stand in the text: a cell has nothing else.
    """
    subject, figure = sight.subject, step.figure
    if figure is None:
        return (step.period.label, "値なし", "", "", "", "")
    extent = extent_of(figure, sight.due_through)
    change, last_year, before = "", "", claims.a_year_before(sight.figures, figure)
    if (found := claims.change_from_last_year(figure, extent, before)) is not None:
        last_year = _then(subject, found) + found.same_months + bracket(before.marks if before else ())
        change = f"{found.text(subject)}{found.same_months}{bracket(found.marks)}"
    elif figure.lost_last_year:
        change = claims.no_change_text(figure, extent, before)
    value = _value(subject, figure, extent)
    if figure.value is not None:
        value += _year_bracket(sight, figure, extent) + bracket(claims.marks_in_print(subject, figure))
    aim = _target_of(sight, figure)
    target = exact(subject, aim.value) + bracket(aim.marks) if aim else ""
    answered = f"{figure.reported}／{figure.expected}" if figure.expected else ""
    return (step.period.label, value, last_year, change, target, answered)


def _then(subject: Subject, change: Change) -> str:
    """The earlier of two compared values, as its own figure writes it where it is that of one."""
    is_of_figure = change.before is not None and change.before.value == change.then
    return written_exactly(subject, change.before) if is_of_figure and change.before else exact(subject, change.then)


def _year_bracket(sight: Sight, figure: Figure, extent: Extent) -> str:
    """（4／12か月分）, （4月〜7月の4か月分）, （令和7(2025)年5月末の値） behind a year that is not a whole one."""
    if figure.period.span.value not in YEARS or figure.is_projected or extent.reach is Reach.PART:
        return ""
    if figure.level_month is not None:
        return f"（{_year_note(sight.subject, figure, extent, sight.figures)}）"
    left_out = claims.withheld_periods(figure, sight.figures)
    return claims.beside(extent.bracket, [left_out] if left_out else [])


def _target_of(sight: Sight, figure: Figure) -> Aim | None:
    """The target that the arithmetic found for a figure, where it may stand beside it, with its marks."""
    if figure.target is None or not claims.may_aim(sight.subject, figure):
        return None
    year, month = figure.period.fiscal_year, figure.period.start.month
    aims = aims_of(sight.targets)
    of_month = aims.get((year, month)) if figure.period.span.value == Span.MONTH else None
    return of_month or aims.get((year, None)) or Aim(figure.target, year)


def _value(subject: Subject, figure: Figure, extent: Extent) -> str:
    """The value with what it leaves out or lacks."""
    if figure.value is None:
        return missing_text(figure.row)
    is_part = extent.reach is Reach.PART or (extent.is_short and figure.period.span.value == Span.QUARTER)
    note = claims.difference_note(subject, figure)
    said = written_exactly(subject, figure) + (extent.bracket if is_part else "") + (f"（{note}）" if note else "")
    return said + withheld_text(extent)


def _years(sight: Sight) -> list[YearRow]:
    """Fiscal and calendar years, newest first, with what is expected of years to come above them."""
    expected = [figure_of(row) for row in Summary.objects.projections_of(sight.kpi)]
    years = [each for each in [*sight.figures, *expected] if each.period.span.value in YEARS]
    told = [each for each in years if each.value is not None or each.missing_reason]
    return [_year(sight, each) for each in sorted(told, key=lambda each: each.period.start, reverse=True)]


def _year(sight: Sight, figure: Figure) -> YearRow:
    subject, extent = sight.subject, extent_of(figure, sight.due_through)
    against, aim = claims.against_baseline(subject, figure, extent), _target_of(sight, figure)
    return YearRow(
        label=figure.period.label,
        value=_value(subject, figure, extent),
        note="" if figure.is_projected else _year_note(subject, figure, extent, sight.figures),
        change=_year_change(sight, figure, extent),
        ratio=_said(against.ratio),
        target=exact(subject, aim.value) + bracket(aim.marks) if aim else "",
        progress=_year_progress(subject, figure, aim),
        marks_of=shown_marks(subject, figure.row),
    )


def _said(said: Said | None) -> str:
    """A comparison with its marks, and what is computed where something else was printed."""
    if said is None:
        return ""
    return said.text + bracket(said.marks) + (f"（{said.note}）" if said.note else "")


def _year_note(subject: Subject, figure: Figure, extent: Extent, figures: Sequence[Figure]) -> str:
    """What a year's value stands for where it is not the whole year."""
    if figure.level_month is not None:
        return claims.level_note(subject, figure)
    said = ["" if extent.reach is Reach.PART else extent.text, claims.withheld_periods(figure, figures)]
    return "・".join(each for each in said if each)


def _year_change(sight: Sight, figure: Figure, extent: Extent) -> str:
    """Against the same months of the year before; two years stated as a whole, against each other."""
    last_year = claims.a_year_before(sight.figures, figure)
    change = claims.change_from_last_year(figure, extent, last_year)
    if change is None and figure.level_month is None:
        change = claims.change_from_before(figure, claims.before(sight.figures, figure))
    if change is None:
        return claims.no_change_text(figure, extent, last_year)
    return f"{change.text(sight.subject)}{change.same_months}{bracket(change.marks)}"


def _year_progress(subject: Subject, figure: Figure, aim: Aim | None) -> str:
    """The rates that the arithmetic found may be said of it, with the marks of all they use."""
    row, words = figure.row, []
    if row.progress is not None:
        words.append(f"進捗率 {rate_text(row.progress)}")
    if row.achievement is not None:
        words.append(f"達成率 {rate_text(row.achievement)}")
    marks = claims.rate_marks(subject, figure, aim, uses_baseline=row.progress is not None)
    by = claims.by_computed(subject, figure, figure.target) if figure.target is not None else ""
    return "、".join(words) + bracket(marks) + (f"（{by}）" if by else "") if words else ""
