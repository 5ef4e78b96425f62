"""Years made of months or quarters: what is in, what they are compared with and what they come to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import cache

from tests.model.cells import Cell, stopped_between, stopped_since_baseline
from tests.model.judging import achievement, progress, times
from tests.model.periods import Period, fiscal_year, months_on
from tests.model.stored import Kpi
from tests.model.values import Values, units_of


class State(Enum):
    """How much of a year is in."""

    WHOLE, TO_DATE, GAPS, SHORT, EMPTY = "whole", "to date", "gaps", "short life", "empty"


@dataclass(frozen=True)
class Year:
    """A fiscal year: its state, its sum so far, and what may be said beside it."""

    state: State
    value: Fraction | None
    count: int = 0
    lived: tuple[date, ...] = ()
    withheld: int = 0
    marks: frozenset[str] = frozenset()
    #: Over the same months as the year before, and those of the year before; so many months.
    now: Fraction | None = None
    then: Fraction | None = None
    compared: int = 0
    compared_marks: frozenset[str] = frozenset()
    ratio: Fraction | None = None
    target: Fraction | None = None
    progress: Fraction | None = None
    achievement: Fraction | None = None
    #: It is lower because a part is not counted any more.
    is_a_saving: bool = False
    #: Months of a rate that are not in it and never come, because one of its sides is withheld.
    months_left_out: int = 0


class Years(Values):
    """What years come to on a day. A month is due by the tenth working day of the next one; the days that worlds are
    looked at on are never near it, so that the middle of the month decides."""

    def __init__(self, today: date) -> None:
        super().__init__(today)
        newest = date(today.year, today.month, 1)
        #: The first month that is not due yet.
        self.not_due = newest if today.day > 18 else months_on(newest, -1)
        self.year = cache(self._year)

    def _year(self, kpi: Kpi, number: int) -> Year:
        """A year of an amount or of a rate, made of its months or quarters."""
        year, target = fiscal_year(number), kpi.targets.get(number)
        months = self.lived(kpi, year)
        units = [unit for unit in units_of(kpi, year) if any(each in months for each in unit.months)]
        there = [unit for unit in units if self.counts(kpi, unit)]
        cells = [self.cell(kpi, unit) for unit in there]
        count = sum(each in unit.months for unit in there for each in months)
        state = self._state(kpi, months, units, there)
        printed = self.printed_year(kpi, number)
        if printed is not None:
            return self._of_print(kpi, number, printed)
        if state is State.EMPTY:
            return Year(state, None, lived=tuple(months), target=target)
        same = [unit for unit in there if self.may_pair(kpi, unit, unit.before())] if state is not State.GAPS else []
        value, withheld = self.over(kpi, there), sum(cell.withheld for cell in cells)
        is_whole = state is State.WHOLE and not withheld and value is not None
        is_judged = is_whole and not self.is_a_saving(kpi, there)
        is_measured = is_whole and has_baseline(kpi) and not stopped_since_baseline(kpi, there[-1])
        now, then = self.over(kpi, same), self.over(kpi, [unit.before() for unit in same])
        compared, marks = sum(len(unit.months) for unit in same), self._marks(kpi, there)
        compared_marks = self._marks(kpi, [*same, *(unit.before() for unit in same)])
        before = self.printed_year(kpi, number - 1)
        if is_whole and before is not None and not any(self._stopped(kpi, unit) for unit in there):
            now, then, compared, compared_marks = value, before.value, 12, marks | before.marks
        return Year(
            state, value, count, tuple(months), withheld,
            marks, now, then, compared, compared_marks,
            ratio=times(value, kpi.baseline) if is_measured else None,
            target=target,
            progress=progress(kpi, value, target) if is_judged and is_measured else None,
            achievement=achievement(kpi, value, target) if is_judged else None,
            is_a_saving=self.is_a_saving(kpi, there),
            months_left_out=sum(self.cell(kpi, unit).reason == "withheld" for unit in units if unit not in there),
        )  # fmt: skip

    def printed_year(self, kpi: Kpi, number: int) -> Cell | None:
        """The total of a year of months that a source printed."""
        if not kpi.total or kpi.frequency == "fiscal_year":
            return None
        cell = self.cell(kpi, fiscal_year(number))
        return cell if cell.is_published and cell.is_in else None

    def _of_print(self, kpi: Kpi, number: int, cell: Cell) -> Year:
        """What a source printed of the whole year is the year (rule 10)."""
        value, target = cell.value, kpi.targets.get(number)
        return Year(
            State.WHOLE, value, 12, tuple(fiscal_year(number).months), 0, cell.marks,
            ratio=times(value, kpi.baseline) if has_baseline(kpi) else None,
            target=target, achievement=achievement(kpi, value, target),
            progress=progress(kpi, value, target) if has_baseline(kpi) else None,
        )  # fmt: skip

    def is_a_saving(self, kpi: Kpi, units: list[Period]) -> bool:
        """Lower is better, and a part that counted in the same months of the year before, or, where nothing is known of
        these, earlier in the year, is not counted any more (rule 2)."""
        if kpi.direction != "down" or kpi.numerator or not units:
            return False
        known = [unit for unit in units if self.cell(kpi, unit.before()).value is not None]
        if any(not self.cell(kpi, unit).is_published and self._stopped(kpi, unit) for unit in known):
            return True
        return not known and any(stopped_between(kpi, unit, units[-1]) for unit in units[:-1])

    def _stopped(self, kpi: Kpi, unit: Period) -> bool:
        return not kpi.numerator and stopped_between(kpi, unit.before(), unit)

    def _marks(self, kpi: Kpi, units: list[Period]) -> frozenset[str]:
        """The marks of everything that goes into a sum (rule 9)."""
        sides = self.sides(kpi) if kpi.numerator else (kpi,)
        return frozenset().union(*(self.cell(side, unit).marks for side in sides for unit in units))

    def is_due(self, period: Period) -> bool:
        return months_on(period.after, -1) < self.not_due

    def _state(self, kpi: Kpi, months: list[date], units: list[Period], there: list[Period]) -> State:
        if not there:
            return State.EMPTY
        if not all(unit in there for unit in units if self.is_due(unit)):
            return State.GAPS
        if len(there) < len(units):
            return State.TO_DATE
        return State.WHOLE if len(months) == 12 else State.SHORT


def has_baseline(kpi: Kpi) -> bool:
    """A baseline that a whole year may be held against: one of a year (rule 1)."""
    return kpi.baseline is not None and kpi.baseline_span == "fiscal_year"
