"""Numbers that claim no more than they may: rounding never lifts a value to a threshold or a ratio to 1."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from japan.digits import round_half_up
from japan.numbers import write_number

#: More digits than these are never written; what is nearer is 1 for a reader.
MOST_DECIMALS = 6


def round_honestly(value: Decimal, decimals: int, thresholds: Iterable[Decimal] = ()) -> Decimal:
    """Half up, but never on to a threshold or over it: 99.96 with 1 decimal before 100 is 99.9."""
    rounded = round_half_up(value, decimals)
    for threshold in thresholds:
        if value < threshold <= rounded:
            rounded = min(rounded, _short_of(decimals, ROUND_FLOOR, value))
        elif value > threshold >= rounded:
            rounded = max(rounded, _short_of(decimals, ROUND_CEILING, value))
    return rounded


def _short_of(decimals: int, rounding: str, value: Decimal) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=rounding)


def rate_text(fraction: Decimal, decimals: int = 1) -> str:
    """A fraction as a percentage, never lifted to 100 %: 0.9996 is 99.9%."""
    return f"{write_number(round_honestly(fraction * 100, decimals, [Decimal(100)]), decimals)}%"


def ratio_text(ratio: Decimal, decimals: int = 1) -> str:
    """A level against a base with enough digits to differ from 1 and 0: 1.6倍, 0.95倍, and 1.0倍 only for 1 itself."""
    places = places_beside(ratio, decimals, [Decimal(0), Decimal(1)])
    return f"{write_number(round_honestly(ratio, places, [Decimal(0), Decimal(1)]), places)}倍"


def index_text(index: Decimal) -> str:
    """A level against a base of 100: 77; 99 for 99.6, and 0.03, not 0, for what is left of it."""
    places = places_beside(index, 0, [Decimal(0)])
    return write_number(round_honestly(index, places, [Decimal(0), Decimal(100)]), places)


def places_beside(value: Decimal, decimals: int, thresholds: Iterable[Decimal]) -> int:
    """How many decimals keep a value apart from the thresholds it is not equal to."""
    places, apart = decimals, [each for each in thresholds if each != value]
    while round_half_up(value, places) in apart and places < MOST_DECIMALS:
        places += 1
    return places


def signed_rate_text(fraction: Decimal, decimals: int = 1) -> str:
    """A rate of change: ＋56.3%, ▲4.5%, 増減なし; one that rounds to nothing has more digits (＋0.04%).

    What is not gone altogether is never ▲100.0%.
    """
    if fraction == 0:
        return "増減なし"
    return f"{'＋' if fraction > 0 else ''}{_percent_of_change(fraction, decimals)}"


def worded_rate_text(fraction: Decimal, decimals: int = 1) -> str:
    """The same in words: 56.3%増, 99.9%減 for 10,000 that became 3; "" for no change."""
    if fraction == 0:
        return ""
    return _percent_of_change(fraction, decimals).removeprefix("▲") + ("増" if fraction > 0 else "減")


def _percent_of_change(fraction: Decimal, decimals: int) -> str:
    percent = fraction * 100
    places = places_beside(percent, decimals, [Decimal(0)])
    return f"{write_number(round_honestly(percent, places, [Decimal(-100)]), places)}%"
