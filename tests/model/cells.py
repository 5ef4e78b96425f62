"""What is said of one period: the sum of the parts that are in, or the quotient of two such sums."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from tests.model.periods import Period, month
from tests.model.stored import Kpi, Part

#: What one of a unit is worth in what it is measured in.
FACTORS = {"%": Fraction(1, 100), "‰": Fraction(1, 1000), "千円": Fraction(1000), "百万円": Fraction(10**6)}


@dataclass(frozen=True)
class Cell:
    """A period as it was reported: the sum of the parts that are in, of so many that are due."""

    value: Fraction | None = None
    expected: int = 0
    answered: int = 0
    withheld: int = 0
    marks: frozenset[str] = frozenset()
    #: Why there is no value, where all that is said is one reason.
    reason: str = ""
    is_projected: bool = False
    is_published: bool = False
    #: The months in which something of it was counted are fewer than the period's (rule 2).
    is_short: bool = False
    #: Comparisons as a source printed them beside the value.
    published: str = ""
    #: The value as a source printed it: 「21%」. What is judged is the exact one (rule 11 wins over rule 10).
    printed: str = ""

    @property
    def shown(self) -> Fraction | None:
        """What is printed and compared."""
        return Fraction(self.printed.rstrip("%")) if self.printed else self.value

    @property
    def is_in(self) -> bool:
        """Every part of it is there. A projection answers nothing (rule 7)."""
        return self.expected > 0 and self.answered == self.expected and not self.is_projected

    @property
    def is_all(self) -> bool:
        """Nothing is left out of it (rule 4). 該当なし is an answer that adds nothing."""
        return self.is_in and not self.withheld and not self.is_short

    @property
    def is_comparable(self) -> bool:
        return self.is_all and self.value is not None


def sum_of(parts: list[Part], period: Period) -> Cell:
    """Parts that live in the period and were in use; those that are in, those withheld, and the sum."""
    said = [part.facts.get(period) for part in parts if part.lives_in(period)]
    due = [fact for fact in said if fact is None or fact.reason != "before_start"]
    known = [fact for fact in due if fact is not None and fact.value is not None]
    answers = [fact for fact in due if fact is not None and fact.is_answer]
    reasons = {"" if fact is None else fact.reason for fact in said}
    return Cell(
        sum((fact.value for fact in known if fact.value is not None), Fraction(0)) if known else None,
        len(due), len(answers), sum(fact.reason == "withheld" for fact in answers),
        frozenset().union(*(fact.marks for fact in known)), reasons.pop() if len(reasons) == 1 else "",
        is_projected=any(fact.is_projected for fact in known),
        is_short=not all(any(part.lives_in(month(each)) for part in parts) for each in period.months),
        published=known[0].published if len(said) == 1 and known else "",
    )  # fmt: skip


def of_amounts(kpi: Kpi, period: Period) -> Cell:
    """A KPI of its own values: what a source printed of the whole, else the sum of the parts."""
    if kpi.total and (fact := kpi.total.facts.get(period)) and fact.value is not None:
        # What a source printed is the whole, whichever parts are known or withheld beside it (rule 10).
        answered = int(fact.is_answer)
        return Cell(fact.value, 1, answered, 0, fact.marks, "", fact.is_projected, True, published=fact.published)
    if not kpi.has_a_figure:
        return Cell()
    # Where no part lives, the total alone is waited for.
    is_alone = kpi.total is not None and not any(part.lives_in(period) for part in kpi.breakdown)
    cell = sum_of([kpi.total] if kpi.total and is_alone else kpi.breakdown, period)
    # A level is of its last day, however short the life before it was.
    return cell if kpi.kind == "flow" else replace(cell, is_short=False)


def stopped_since_baseline(kpi: Kpi, last: Period) -> bool:
    """A part that counted when the baseline was measured is not counted any more (rule 2)."""
    return any(
        part.last is not None
        and part.last < last.start
        and part.lives_in(kpi.baseline_period)
        and any(fact.value is not None for fact in part.facts.values())
        and not kpi.is_continued(part)
        for part in (kpi.breakdown if kpi.baseline_span else [])
    )


def stopped_between(kpi: Kpi, then: Period, now: Period) -> bool:
    """A part was counted then and is not counted any more, nor continued by another: no saving (rule 2)."""
    return any(
        (fact := part.facts.get(then)) is not None
        and fact.value is not None
        and not kpi.is_continued(part)
        and is_counted_less(kpi, part, then, now)
        for part in kpi.breakdown
        if part.last is not None and part.last < now.end
    )


def is_counted_less(kpi: Kpi, part: Part, then: Period, now: Period) -> bool:
    """A level is counted or not; an amount also where it lives in fewer of the same months."""
    if kpi.kind == "stock":
        return not part.lives_in(now)
    return any(
        part.lives_in(month(before)) and not part.lives_in(month(after))
        for before, after in zip(then.months, now.months, strict=True)
    )
