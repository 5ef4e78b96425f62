"""Writes numbers as a Japanese report prints them. ▲ before a number is a minus sign, never an arrow.

Values come in exact and are rounded once, half up.
"""

from __future__ import annotations

from decimal import Decimal

from japan.digits import round_half_up
from japan.units import is_percentage, unit_of

_POWERS = {"one": 0, "man": 4, "oku": 8}


def write_number(value: Decimal, decimals: int = 0) -> str:
    """▲1,234.5: thousands separated, `decimals` places, ▲ for minus; what rounds to zero has no sign."""
    rounded = round_half_up(value, decimals)
    text = f"{rounded.copy_abs():,f}"
    return f"▲{text}" if rounded < 0 else text


def write_quantity(
    value: Decimal, unit: str = "", decimals: int = 0, scale: str = "one", scale_decimals: int = 1
) -> str:
    """A value with its unit, in myriads where the KPI says so: ▲23.5万時間, 300万枚, 1億2,000万円, 41.2億円 (of 千円).

    `scale` is "one", "man" (万) or "oku" (億, written with its 万 part). A value below one of its scale is written in
    full: 9,876枚. Zeros at the end of the scaled decimals are dropped.
    """
    power = _POWERS[scale]
    of = unit_of(unit)
    if power and of.base and of.factor > 1:
        return _in_base_unit(value * of.factor, of.base, power, scale_decimals)
    size = value.copy_abs()
    if power == 0 or round_half_up(size, decimals) < 10**4:
        return write_number(value, decimals) + unit
    sign = "▲" if value < 0 else ""
    scaled = round_half_up(size.scaleb(-4), scale_decimals)
    if power == 8 and scaled >= 10**4:  # also what only rounds up to 1億
        return f"{sign}{_oku(size)}{unit}"
    text = f"{scaled:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{sign}{text}万{unit}"


def _in_base_unit(value: Decimal, base: str, power: int, scale_decimals: int) -> str:
    """An amount in thousands or millions with a scale: 4,120,000千円 is 41.2億円, never 412万千円."""
    size = value.copy_abs()
    if power == 8 and round_half_up(size.scaleb(-8), scale_decimals) >= 1:
        scaled, word = round_half_up(size.scaleb(-8), scale_decimals), "億"
    elif round_half_up(size.scaleb(-4), scale_decimals) >= 1:
        scaled, word = round_half_up(size.scaleb(-4), scale_decimals), "万"
    else:
        return write_number(value) + base
    text = f"{scaled:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{'▲' if value < 0 else ''}{text}{word}{base}"


def _oku(value: Decimal) -> str:
    oku, man = divmod(int(round_half_up(value.scaleb(-4), 0)), 10**4)
    return f"{oku:,}億{man:,}万" if man else f"{oku:,}億"


def write_change(value: Decimal, unit: str = "", decimals: int = 0, scale: str = "one", scale_decimals: int = 1) -> str:
    """A difference in words: 1,234人増, 1,234人減, 増減なし. That of a percentage is in points: ▲1.5ポイント."""
    if is_percentage(unit):
        return write_points(value, decimals)
    if round_half_up(value, decimals) == 0:
        return "増減なし"
    return write_quantity(value.copy_abs(), unit, decimals, scale, scale_decimals) + ("増" if value > 0 else "減")


def write_points(value: Decimal, decimals: int = 1) -> str:
    """The change of a percentage, in points and never in percent: ▲1.5ポイント, ＋1.5ポイント, 増減なし."""
    if round_half_up(value, decimals) == 0:
        return "増減なし"
    sign = "＋" if value > 0 else ""
    return f"{sign}{write_number(value, decimals)}ポイント"


def write_ratio(value: Decimal, decimals: int = 1) -> str:
    """A level against a base: 1.6倍."""
    return f"{write_number(value, decimals)}倍"
