"""What goes into the arithmetic, and what comes out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from japan.fiscal import fiscal_year_start, month_start
from japan.periods import Period, Span
from japan.units import unit_of
from kpis.claims.extent import Extent, extent_of
from kpis.claims.facts import Figure
from kpis.claims.marks import Mark, Marks, marks_from

Key = tuple[Span, date]

OBSERVED, ESTIMATED, PROJECTED = "observed", "estimated", "projected"
PENDING, WITHHELD, BEFORE_START, NOT_APPLICABLE = "pending", "withheld", "before_start", "not_applicable"


@dataclass(frozen=True)
class SeriesFact:
    """A part of a KPI (kind total, department or type) and its life span."""

    id: int
    kind: str
    starts_on: date | None = None
    ends_on: date | None = None
    #: A 組織改正 gave what it counted to another part of the KPI, which began when it ended.
    is_continued: bool = False

    def lives_in(self, period: Period) -> bool:
        """Whether any day of the period lies in its life."""
        return (self.starts_on is None or self.starts_on <= period.end) and (
            self.ends_on is None or period.start <= self.ends_on
        )

    def stopped_before(self, month: date) -> bool:
        """It ended before a month, and nothing counts on what it counted."""
        return self.ends_on is not None and self.ends_on < month and not self.is_continued


@dataclass(frozen=True)
class MeasurementFact:
    """An approved value, or the reason why there is none."""

    id: int
    version: int
    series_id: int
    span: Span
    period: date
    value: Decimal | None
    missing_reason: str = ""
    nature: str = OBSERVED
    is_derived: bool = False
    is_rounded: bool = False
    is_provisional: bool = False
    is_synthetic: bool = False
    as_of: date | None = None
    as_of_wording: str = ""
    published: str = ""

    @property
    def key(self) -> Key:
        return (self.span, self.period)

    @property
    def is_reported(self) -> bool:
        """集計中 is no report; any other reason is."""
        return self.missing_reason != PENDING


@dataclass(frozen=True)
class KpiFacts:
    """Everything a KPI's summaries are computed from. `numerator` and `denominator` only for a computed ratio."""

    kind: str
    aggregation: str
    direction: str
    unit: str
    series: tuple[SeriesFact, ...] = ()
    measurements: tuple[MeasurementFact, ...] = ()
    #: (fiscal year, calendar month or None for the year) → target
    targets: dict[tuple[int, int | None], Decimal] = field(default_factory=dict)
    starts_on: date | None = None
    ends_on: date | None = None
    baseline_value: Decimal | None = None
    baseline_span: str = ""
    baseline_period: date | None = None
    numerator: KpiFacts | None = None
    denominator: KpiFacts | None = None
    #: How the level of a per-head ratio is taken: "mean" over the same months, or "year_end".
    level_rule: str = "mean"
    #: A share that was printed beside its numerator's value is this ratio's (one ratio of a numerator has it).
    takes_share: bool = False
    #: Of a ratio without parts: it is of a period, not of a day.
    is_of_period: bool = True

    @property
    def factor(self) -> Decimal:
        """How many base units one of its unit is: 千円 is 1,000円, % is 0.01."""
        return unit_of(self.unit).factor

    @property
    def is_stock_ratio(self) -> bool:
        """Both parts are levels: its year is its last month's, for levels do not add up over time."""
        return all(part is not None and part.kind == "stock" for part in (self.numerator, self.denominator))

    @property
    def is_level(self) -> bool:
        """Its value is of a day and may be held against the year's target at any time."""
        if self.kind != "ratio" or self.numerator is None:
            return self.kind == "stock" or (self.kind == "ratio" and not self.is_of_period)
        return self.is_stock_ratio

    def parts_due_in(self, period: Period) -> int:
        """How many values a period nobody reported lacks: its living parts, or the one total."""
        return sum(series.kind != "total" and series.lives_in(period) for series in self.series) or 1

    def months_of_life(self, fiscal_year: int) -> list[date]:
        """The months of a fiscal year in which the KPI is in use and one of its series lives."""
        return self.months_lived(Period(Span.FISCAL_YEAR, fiscal_year_start(fiscal_year)))

    def months_lived(self, period: Period) -> list[date]:
        """The months of a period in which the KPI is in use and one of its series lives."""
        months = period.months_between(self.starts_on, self.ends_on)
        return [m for m in months if any(s.lives_in(Period(Span.MONTH, m)) for s in self.series) or not self.series]


