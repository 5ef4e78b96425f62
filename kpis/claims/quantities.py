"""A value with its unit, as the KPI writes it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from japan.digits import round_half_up
from japan.numbers import write_number, write_quantity
from japan.units import is_percentage, unit_of
from kpis.claims.facts import Subject
from kpis.claims.numbers import round_honestly


def quantity(subject: Subject, value: Decimal, target: Decimal | None = None) -> str:
    """As the KPI writes it: 23.5万時間, 41.2億円. Rounding never lifts it to the target, nor a percentage to 100."""
    rounded = _rounded(subject, value, target)
    return write_quantity(rounded, subject.unit, subject.decimals, subject.scale)


def plotted(subject: Subject, value: Decimal, target: Decimal | None = None) -> Decimal:
    """As a chart draws it: exact, unless the chart would write it as a threshold that it does not reach."""
    thresholds = list(_thresholds(subject, value, target))
    honest = round_honestly(value, subject.decimals, thresholds)
    return value if honest == round_half_up(value, subject.decimals) else honest


def chart_unit(subject: Subject) -> tuple[str, Decimal]:
    """The unit a chart counts in and how many of it one of the KPI's unit is: with a scale, 千円 is drawn in 円."""
    unit = unit_of(subject.unit)
    if subject.scale != "one" and unit.base and unit.factor > 1:
        return unit.base, unit.factor
    return subject.unit, Decimal(1)


def exact(subject: Subject, value: Decimal, target: Decimal | None = None) -> str:
    """Without a scale: 235,000時間."""
    return write_number(_rounded(subject, value, target), subject.decimals) + subject.unit


def _rounded(subject: Subject, value: Decimal, target: Decimal | None) -> Decimal:
    return round_honestly(value, subject.decimals, _thresholds(subject, value, target))


def _thresholds(subject: Subject, value: Decimal, target: Decimal | None) -> Iterable[Decimal]:
    if target is not None:
        yield target
    if is_percentage(subject.unit) and value < 100:
        yield Decimal(100)
