"""What may be said of each figure, from the stored rows and the rules alone: exact fractions, nothing of the product.

`Model` answers for a KPI which target it is held against, what is reached and at which rate. Years are in `years`, values
of single periods in `values`, the rows in `stored`.
"""

from __future__ import annotations

from fractions import Fraction

from tests.model.cells import stopped_since_baseline
from tests.model.judging import UNKNOWN, achievement, honest, pace, progress, word
from tests.model.periods import Period, fiscal_year, month, year_of
from tests.model.stored import Kpi
from tests.model.values import units_of
from tests.model.years import State, Years


class Model(Years):
    """Targets, words and rates as of a day."""

    def target_of(self, kpi: Kpi, period: Period) -> Fraction | None:
        """A month is held against its own target, a quarter against none (rule 3). A year's holds for what lives all
        the year (rule 2); a share without numerator has no year."""
        if period.span == "month":
            return kpi.month_targets.get(period.start)
        has_a_year = kpi.kind != "ratio" or kpi.numerator or kpi.frequency == "fiscal_year"
        if period.span != "fiscal_year" or not has_a_year:
            return None
        if kpi.kind == "stock":  # A level's year is its last day.
            is_all_year = any(part.lives_in(month(period.months[-1])) for part in kpi.parts)
            is_all_year &= bool(self.cell(kpi, units_of(kpi, period)[-1]).expected)
        elif kpi.frequency in ("month", "quarter"):
            is_all_year = len(self.lived(kpi, period)) == 12
        else:
            is_all_year = not self.cell(kpi, period).is_short
        return kpi.targets.get(period.start.year) if is_all_year else None

    def target_beside(self, kpi: Kpi, period: Period) -> Fraction | None:
        """The target that stands beside a period's value: a level's year has one for all its months."""
        own = self.target_of(kpi, period)
        if own is None and kpi.kind == "stock" and period.span == "month":
            return self.target_of(kpi, fiscal_year(year_of(period.end)))
        return own

    def aimed(self, kpi: Kpi, period: Period) -> tuple[Period, Fraction] | None:
        """What the newest value is on its way to: the target of its month, else of the fiscal year it belongs to."""
        found = [(period, self.target_of(kpi, period))]
        if period.span != "calendar_year":
            year = fiscal_year(year_of(period.end))
            found.append((year, self.target_of(kpi, year)))
        return next(((each, target) for each, target in found if target is not None), None)

    def verdict(self, kpi: Kpi, period: Period, aim: Period) -> str:
        """達成 or 未達 of what is whole; 順調 or 遅れ of a running year; 実績待ち until the last month of a year that is over
        is approved (rules 1, 3 and 14). Otherwise nothing."""
        target = self.target_of(kpi, aim)
        if kpi.direction == "none" or target is None:
            return ""
        if aim == period or kpi.kind == "stock":
            return self._verdict_of_cell(kpi, period, aim, target)
        year = self.year(kpi, aim.start.year)
        if aim.after <= self.today and year.count < 12:
            return "実績待ち"
        if year.withheld or year.months_left_out or year.value is None:
            return ""
        if year.state is State.WHOLE:
            return honest(word(kpi, year.value, target), year.is_a_saving)
        is_on_its_way = year.state is State.TO_DATE and aim.after > self.today
        if not is_on_its_way:
            return ""
        return honest(pace(kpi, year.value, self._expected(kpi, aim, target)), year.is_a_saving)

    def _verdict_of_cell(self, kpi: Kpi, period: Period, aim: Period, target: Fraction) -> str:
        """A month or year held against its own target, or a level against its year's, which its last one decides."""
        cell, last = self.cell(kpi, period), units_of(kpi, aim)[-1] if aim.span == "fiscal_year" else aim
        if period not in (aim, last) and aim.after <= self.today:
            return "実績待ち"
        if not cell.is_comparable or cell.value is None:
            return ""
        is_a_saving = self.is_a_saving(kpi, [period])
        if period in (aim, last):
            return honest(word(kpi, cell.value, target), is_a_saving)
        if word(kpi, cell.value, target) == "達成":
            return honest("順調", is_a_saving)  # It is there already; whether it stays, the last month says.
        before = self.level(kpi, aim.before())
        if before is None or not before[1].is_comparable or before[1].value is None:
            return UNKNOWN
        gone = sum(each < period.after for each in aim.months)
        return honest(pace(kpi, cell.value, before[1].value + (target - before[1].value) * gone / 12), is_a_saving)

    def _expected(self, kpi: Kpi, aim: Period, target: Fraction) -> Fraction:
        """A rate is the target from April on; an amount is as far as it was in the same months of the year before,
        or else so many twelfths."""
        if kpi.numerator and self.sides(kpi)[1].kind == "flow":
            return target
        there = [unit for unit in units_of(kpi, aim) if self.counts(kpi, unit)]
        before = self.year(kpi, aim.start.year - 1)
        then = self.over(kpi, [unit.before() for unit in there])
        if before.state is State.WHOLE and not before.withheld and before.value and then is not None:
            return target * then / before.value
        return target * sum(len(unit.months) for unit in there) / 12

    def rates(self, kpi: Kpi, period: Period, aim: Period) -> dict[str, Fraction | None]:
        """進捗率 and 達成率 towards a target, of what is whole. A level's year is decided by its last month."""
        target = self.target_of(kpi, aim)
        if aim.span == "fiscal_year" and kpi.kind != "stock" and aim != period:
            year = self.year(kpi, aim.start.year)
            return {"進捗率": year.progress, "達成率": year.achievement}
        cell = self.cell(kpi, period)
        value = cell.value if cell.is_comparable and not self.is_a_saving(kpi, [period]) else None
        is_decided = period == aim or period == units_of(kpi, aim)[-1]
        is_of_the_baseline = kpi.kind == "stock" or period.span == kpi.baseline_span
        is_of_the_baseline &= cell.is_published or not stopped_since_baseline(kpi, period)
        return {
            "進捗率": progress(kpi, value, target) if is_of_the_baseline else None,
            "達成率": achievement(kpi, value, target) if is_decided else None,
        }
