"""A KPI's own page: its figure, chart, parts, years, and what is done for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from charts.plotly import to_plotly
from charts.specification import Chart
from charts.svg import to_svg
from initiatives.models import Initiative
from japan.numbers import write_percent, write_ratio
from japan.wareki import month_label
from kpis.board import Sight, look_at
from kpis.breakdown import Breakdown, breakdown_of
from kpis.cards import Card, card_of
from kpis.charting import Range, Step, chart_of, ranges_of, reason_text, steps_of
from kpis.latest import before, period_of
from kpis.models import Kpi, Measurement, Summary
from kpis.models.value import Nature, Span
from kpis.part_trends import PartTrends, part_trends
from kpis.wording import change_text, exact, missing_text, withheld_text

#: More rows than any KPI has: a century of months.
EVERYTHING = 1200
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
    marks_of: Summary


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
        rows: list[Summary | Measurement] = [year.marks_of for year in self.years]
        rows += [self.shown] if self.shown else []
        rows += [part.measurement for part in self.breakdown.parts if part.measurement] if self.breakdown else []
        flags = {name: any(getattr(row, f"is_{name}") for row in rows) for name in MARKS}
        flags["derived"] |= self.kpi.baseline_is_derived
        flags |= {
            nature.value: any(row.nature == nature for row in rows) for nature in (Nature.ESTIMATED, Nature.PROJECTED)
        }
        return flags | {"undefined": not self.kpi.definition}

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
    ranges = ranges_of(sight.rows)
    chosen = next((choice for choice in ranges if choice.value == asked), next(iter(ranges), Range.RECENT))
    steps = steps_of(kpi, sight.rows, chosen)
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
        chart=chart_of(kpi, sight.rows, steps, sight.targets, milestones, explained),
        month_rows=[(*_step_row(kpi, step), *_reasons(step, explained)) for step in reversed(steps)],
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


def _step_row(kpi: Kpi, step: Step) -> tuple[str, ...]:
    """A line of the table beside the chart: period, value, year before, change, target, who reported."""
    row = step.row
    if row is None:
        return (step.period.label, "値なし", "", "", "", "")
    value = missing_text(row) if row.value is None else exact(kpi, row.value) + withheld_text(row)
    change = last_year = ""
    if row.last_year_value is not None and row.compared_value is not None:
        last_year, change = exact(kpi, row.last_year_value), change_text(kpi, row.compared_value, row.last_year_value)
    target = exact(kpi, row.target_value) if row.target_value is not None else ""
    answered = f"{row.reported}／{row.expected}" if row.expected else ""
    return (step.period.label, value, last_year, change, target, answered)


def _years(sight: Sight) -> list[YearRow]:
    """Fiscal and calendar years, newest first, with what is expected of years to come above them."""
    expected = list(Summary.objects.projections_of(sight.kpi))
    years = [row for row in [*sight.rows, *expected] if row.span in (Span.FISCAL_YEAR, Span.CALENDAR_YEAR)]
    rows = [row for row in years if row.value is not None or row.missing_reason]
    return [_year(sight, row) for row in sorted(rows, key=lambda row: row.period, reverse=True)]


def _year(sight: Sight, row: Summary) -> YearRow:
    kpi = sight.kpi
    is_expected = row.nature == Nature.PROJECTED
    return YearRow(
        label=period_of(row).label,
        value=missing_text(row) if row.value is None else exact(kpi, row.value) + withheld_text(row),
        note="" if is_expected else _year_note(kpi, row),
        change=_year_change(kpi, row, before(sight.rows, row)),
        ratio=write_ratio(row.ratio_to_baseline, kpi.ratio_decimals) if row.ratio_to_baseline is not None else "",
        target=exact(kpi, row.target_value) if row.target_value is not None else "",
        progress=_year_progress(row),
        marks_of=row,
    )


def _year_note(kpi: Kpi, row: Summary) -> str:
    """What a year's value stands for where it is not the whole year."""
    if row.value_period is not None:
        return f"{month_label(row.value_period)}の値"
    if kpi.kind != Kpi.Kind.STOCK and row.months != 12 and row.months_expected > 1:
        return f"{row.months}／12か月分"
    if not row.is_complete:
        return f"{row.expected}件中{row.reported}件の回答"
    return ""


def _year_change(kpi: Kpi, row: Summary, previous: Summary | None) -> str:
    """Against the same months of the year before; two years stated as a whole, against each other."""
    now, then, months = row.compared_value, row.last_year_value, row.compared_months
    if (now is None or then is None) and row.is_complete and previous is not None and row.value_period is None:
        now, then, months = row.value, previous.value, 12
    if now is None or then is None:
        return ""
    is_part = kpi.kind != Kpi.Kind.STOCK and row.months_expected > 1 and months != 12
    text = change_text(kpi, now, then)
    return f"{text}（同じ{months}か月どうし）" if is_part else text


def _year_progress(row: Summary) -> str:
    words = []
    if row.progress is not None:
        words.append(f"進捗率 {write_percent(row.progress)}")
    if row.achievement is not None:
        words.append(f"達成率 {write_percent(row.achievement)}")
    return "、".join(words)