@dataclass
class Row:
    """A summary: the columns of kpis.models.Summary. Amounts are in the KPI's unit, progress and achievement fractions."""

    span: Span
    period: date
    basis: str
    value: Decimal | None = None
    missing_reason: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    value_period: date | None = None
    reported: int = 0
    expected: int = 0
    withheld: int = 0
    months: int = 0
    months_expected: int = 0
    first_month: date | None = None
    final_month: date | None = None
    newest_month: date | None = None
    parts_total: Decimal | None = None
    cumulative: Decimal | None = None
    cumulative_months: int = 0
    last_year_value: Decimal | None = None
    compared_value: Decimal | None = None
    compared_months: int = 0
    compared_marks: str = ""
    ratio_to_baseline: Decimal | None = None
    target_value: Decimal | None = None
    progress: Decimal | None = None
    achievement: Decimal | None = None
    nature: str = OBSERVED
    is_derived: bool = False
    is_rounded: bool = False
    is_provisional: bool = False
    is_synthetic: bool = False
    as_of: date | None = None
    as_of_wording: str = ""
    published: str = ""
    computed_from: list[list[int]] = field(default_factory=list)
    #: What its exact parts make where a source printed another number: what it is judged by.
    computed_value: Decimal | None = None
    #: A part that counted in the period before (a year before, in the baseline's period) is counted no more.
    lost_before: bool = False
    lost_last_year: bool = False
    lost_baseline: bool = False
    #: The parts whose values are added up in it, or stand beside a published total.
    counted: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if self.months_expected == 0:
            self.months = self.months_expected = self.span.months

    @property
    def is_complete(self) -> bool:
        """Everything due is reported, for every month it speaks of."""
        return self.expected > 0 and self.reported == self.expected and self.months == self.months_expected

    @property
    def whole(self) -> Decimal | None:
        """The value where it stands for everything due, else None: what 非公開 leaves out is compared with nothing."""
        return self.value if self.is_complete and not self.withheld else None

    @property
    def is_answered(self) -> bool:
        """Everything is said of it: a value, or 該当なし, which adds nothing. What is 非公開 or 導入前 is not."""
        return self.is_complete and not self.withheld and self.missing_reason != BEFORE_START

    @property
    def stands_in(self) -> date:
        """The month at whose end a level stands: the period's last, or that in which it ended."""
        return min(last_month(self.span, self.period), self.final_month or date.max)

    @property
    def ends_early(self) -> bool:
        """What it counts ended within the period: another year's is of a later month."""
        return self.value_period is None and self.stands_in < last_month(self.span, self.period)

    @property
    def is_exact(self) -> bool:
        """Neither worked back, nor rounded, nor estimated."""
        return self.nature == OBSERVED and not self.is_derived and not self.is_rounded

    @property
    def extent(self) -> Extent:
        """How far it reaches, as far as that can be said without knowing what is due today."""
        return extent_of(
            Figure(
                Period(self.span, self.period),
                self.value,
                marks=self.marks,
                reported=self.reported,
                expected=self.expected,
                withheld=self.withheld,
                months=self.months,
                months_expected=self.months_expected,
                first_month=self.first_month,
                final_month=self.final_month,
                newest_month=self.newest_month,
                level_month=self.value_period,
            )
        )

    @property
    def marks(self) -> Marks:
        return marks_from(
            nature=self.nature,
            is_derived=self.is_derived,
            is_rounded=self.is_rounded,
            is_provisional=self.is_provisional,
            is_synthetic=self.is_synthetic,
        )

    def set_life(self, months: list[date]) -> None:
        """Which months of its life it is of: first and last."""
        if months:
            self.first_month, self.final_month = months[0], months[-1]

    def mark_from(self, *sources: MeasurementFact | Row) -> None:
        """Takes over the marks of everything the value was made from, and notes what that was."""
        for source in sources:
            self.is_derived |= source.is_derived
            self.is_rounded |= source.is_rounded
            self.is_provisional |= source.is_provisional
            self.is_synthetic |= source.is_synthetic
            if source.nature == ESTIMATED:
                self.nature = ESTIMATED
        self.mark_origin(*sources)

    def mark_origin(self, *sources: MeasurementFact | Row) -> None:
        """Notes what the value was made from."""
        used = {(m, v) for source in sources for m, v in _origins(source)} | {(m, v) for m, v in self.computed_from}
        self.computed_from = [list(pair) for pair in sorted(used)]


def _origins(source: MeasurementFact | Row) -> list[tuple[int, int]]:
    if isinstance(source, MeasurementFact):
        return [(source.id, source.version)]
    return [(origin[0], origin[1]) for origin in source.computed_from]


Rows = dict[Key, Row]


def marks_of_all(rows: Iterable[Row]) -> Marks:
    """Every mark that one of the rows carries."""
    return frozenset[Mark]().union(*(row.marks for row in rows))


def last_month(span: Span, start: date) -> date:
    """The month with which a period ends: a level stands at its end."""
    return month_start(Period(span, start).end)


def observed(rows: Rows, span: Span, start: date) -> Row | None:
    """The row of a period unless it is a projection, which never counts."""
    row = rows.get((span, start))
    return row if row is not None and row.nature != PROJECTED else None


def starts_in(span: Span, months: list[date]) -> list[date]:
    """The first days of the periods (months or quarters) that the months lie in."""
    return sorted({Period.containing(span, month).start for month in months})
