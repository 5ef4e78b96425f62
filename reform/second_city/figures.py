"""What the city's figures are: a level with growth, seasons and chance. Pure: a place has one value, on any day."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from japan.fiscal import fiscal_month_index
from japan.periods import Period, Span

#: A month's share of an average month in per cent, April to March.
SEASONS = {
    "even": (100,) * 12,
    "counter": (118, 96, 101, 97, 93, 94, 97, 92, 90, 95, 101, 126),
    "school": (90, 98, 102, 108, 112, 101, 99, 98, 88, 96, 104, 104),
    "office": (108, 95, 103, 98, 90, 103, 101, 101, 100, 93, 103, 105),
}
#: The year in which a figure has its level.
EPOCH = 2023
#: What a data file may say of a shape in numbers.
NUMBERS = ("level", "growth", "noise", "at_most", "spread")
#: Growth slows down and never takes more than this share of the level away, or adds more to it.
BOUND = Decimal("0.8")


@dataclass(frozen=True)
class Shape:
    """`level` of an average month (a flow) or at any time (a stock), `growth` and `noise` in per cent a year and at most."""

    level: Decimal
    growth: Decimal = Decimal(0)
    noise: Decimal = Decimal(0)
    season: str = "even"
    decimals: int = 0
    at_most: Decimal | None = None
    #: How much larger or smaller than the others a part may be, in per cent.
    spread: Decimal = Decimal(33)
    is_flow: bool = True

    @classmethod
    def read(cls, data: Mapping[str, Any], *, is_flow: bool) -> Shape:
        """From a data file, where numbers are plain."""
        numbers = {name: Decimal(str(data[name])) for name in NUMBERS if name in data}
        return cls(**numbers, season=data.get("season", "even"), decimals=data.get("decimals", 0), is_flow=is_flow)

    def value(self, period: Period, *what: str) -> Decimal:
        """The value of a period; `what` names the figure and its part, which has a size of its own."""
        years = Decimal((period.start.year - EPOCH) * 12 + period.start.month - 4) / 12
        factor = (
            self._grown(years)
            * (1 + chance(*what) * self.spread / 100)
            * (1 + chance(*what, period.iso) * self.noise / 100)
        )
        if period.span == Span.MONTH:
            factor *= Decimal(SEASONS[self.season][fiscal_month_index(period.start)]) / 100
        months = period.span.months if self.is_flow else 1
        value = self.level * factor * months
        if self.at_most is not None:
            value = min(value, self.at_most)
        return value.quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP)

    def _grown(self, years: Decimal) -> Decimal:
        change = self.growth / 100 * years
        return 1 + change / (1 + abs(change) / BOUND)


def chance(*what: str) -> Decimal:
    """A number from -1 to 1 that depends on `what` alone: the same on every machine and day."""
    digest = hashlib.sha256("/".join(what).encode()).digest()
    return Decimal(int.from_bytes(digest[:4])) / Decimal(2**31) - 1
