"""What is reached of a target, and how far the way to it is."""

from __future__ import annotations

from fractions import Fraction

from tests.model.stored import Kpi

#: Neither 順調 nor 遅れ can be said: it is not known where the way began.
UNKNOWN = ""


def progress(kpi: Kpi, value: Fraction | None, target: Fraction | None) -> Fraction | None:
    """進捗率 = (value - baseline) ÷ (target - baseline); nothing where no direction is wanted (rule 13), or where the
    target lies on the side of the baseline that is not wished for."""
    if value is None or target is None or kpi.baseline is None:
        return None
    way = target - kpi.baseline
    if way == 0 or kpi.direction == "none" or (way > 0) != (kpi.direction == "up"):
        return None
    return (value - kpi.baseline) / way


def achievement(kpi: Kpi, value: Fraction | None, target: Fraction | None) -> Fraction | None:
    """達成率 = value ÷ target, or target ÷ value where lower is better; nothing of zero or below (rule 12)."""
    if value is None or target is None or kpi.direction == "none" or value < 0 or target <= 0:
        return None
    if kpi.direction == "up":
        return value / target
    return target / value if value else None


def word(kpi: Kpi, value: Fraction, target: Fraction) -> str:
    """Decided on exact values (rule 11)."""
    return "達成" if value == target or (value > target) == (kpi.direction == "up") else "未達"


def pace(kpi: Kpi, value: Fraction, expected: Fraction) -> str:
    return "順調" if value == expected or (value > expected) == (kpi.direction == "up") else "遅れ"


def honest(said: str, is_a_saving: bool) -> str:
    """What is not counted any more reaches nothing (rule 2)."""
    return "" if is_a_saving and said in ("達成", "順調") else said


def times(value: Fraction | None, baseline: Fraction | None) -> Fraction | None:
    """So many times the baseline; nothing is a rate of zero or below (rule 12)."""
    return value / baseline if value is not None and baseline is not None and baseline > 0 else None
