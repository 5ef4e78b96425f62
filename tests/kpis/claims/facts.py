"""Facts in few words for the tests of claims."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from japan.periods import Period, Span
from kpis.claims import Baseline, Direction, Figure, Same, Sort, Subject, Target

AMOUNT = Subject(Sort.AMOUNT, "件", direction=Direction.UP)
LESS = Subject(Sort.AMOUNT, "枚", direction=Direction.DOWN)
LEVEL = Subject(Sort.LEVEL, "人", direction=Direction.UP)
RATE = Subject(Sort.RATE, "%", decimals=1, direction=Direction.UP)


def month(when: str, value: str | int | None, **facts: Any) -> Figure:
    return Figure(Period.from_iso(when), None if value is None else Decimal(value), **facts)


def year(
    when: str,
    value: str | int,
    months: int = 12,
    *,
    of: int = 12,
    first: str | None = None,
    newest: str | None = None,
    then: tuple[str | int, str | int, int] | None = None,
    **facts: Any,
) -> Figure:
    """A fiscal year of which the first `months` months are in, of `of` months of life that begin with `first`."""
    period = Period.from_iso(when)
    begin = Period.from_iso(first) if first else Period(Span.MONTH, period.start)
    last = Period.from_iso(newest) if newest else begin.shift(months - 1)
    same = Same(Decimal(then[0]), Decimal(then[1]), then[2]) if then else None
    counts = {"reported": months, "expected": of, "months": months, "months_expected": of}
    return Figure(
        period,
        Decimal(value),
        first_month=begin.start,
        final_month=begin.shift(of - 1).start,
        newest_month=last.start,
        same=same,
        **(counts | facts),
    )


def target(value: str | int, fiscal_year: int = 2024, month: int | None = None) -> dict[tuple[int, int | None], Target]:
    return {(fiscal_year, month): Target(Decimal(value), fiscal_year, month)}


def baseline(value: str | int, span: str = "fiscal_year") -> Baseline:
    return Baseline(Decimal(value), span, "改革前")


def day(text: str) -> date:
    return date.fromisoformat(text)
