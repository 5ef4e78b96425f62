"""What goes into the arithmetic, and what comes out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from japan.fiscal import add_months, fiscal_months, month_end
from japan.periods import Period, Span

Key = tuple[Span, date]

OBSERVED, ESTIMATED, PROJECTED = "observed", "estimated", "projected"
PENDING, WITHHELD, BEFORE_START = "pending", "withheld", "before_start"


@dataclass(frozen=True)
class SeriesFact:
    """A part of a KPI (kind total, department or type) and its life span."""

    id: int
    kind: str
    starts_on: date | None = None
    ends_on: date | None = None

    def lives_in(self, period: Period) -> bool:
        """Whether any day of the period lies in its life."""
        return (self.starts_on is None or self.starts_on <= period.end) and (
            self.ends_on is None or period.start <= self.ends_on
        )


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
    numerator: KpiFacts | None = None
    denominator: KpiFacts | None = None

    @property
    def is_stock_ratio(self) -> bool:
        """Both parts are levels: its year is its last month's, for levels do not add up over time."""
        return all(part is not None and part.kind == "stock" for part in (self.numerator, self.denominator))

    def parts_due_in(self, period: Period) -> int:
        """How many values a period nobody reported lacks: its living parts, or the one total."""
        return sum(series.kind != "total" and series.lives_in(period) for series in self.series) or 1

    def months_of_life(self, fiscal_year: int) -> list[date]:
        """The months of a fiscal year in which the KPI is in use."""
        return [
            month
            for month in fiscal_months(fiscal_year)
            if (self.starts_on is None or self.starts_on < add_months(month, 1))
            and (self.ends_on is None or month <= month_end(self.ends_on))
        ]


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

    def mark_from(self, *sources: MeasurementFact | Row) -> None:
        """Takes over the marks of everything the value was made from, and notes what that was."""
        for source in sources:
            self.is_derived |= source.is_derived
            self.is_rounded |= source.is_rounded
            self.is_provisional |= source.is_provisional
            self.is_synthetic |= source.is_synthetic
            if source.nature == ESTIMATED:
                self.nature = ESTIMATED
        used = {(m, v) for source in sources for m, v in _origins(source)} | {(m, v) for m, v in self.computed_from}
        self.computed_from = [list(pair) for pair in sorted(used)]


def _origins(source: MeasurementFact | Row) -> list[tuple[int, int]]:
    if isinstance(source, MeasurementFact):
        return [(source.id, source.version)]
    return [(origin[0], origin[1]) for origin in source.computed_from]


Rows = dict[Key, Row]


def observed(rows: Rows, span: Span, start: date) -> Row | None:
    """The row of a period unless it is a projection, which never counts."""
    row = rows.get((span, start))
    return row if row is not None and row.nature != PROJECTED else None


def starts_in(span: Span, months: list[date]) -> list[date]:
    """The first days of the periods (months or quarters) that the months lie in."""
    return sorted({Period.containing(span, month).start for month in months})
