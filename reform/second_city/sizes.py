"""How much there is of everything. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """Counts that the city is made of; what fixtures/second_city names is there in any size."""

    #: 地区センター, each with figures of its own.
    branches: int
    #: Plain figures, reported by one department each.
    plain_kpis: int
    #: Plain initiatives, one department each.
    plain_initiatives: int
    #: Whole fiscal years of values before the running one.
    years: int
    #: How many of the last months people reported in the product; those before were taken over. At least 5: the oldest
    #: two are closed with their final values, and the older one of those is corrected after that.
    reported_months: int


SIZES = {"s": Size(branches=7, plain_kpis=6, plain_initiatives=18, years=3, reported_months=5)}
