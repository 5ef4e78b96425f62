"""What goes into a claim: the facts of a KPI (Subject) and of one of its periods (Figure)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from japan.periods import Period
from kpis.claims.marks import NO_MARKS, Mark, Marks


class Sort(StrEnum):
    """How a KPI's year comes about; this decides what its months and years may be held against."""

    #: A level: its year is its last level.
    LEVEL = "level"
    #: An amount, or an amount per head: it grows from April to March.
    AMOUNT = "amount"
    #: A rate of amounts: its year is Σ numerators ÷ Σ denominators so far.
    RATE = "rate"


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"
    NONE = "none"


class AsOfRule(StrEnum):
    MONTH_END = "month_end"
    NEXT_MONTH_FIRST = "next_month_first"
    DURING = "during"


@dataclass(frozen=True)
class Baseline:
    """What a KPI is compared with. `span` is the kind of period it was counted over (japan.periods.Span)."""

    value: Decimal
    span: str
    wording: str = ""
    marks: Marks = NO_MARKS


@dataclass(frozen=True)
class Subject:
    """What a KPI says of how its figures are read and written. Amounts are in `unit`."""

    sort: Sort
    unit: str
    decimals: int = 0
    ratio_decimals: int = 1
    scale: str = "one"
    direction: Direction = Direction.NONE
    as_of_rule: AsOfRule = AsOfRule.DURING
    #: The span it is reported by; "" for an occasional one.
    usual_span: str = "month"
    baseline: Baseline | None = None


@dataclass(frozen=True)
class Same:
    """The same months of two years: the sum (or rate, or level) of each, how many months, the marks of all of them."""

    now: Decimal
    then: Decimal
    months: int
    marks: Marks = NO_MARKS


@dataclass(frozen=True)
class Target:
    """What is aimed at in a fiscal year, or in one month of it."""

    value: Decimal
    fiscal_year: int
    month: int | None = None
    marks: Marks = NO_MARKS


@dataclass(frozen=True)
class Figure:
    """One period of a KPI or of one part of it.

    `reported` of `expected` values are in; a whole period has both equal and above 0. `months` are the whole months
    (all parts in) of the `months_expected` months of its life in the period, which are `first_month` to `final_month`;
    `newest_month` is the last whole one. A level has one month, `level_month`: the month at whose end it stands.
    `published` holds comparisons as the source printed them, and a percentage as it was printed itself. `row` is what the figure was read from, for the caller.
    """

    period: Period
    value: Decimal | None
    missing_reason: str = ""
    marks: Marks = NO_MARKS
    as_of: date | None = None
    as_of_wording: str = ""
    reported: int = 1
    expected: int = 1
    withheld: int = 0
    months: int = 1
    months_expected: int = 1
    first_month: date | None = None
    final_month: date | None = None
    newest_month: date | None = None
    level_month: date | None = None
    #: Parts that are not added up: the period has values but no total.
    is_split: bool = False
    same: Same | None = None
    target: Decimal | None = None
    published: str = ""
    #: What the exact parts make of it, where a source printed another number.
    computed: Decimal | None = None
    #: A part that counted in the period before (a year before, in the baseline's period) ended since.
    lost_before: bool = False
    lost_last_year: bool = False
    lost_baseline: bool = False
    row: Any = field(default=None, compare=False, repr=False)

    @property
    def is_projected(self) -> bool:
        return Mark.PROJECTED in self.marks

    @property
    def is_complete(self) -> bool:
        """Everything due is in, for every month it speaks of; a projection never is."""
        return (
            not self.is_projected
            and self.expected > 0
            and self.reported == self.expected
            and self.months == self.months_expected
        )

    @property
    def drawn(self) -> Decimal | None:
        """What a chart draws: only what is whole, and beside full years no year of fewer months; the rest is a break."""
        is_short = self.level_month is None and self.first_month is not None
        return None if is_short and self.months < self.period.span.months else self.whole

    @property
    def whole(self) -> Decimal | None:
        """The value where it stands for everything due, else None: what 非公開 leaves out is compared with nothing."""
        return self.value if self.is_complete and not self.withheld else None

    @property
    def judged(self) -> Decimal | None:
        """What reaches a target or not: a whole value, and of a printed one what its exact parts make."""
        return self.whole if self.whole is None or self.computed is None else self.computed
