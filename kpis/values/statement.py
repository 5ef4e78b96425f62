"""What is said about a period, where it belongs, and what happens when somebody else was quicker."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal

from japan.periods import Span
from kpis.models.value import DatedValue, Missing, Nature


@dataclass(frozen=True)
class Statement:
    """What somebody says about a period: a value or a reason for its absence, marks, and why it is unusual."""

    value: Decimal | None = None
    missing_reason: str = ""
    nature: str = Nature.OBSERVED
    is_derived: bool = False
    is_rounded: bool = False
    is_provisional: bool = False
    is_synthetic: bool = False
    as_of: date | None = None
    as_of_wording: str = ""
    published: str = ""
    change_reason: str = ""
    is_confirmed: bool = False

    @property
    def is_blank(self) -> bool:
        return self.value is None and not self.missing_reason


def statement_of(row: DatedValue) -> Statement:
    """What an entry or a measurement says."""
    return Statement(**{field.name: getattr(row, field.name) for field in fields(Statement)})


def is_unchanged(said: Statement, counting: DatedValue) -> bool:
    """It says nothing but what counts already; an answer to a check says nothing of the value."""
    held = statement_of(counting)
    return replace(said, change_reason="", is_confirmed=False) == replace(held, change_reason="", is_confirmed=False)


def needs_reason(said: Statement, counting: DatedValue | None) -> bool:
    """It corrects (訂正) what was approved: whoever decides has to read why.

    What was bound to be replaced is none: 集計中, a projection, a 速報値 by the final value.
    """
    if counting is None or is_unchanged(said, counting):
        return False
    is_final = counting.is_provisional and not said.is_provisional
    return not (counting.missing_reason == Missing.PENDING or counting.nature == Nature.PROJECTED or is_final)


@dataclass(frozen=True)
class Slot:
    """The place an entry is for."""

    series_id: int
    period: date
    span: str = Span.MONTH


def with_marks_of(held: DatedValue, said: Statement) -> Statement:
    """Its day, 速報値 and 概数 as they were (or as they are said anew, by a file); what was typed anew is measured: neither
    invented nor derived, and estimated only where that is said.

    A projection is replaced also by the same number. What was printed beside a value goes with it. Every mark can be
    changed in the cell's panel, on purpose. A reason for a missing value has no marks.
    """
    if said.value is None:
        return said
    is_same, is_estimated = held.value == said.value, said.nature == Nature.ESTIMATED
    return replace(
        said,
        nature=held.nature if is_same and held.nature != Nature.PROJECTED and not is_estimated else said.nature,
        published=held.published if is_same else "",
        as_of=held.as_of,
        as_of_wording=held.as_of_wording,
        is_rounded=held.is_rounded or said.is_rounded,
        is_provisional=held.is_provisional or said.is_provisional,
        is_derived=held.is_derived and is_same,
        is_synthetic=held.is_synthetic and is_same,
    )
