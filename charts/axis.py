"""The value axis: round numbers from 0, or from below the smallest value where 0 would flatten a level."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


@dataclass(frozen=True)
class Axis:
    """Its ticks, smallest first."""

    ticks: tuple[Decimal, ...]

    @property
    def low(self) -> Decimal:
        return self.ticks[0]

    @property
    def high(self) -> Decimal:
        return self.ticks[-1]

    def share(self, value: Decimal) -> float:
        """Where a value lies, 0 at the bottom and 1 at the top."""
        return float((value - self.low) / (self.high - self.low))


def axis_for(values: list[Decimal], *, count: int = 4) -> Axis:
    """An axis from 0 that holds all values, with about `count` steps of 1, 2, 2.5 or 5 times a power of ten."""
    high = max([*values, Decimal(0)])
    low = min([*values, Decimal(0)])
    if high == low:
        high = low + 1
    rough = (high - low) / count
    power = Decimal(1).scaleb(rough.adjusted())
    step = next(s * power for s in STEPS if s * power >= rough)
    first = (low / step).to_integral_value(ROUND_FLOOR)
    last = (high / step).to_integral_value(ROUND_CEILING)
    return Axis(tuple(step * n for n in range(int(first), int(last) + 1)))
