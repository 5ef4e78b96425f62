"""A value with its unit, as the KPI writes it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from japan.digits import round_half_up
from japan.numbers import write_number, write_quantity
from japan.units import is_percentage, unit_of
from kpis.claims.facts import Figure, Subject
from kpis.claims.numbers import round_honestly


def quantity(subject: Subject, value: Decimal, target: Decimal | None = None) -> str:
    """As the KPI writes it: 23.5万時間, 41.2億円. Rounding never lifts it to the target, nor a percentage to 100."""
    text = _scaled(subject, _short_of_target(subject, _rounded(subject, value, target), target))
    is_lifted = target is not None and value != target and subject.scale != "one" and text == _scaled(subject, target)
    return exact(subject, value, target) if is_lifted else text


def written(subject: Subject, figure: Figure) -> str:
    """A figure's value wherever it is written: what falls short of its own target is never written as the target."""
    assert figure.value is not None
    return quantity(subject, figure.value, figure.target)


def plotted(subject: Subject, value: Decimal, target: Decimal | None = None) -> Decimal:
    """As a chart draws it: exact, unless the chart would write it as a threshold that it does not reach."""
    rounded = _rounded(subject, value, target)
    honest = _short_of_target(subject, rounded, target)
    return value if honest == round_half_up(value, subject.decimals) else honest


def _scaled(subject: Subject, value: Decimal) -> str:
    return write_quantity(value, subject.unit, subject.decimals, subject.scale)


def _short_of_target(subject: Subject, value: Decimal, target: Decimal | None) -> Decimal:
    """In myriads 99,960 would be written as a target of 10万: as 9.9万, on its own side of the target."""
    if target is None or value == target or subject.scale == "one":
        return value
    step = Decimal(1) / unit_of(subject.unit).factor
    short, aim = value, _scaled(subject, target)
    while _scaled(subject, short) == aim and step < abs(value):
        step *= 10
        rounding = ROUND_FLOOR if value < target else ROUND_CEILING
        short = (value / step).to_integral_value(rounding) * step
    return short


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
