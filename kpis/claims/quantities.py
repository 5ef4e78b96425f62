"""A value with its unit, as the KPI writes it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from japan.digits import plain_number, round_half_up
from japan.numbers import write_number, write_quantity
from japan.units import is_percentage, unit_of
from kpis.claims.facts import Figure, Sort, Subject
from kpis.claims.marks import Mark, Marks
from kpis.claims.numbers import round_honestly
from kpis.claims.published import Comparison, Printed, without_unreadable


def quantity(subject: Subject, value: Decimal, target: Decimal | None = None) -> str:
    """As the KPI writes it: 23.5万時間, 41.2億円. Rounding never lifts it to the target, nor a percentage to 100."""
    once = _scaled(subject, value)
    if subject.scale != "one" and (target is None or value == target or once != _scaled(subject, target)):
        return once  # rounded once: to the KPI's decimals and then in myriads would be twice
    text = _scaled(subject, _short_of_target(subject, _rounded(subject, value, target), target))
    is_lifted = target is not None and value != target and subject.scale != "one" and text == _scaled(subject, target)
    return exact(subject, value, target) if is_lifted else text


def printed_value(subject: Subject, figure: Figure) -> Printed | None:
    """A percentage as its source printed it (54%), with as many digits as were printed."""
    if subject.sort is Sort.AMOUNT or not is_percentage(subject.unit) or figure.value is None:
        return None
    return without_unreadable(figure.published).get(Comparison.SHARE)


def in_chart(subject: Subject, figure: Figure | None) -> tuple[str, str]:
    """How a chart writes a figure that it draws exactly, in full and with the scale: as printed by its source, or short of
    a threshold; "" where it is written as the chart writes by itself."""
    if figure is None or figure.value is None:
        return "", ""
    unit, factor = chart_unit(subject)
    own = figure.value * factor
    plain = write_quantity(own, unit, subject.decimals if factor == 1 else 0)
    scaled = write_quantity(own, unit, subject.decimals if factor == 1 else 0, subject.scale)
    full, short = written_exactly(subject, figure), written(subject, figure)
    return ("" if factor != 1 or full == plain else full), ("" if short == scaled else short)


def written(subject: Subject, figure: Figure, target: Decimal | None = None) -> str:
    """A figure's value wherever it is written: as printed by its source; else as the KPI writes it, and what falls short
    of its target (its own, or the one it is held against) never as the target."""
    assert figure.value is not None
    printed = printed_value(subject, figure)
    return printed.text if printed else quantity(subject, figure.value, figure.target if target is None else target)


def written_exactly(subject: Subject, figure: Figure) -> str:
    """The same without a scale, as tables write it."""
    assert figure.value is not None
    printed = printed_value(subject, figure)
    return printed.text if printed else exact(subject, figure.value, figure.target)


def difference_note(subject: Subject, figure: Figure) -> str:
    """計算では54.3%, where the exact parts of a printed value make another number at the precision it was printed with."""
    if figure.value is None or figure.computed is None:
        return ""
    printed = printed_value(subject, figure)
    places = printed.decimals if printed else subject.decimals
    if round_half_up(figure.computed, places) == round_half_up(figure.value, places):
        return ""
    return f"計算では{write_number(figure.computed, max(places, subject.decimals))}{subject.unit}"


def for_machines(subject: Subject, figure: Figure) -> str:
    """A figure's value in a file: digits alone, exact, or as many as were printed."""
    if figure.value is None:
        return ""
    printed = printed_value(subject, figure)
    return f"{round_half_up(printed.number, max(printed.decimals, 0)):f}" if printed else plain_number(figure.value)


def marks_in_print(subject: Subject, figure: Figure) -> Marks:
    """The marks that stand beside the value: what its source printed is neither worked back nor rounded here."""
    hidden = {Mark.DERIVED, Mark.ESTIMATED, Mark.ROUNDED} if printed_value(subject, figure) else set()
    return figure.marks - hidden


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
