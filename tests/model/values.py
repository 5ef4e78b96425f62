"""Values of KPIs, of single periods and over months: exact, with what is in and what may be compared."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cache

from tests.model.cells import FACTORS, Cell, of_amounts, stopped_between
from tests.model.periods import Period, month
from tests.model.stored import Kpi, read


class Values:
    """The stored rows as cells. `until` leaves out what is of a later day (rule 8)."""

    def __init__(self, today: date) -> None:
        self.kpis, self.today = read(), today
        self.cell = cache(self._cell)

    def _cell(self, kpi: Kpi, period: Period) -> Cell:
        return self._quotient(kpi, period) if kpi.numerator else of_amounts(kpi, period)

    def sides(self, kpi: Kpi) -> tuple[Kpi, Kpi]:
        return self.kpis[kpi.numerator], self.kpis[kpi.denominator]

    def _quotient(self, kpi: Kpi, period: Period) -> Cell:
        above, below = (self.cell(side, period) for side in self.sides(kpi))
        if above.published.endswith("%") and kpi.unit == "%" and above.is_comparable:
            # A source printed the share of this value (rule 10): it is the figure, whatever is known of the other side.
            # Judged are the exact parts, where they are exact (rule 11 wins over rule 10).
            is_exact = below.is_comparable and not (above.marks | below.marks) & {"算出値", "概数", "推計"}
            exact = self.quotient(kpi, above.value, below.value) if is_exact else None
            share = Fraction(above.published.rstrip("%"))
            return Cell(share if exact is None else exact, 1, 1, marks=above.marks, printed=above.published)
        answered, withheld, marks = (
            above.is_in + below.is_in,
            above.withheld + below.withheld,
            above.marks | below.marks,
        )
        if above.is_comparable and below.is_comparable:
            value = self.quotient(kpi, above.value, below.value)
            # Nothing is a quotient of 0.
            reason = "" if value is not None else "undefined"
            return Cell(value, 2, answered, marks=marks if value is not None else frozenset(), reason=reason)
        reason = ""
        if answered == 2:
            reason = "withheld" if withheld else "not_applicable"
        return Cell(None, 2, answered, withheld, reason=reason)

    def quotient(self, kpi: Kpi, above: Fraction | None, below: Fraction | None) -> Fraction | None:
        if above is None or not below:
            return None
        worth = [FACTORS.get(side.unit, Fraction(1)) for side in self.sides(kpi)]
        per = FACTORS.get(kpi.unit.split("/")[0], Fraction(1))
        return above * worth[0] / (below * worth[1]) / per

    def counts(self, kpi: Kpi, period: Period) -> bool:
        """Whether a month or quarter counts in its year: answered, a ratio on both sides with nothing left out."""
        if not kpi.numerator:
            return self.cell(kpi, period).is_in
        return all(self.cell(side, period).is_all for side in self.sides(kpi))

    def over(self, kpi: Kpi, periods: list[Period]) -> Fraction | None:
        """An amount's sum; a rate's Σ ÷ Σ, or Σ ÷ the level of the same months (rule 3). 該当なし is an answer: it adds
        nothing to a sum, and a mean is of the levels that there are."""
        if not kpi.numerator:
            known = [value for period in periods if (value := self.cell(kpi, period).value) is not None]
            return sum(known, Fraction(0)) if known else None
        top, bottom = self.sides(kpi)
        if bottom.kind == "flow":
            return self.quotient(kpi, self.over(top, periods), self.over(bottom, periods))
        levels = [value for period in periods if (value := self.cell(bottom, period).value) is not None]
        if not levels:
            return None
        level = levels[-1] if kpi.level_rule == "year_end" else sum(levels, Fraction(0)) / len(levels)
        return self.quotient(kpi, self.over(top, periods), level)

    def lived(self, kpi: Kpi, period: Period) -> list[date]:
        """The months of a period in which something of it is counted (rule 2)."""
        if kpi.numerator:
            above, below = (self.lived(side, period) for side in self.sides(kpi))
            return [each for each in above if each in below]
        if kpi.frequency == "month":
            return [each for each in period.months if self.cell(kpi, month(each)).expected]
        return [
            each
            for unit in units_of(kpi, period)
            if self.cell(kpi, unit).expected
            for each in unit.months
            if any(part.lives_in(month(each)) for part in kpi.parts)
        ]

    def may_compare(self, kpi: Kpi, now: Period, then: Period) -> bool:
        """Nothing is left out on either side, and nothing stopped being counted between them (rules 2 and 4)."""
        if self.cell(kpi, now).printed or self.cell(kpi, then).printed:
            return self.cell(kpi, now).is_comparable and self.cell(kpi, then).is_comparable
        return self.may_pair(kpi, now, then)

    def may_pair(self, kpi: Kpi, now: Period, then: Period) -> bool:
        """The two are among the same months of two years: what is summed up there is never a printed share."""
        if kpi.numerator:
            counted = self.counts(kpi, now) and self.counts(kpi, then)
            return counted and all(self.may_pair(side, now, then) for side in self.sides(kpi))
        if not (self.cell(kpi, now).is_all and self.cell(kpi, then).is_all):
            return False
        if self.ends_within(kpi, now) or self.ends_within(kpi, then):
            return False
        if self.cell(kpi, now).is_published and self.cell(kpi, then).is_published:
            return True
        return not stopped_between(kpi, then, now)

    def latest(self, kpi: Kpi, until: date | None = None) -> tuple[Period, Cell] | None:
        """The newest value that is whole and no projection, of a day not after `until` (rules 7 and 8)."""
        found = [
            (period, cell)
            for period in self.periods(kpi)
            if (until is None or self.dated(kpi, period) <= until) and (cell := self.cell(kpi, period)).is_in
            if cell.value is not None or cell.reason != "undefined"
        ]
        return max(found, key=lambda each: each[0].end) if found else None

    def printable(self, kpi: Kpi, until: date) -> tuple[Period, Cell] | None:
        """The newest that a report can print: one with a value, and one that was invented only where nothing else is."""
        found = [
            (period, cell)
            for period in self.periods(kpi)
            if self.dated(kpi, period) <= until and (cell := self.cell(kpi, period)).is_in and cell.value is not None
        ]
        return max(found, key=lambda each: ("架空値" not in each[1].marks, each[0].end)) if found else None

    def dated(self, kpi: Kpi, period: Period) -> date:
        """The day a value is of: its period's last, or the first of the next month by the KPI's rule; of what ended
        within a longer period, the day it ended."""
        ends = [part.last for part in kpi.breakdown]
        last = max((each for each in ends if each is not None), default=None) if all(ends) else None
        if period.span != "month" and last is not None and period.start <= last < period.end:
            return last
        return period.after if kpi.as_of_rule == "next_month_first" else period.end

    def ends_within(self, kpi: Kpi, period: Period) -> bool:
        """A level that ended before its period did stands in no month that another year's stands in (rules 2 and 8)."""
        lives_on = any(part.lives_in(month(period.months[-1])) for part in kpi.parts)
        return kpi.kind == "stock" and not lives_on and any(part.lives_in(period) for part in kpi.parts)

    def periods(self, kpi: Kpi) -> set[Period]:
        if kpi.numerator:
            above, below = self.sides(kpi)
            return self.periods(above) | self.periods(below)
        return {period for part in kpi.parts for period in part.facts} if kpi.has_a_figure else set()

    def level(self, kpi: Kpi, year: Period) -> tuple[Period, Cell] | None:
        """The last level of a year that is in; where none is, the last of which a part is known."""
        cells = [(unit, self.cell(kpi, unit)) for unit in units_of(kpi, year)]
        known = [(period, cell) for period, cell in cells if cell.is_in and cell.value is not None]
        partial = [(period, cell) for period, cell in cells if cell.value is not None and not cell.is_projected]
        found = known or partial
        return found[-1] if found else None


def units_of(kpi: Kpi, year: Period) -> list[Period]:
    """The periods that a year of the KPI is made of: its months or quarters, else itself."""
    if kpi.frequency == "month":
        return [month(each) for each in year.months]
    if kpi.frequency == "quarter":
        return [Period("quarter", each) for each in year.months[::3]]
    return [year]
