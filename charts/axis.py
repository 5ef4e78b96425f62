"""The value axis: round numbers from 0, or from below the smallest value where there are negative ones."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from japan.numbers import write_number, write_quantity

#: The highest value reaches this far at most where something is written above it.
AIR = Decimal("0.95")
STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


@dataclass(frozen=True)
class Axis:
    """Its ticks, smallest first, and the highest value it was made for."""

    ticks: tuple[Decimal, ...]
    highest: Decimal

    @property
    def low(self) -> Decimal:
        return self.ticks[0]

    @property
    def high(self) -> Decimal:
        return self.ticks[-1]

    def with_air(self) -> Axis:
        """One step more where it ends at a value: what is written above the highest value needs room."""
        if self.highest <= self.low + (self.high - self.low) * AIR:
            return self
        return Axis((*self.ticks, self.high + self.ticks[1] - self.ticks[0]), self.highest)

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
    return Axis(tuple(step * n for n in range(int(first), int(last) + 1)), max(values, default=Decimal(0)))


def tick_text(value: Decimal, scale: str = "one") -> str:
    """A tick with all its decimals, in myriads where the KPI is written so: 0.25, 1.25万."""
    if scale == "one" or abs(value) < 10**4:
        return write_number(value, _decimals(value))
    return write_quantity(value, "", 0, scale, _decimals(value.scaleb(-4)))


def _decimals(value: Decimal) -> int:
    return max(0, -int(value.normalize().as_tuple().exponent))
