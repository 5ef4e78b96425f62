"""A value held against another: exact quotients, None where a quotient would mean nothing.

Nothing is a multiple or a percentage of a negative value or of 0, and a negative value is no share of anything.
"""

from __future__ import annotations

from decimal import Decimal


def multiple_of(value: Decimal, base: Decimal) -> Decimal | None:
    """値 ÷ 基準値 (倍)."""
    return value / base if base > 0 and value >= 0 else None


def change_rate(value: Decimal, base: Decimal) -> Decimal | None:
    """(値 − 基準値) ÷ 基準値 as a fraction: −0.045 is ▲4.5%."""
    return (value - base) / base if base > 0 else None


def achievement(value: Decimal, target: Decimal, *, lower_is_better: bool) -> Decimal | None:
    """達成率 = 実績 ÷ 目標, or 目標 ÷ 実績 where lower is better; a fraction."""
    over, under = (target, value) if lower_is_better else (value, target)
    if target <= 0 or under <= 0 or over < 0:
        return None
    return over / under


def is_onward(base: Decimal, target: Decimal, *, lower_is_better: bool) -> bool:
    """The target lies on the wished side of the baseline."""
    return target < base if lower_is_better else target > base


def progress(value: Decimal, base: Decimal, target: Decimal, *, lower_is_better: bool) -> Decimal | None:
    """進捗率 = (実績 − 基準) ÷ (目標 − 基準); below 0 or above 1 is possible.

    None for a target that is not on the wished side of the baseline: there is no way from the one to the other.
    """
    if not is_onward(base, target, lower_is_better=lower_is_better):
        return None
    return (value - base) / (target - base)


def is_as_good(value: Decimal, than: Decimal, *, lower_is_better: bool) -> bool:
    """On exact values."""
    return value <= than if lower_is_better else value >= than
