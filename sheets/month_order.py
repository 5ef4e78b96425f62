"""In which order the months of a table run, and which sort of year twelve of them without a year are."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sheets.named_years import KnownYear

#: A list goes on by a month, two or a quarter; a wider step says nothing of its order.
_STEP = 3


@dataclass(frozen=True)
class Told:
    """The month of a cell, 1 to 12, and whether its year is written in it."""

    month: int
    has_year: bool


class MonthOrder:
    """The order of a table's months. `step` is 1 for the oldest first, -1 for the newest first, 0 where it goes both ways."""

    def __init__(self, months: Sequence[Told]) -> None:
        self.bare = [each.month for each in months if not each.has_year]
        steps = {
            step
            for before, each in itertools.pairwise(months)
            if not each.has_year and (step := _step(before.month, each.month))
        }
        self.step = 0 if len(steps) > 1 else next(iter(steps), 0 if _goes_back(months) else 1)

    @property
    def is_fiscal(self) -> bool | None:
        """True for 4…3, False for 1…12; None where the months fit both sorts of year, or none."""
        goes_back = any(b < a for a, b in itertools.pairwise(self.bare))
        run = self.bare[::-1] if self.step < 0 and goes_back else self.bare
        wraps = any(b < a for a, b in itertools.pairwise(run))
        if wraps:
            return True if run[0] == 4 else None
        return False if run[:1] == [1] and run[-1] >= 4 else None

    @property
    def needs_kind(self) -> bool:
        """The months of a fiscal year are others than those of the calendar year: there is one before April."""
        return any(month < 4 for month in self.bare)

    def with_kind(self, known: KnownYear) -> KnownYear:
        """The year with its sort as the months tell it, where the text leaves it open (2025).

        `is_fiscal` is None where it has to be asked: also for 令和6年 over 4…3, which many write for 令和6年度. A year that
        somebody chose without a sort, over months from January on, may be either.
        """
        if known.is_kind_chosen or known.is_fiscal or (known.is_chosen and known.is_fiscal is False):
            return known
        told = self.is_fiscal
        if known.is_fiscal is False:
            return replace(known, is_fiscal=None) if told else known
        if told is not None and not (known.is_chosen and told is False):
            return replace(known, is_fiscal=told)
        if not self.needs_kind or (known.is_chosen and told is None):
            return replace(known, is_fiscal=known.is_chosen)
        return known


def _step(before: int, month: int) -> int:
    ahead = (month - before) % 12
    return 1 if 1 <= ahead <= _STEP else -1 if ahead >= 12 - _STEP else 0


def _goes_back(months: Sequence[Told]) -> bool:
    return any(not each.has_year and each.month < before.month for before, each in itertools.pairwise(months))
