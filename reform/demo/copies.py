"""Copies per 部: its size, its own seasons, and the month's total kept to the sheet."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from reform.demo.shapes import ELECTIONS, MARCH_2025, noise
from reform.demo.tables import COPIES_2025_03

BUDGET = (10, 11, 12, 1, 2)
TAX = (4, 5, 6, 2, 3)
COUNCIL = (6, 9, 12, 2, 3)


def by_division(month: date, total: int) -> dict[str, int]:
    """A month's sheets per 部 (by code, in official order); they add up to `total` exactly.

    Shares are those of March 2025 with each 部's seasons; what rounding leaves goes to the largest remainders.
    """
    weights = {code: _weight(code, month, sheets) for code, sheets in COPIES_2025_03.items()}
    whole = sum(weights.values())
    exact = {code: weight / whole * total for code, weight in weights.items()}
    sheets = {code: int(value) for code, value in exact.items()}
    left = total - sum(sheets.values())
    for code in sorted(exact, key=lambda code: (sheets[code] - exact[code], code))[:left]:
        sheets[code] += 1
    return sheets


def _weight(code: str, month: date, march: int) -> Fraction:
    weight = march * _season(code, month) / _season(code, MARCH_2025)
    return weight if month == MARCH_2025 else weight * (1 + Fraction(noise("copies", code, month)) / 40)


def _season(code: str, month: date) -> Fraction:
    """How much more than in a plain month: a part of the 部 (財政課, 税, 選管) has the season, the rest has not."""
    match code:
        case "0400":  # 財政部: 3/10 budget, 7/10 tax
            return Fraction(3, 10) * _times(1.6, month, BUDGET) + Fraction(7, 10) * _times(1.5, month, TAX)
        case "1200":  # 土木部: disasters and works
            return _times(1.3, month, (6, 7, 8, 9))
        case "1500":  # 議会事務局
            return _times(1.8, month, COUNCIL)
        case "1600":  # 教育委員会事務局
            return _times(1.4, month, (3, 4))
        case "1700":  # 各行政委員会事務局: 1/4 election commission
            return Fraction(3, 4) + Fraction(8 if month in ELECTIONS else 1, 4)
        case _:
            return Fraction(1)


def _times(factor: float, month: date, months: tuple[int, ...]) -> Fraction:
    return Fraction(str(factor)) if month.month in months else Fraction(1)
