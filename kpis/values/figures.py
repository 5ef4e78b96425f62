"""A KPI and its stored rows as facts for kpis.claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from japan.periods import Period, Span
from kpis.claims import AsOfRule, Baseline, Direction, Figure, Mark, Same, Sort, Subject, marks_in_print
from kpis.claims import Target as Aim
from kpis.claims.marks import NO_MARKS, Marks, from_names, marks_from
from kpis.models import Kpi, Measurement, Summary, Target
from kpis.models.value import DatedValue, Missing, Nature


def subject_of(kpi: Kpi) -> Subject:
    """How a KPI's figures are read and written. Of a ratio the numerator and denominator are looked at."""
    return Subject(
        sort=sort_of(kpi),
        unit=kpi.unit,
        decimals=kpi.decimals,
        ratio_decimals=kpi.ratio_decimals,
        scale=kpi.scale,
        direction=Direction(kpi.direction),
        as_of_rule=AsOfRule(kpi.as_of_rule),
        usual_span="" if kpi.frequency == Kpi.Frequency.OCCASIONAL else kpi.frequency,
        baseline=_baseline(kpi),
    )


def plain_subject(kpi: Kpi) -> Subject:
    """The same where a value is only written, without asking what a ratio is made of."""
    return Subject(Sort.LEVEL, kpi.unit, kpi.decimals, scale=kpi.scale)


def sort_of(kpi: Kpi) -> Sort:
    """A ratio of two levels is a level, one of an amount and a level (per head) an amount, one of two amounts a rate.

    Of a ratio without parts the rule of its as-of says whether it is of a day or of a period.
    """
    if kpi.kind != Kpi.Kind.RATIO:
        return Sort.LEVEL if kpi.kind == Kpi.Kind.STOCK else Sort.AMOUNT
    if kpi.numerator is None or kpi.denominator is None:
        return Sort.RATE if kpi.as_of_rule == Kpi.AsOfRule.DURING else Sort.LEVEL
    kinds = {kpi.numerator.kind, kpi.denominator.kind}
    if kinds == {Kpi.Kind.STOCK.value}:
        return Sort.LEVEL
    return Sort.AMOUNT if Kpi.Kind.STOCK in kinds else Sort.RATE


def _baseline(kpi: Kpi) -> Baseline | None:
    if kpi.baseline_value is None:
        return None
    marks: Marks = frozenset([Mark.DERIVED]) if kpi.baseline_is_derived else NO_MARKS
    return Baseline(kpi.baseline_value, kpi.baseline_span, kpi.baseline_wording, marks)


def figure_of(row: Summary | Measurement) -> Figure:
    """The facts of a summary, or of one part's approved value."""
    return _of_summary(row) if isinstance(row, Summary) else _of_measurement(row)


def figures_of(rows: Iterable[Summary | Measurement]) -> list[Figure]:
    return [figure_of(row) for row in rows]


def marks_of(row: DatedValue | Summary) -> Marks:
    """The marks of a stored value."""
    return marks_from(
        nature=row.nature,
        is_derived=row.is_derived,
        is_rounded=row.is_rounded,
        is_provisional=row.is_provisional,
        is_synthetic=row.is_synthetic,
    )


@dataclass(frozen=True)
class ShownMarks:
    """The marks that stand beside a value as it is written (templates/components/marks.html), and what it was read from."""

    row: DatedValue | Summary
    nature: str
    is_derived: bool
    is_rounded: bool
    is_provisional: bool
    is_synthetic: bool


def shown_marks(subject: Subject, row: DatedValue | Summary) -> ShownMarks:
    """Beside 54%, which its source printed, there is no 算出値."""
    figure = stated(row) if isinstance(row, DatedValue) else figure_of(row)
    marks = marks_in_print(subject, figure)
    natures = {Mark.ESTIMATED: Nature.ESTIMATED, Mark.PROJECTED: Nature.PROJECTED}
    return ShownMarks(
        row,
        nature=next((nature.value for mark, nature in natures.items() if mark in marks), Nature.OBSERVED.value),
        is_derived=Mark.DERIVED in marks,
        is_rounded=Mark.ROUNDED in marks,
        is_provisional=Mark.PROVISIONAL in marks,
        is_synthetic=Mark.SYNTHETIC in marks,
    )


def _of_summary(row: Summary) -> Figure:
    same = None
    if row.compared_value is not None and row.last_year_value is not None:
        same = Same(row.compared_value, row.last_year_value, row.compared_months, from_names(row.compared_marks))
    return Figure(
        period=Period(Span(row.span), row.period),
        value=row.value,
        missing_reason=row.missing_reason,
        marks=marks_of(row),
        as_of=row.as_of,
        as_of_wording=row.as_of_wording,
        reported=row.reported,
        expected=row.expected,
        withheld=row.withheld,
        months=row.months,
        months_expected=row.months_expected,
        first_month=row.first_month,
        final_month=row.final_month,
        newest_month=row.newest_month,
        level_month=row.value_period,
        is_split=row.basis == Summary.Basis.NONE,
        same=same,
        target=row.target_value,
        published=row.published,
        computed=row.computed_value,
        lost_before=row.lost_before,
        lost_last_year=row.lost_last_year,
        lost_baseline=row.lost_baseline,
        row=row,
    )


def _of_measurement(row: Measurement) -> Figure:
    """One part of a KPI in one period: `series__kpi` should be selected. An amount's life is that of the part."""
    period = row.dated_period
    life = [] if row.series.kpi.kind == Kpi.Kind.STOCK else row.series.months_of_life(period)
    months = len(life) or period.span.months
    return Figure(
        period=period,
        value=row.value,
        missing_reason=row.missing_reason,
        marks=marks_of(row),
        as_of=row.as_of,
        as_of_wording=row.as_of_wording,
        reported=int(row.missing_reason != Missing.PENDING),
        withheld=int(row.missing_reason == Missing.WITHHELD),
        months=months,
        months_expected=months,
        first_month=life[0] if life else None,
        final_month=life[-1] if life else None,
        published=row.published,
        row=row,
    )


def stated(row: DatedValue) -> Figure:
    """What a value says itself, to be written; nothing of how much of its period it holds."""
    return Figure(row.dated_period, row.value, row.missing_reason, marks_of(row), published=row.published, row=row)


def aims_of(targets: Mapping[tuple[int, int | None], Target]) -> dict[tuple[int, int | None], Aim]:
    """Targets as facts, by the same keys."""
    return {
        key: Aim(
            target.value,
            target.fiscal_year,
            target.month,
            frozenset([Mark.SYNTHETIC]) if target.is_synthetic else NO_MARKS,
        )
        for key, target in targets.items()
    }
