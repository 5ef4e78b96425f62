"""What a figure may be compared with: the same months of another year, the period before, the baseline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from japan.digits import round_half_up
from japan.numbers import write_number
from japan.periods import Span
from japan.units import is_percentage
from kpis.claims.extent import Extent, Reach, extent_of
from kpis.claims.facts import Baseline, Direction, Figure, Sort, Subject
from kpis.claims.marks import NO_MARKS, Mark, Marks, union
from kpis.claims.numbers import MOST_DECIMALS, index_text, ratio_text, signed_rate_text
from kpis.claims.published import Comparison, Printed, without_unreadable
from kpis.claims.quantities import exact, quantity, written, written_exactly
from kpis.claims.rates import change_rate, multiple_of

#: An index below this is "about half": to the nearest ten it is 50.
_ABOUT_HALF = Decimal(55)
#: What is printed of a projection or of invented values is one too; how it was rounded or worked out, its source knows.
_OF_THE_STATEMENT = frozenset([Mark.PROJECTED, Mark.SYNTHETIC])

_YEARS = (Span.FISCAL_YEAR, Span.CALENDAR_YEAR)
_BEFORE = {Span.MONTH: "前月", Span.QUARTER: "前の四半期", Span.FISCAL_YEAR: "前年度", Span.CALENDAR_YEAR: "前年"}
_LAST_YEAR = _BEFORE | {Span.MONTH: "前年同月", Span.QUARTER: "前年同期"}


@dataclass(frozen=True)
class Change:
    """Two comparable values. `months` is how many months of each were compared where that is not the whole period."""

    against: str
    now: Decimal
    then: Decimal
    marks: Marks
    months: int = 0
    #: The figures whose values are compared; None for a sum over some of their months.
    figure: Figure | None = None
    before: Figure | None = None

    def text(self, subject: Subject) -> str:
        """The difference in words, held against the two values as they are written."""
        printed = in_print(subject, self.now, self.figure), in_print(subject, self.then, self.before)
        return change_text(subject, self.now, self.then, printed=printed)

    @property
    def difference(self) -> Decimal:
        return self.now - self.then

    @property
    def same_months(self) -> str:
        """（同じ3か月どうし）; "" where whole periods were compared."""
        return f"（同じ{self.months}か月どうし）" if self.months else ""


def change_from_last_year(figure: Figure, extent: Extent, before: Figure | None = None) -> Change | None:
    """Against the same months of the year before, whose figure is `before`.

    None for what has gaps, leaves something out, lacks a part that ended since, or has no such months.
    """
    same, span = figure.same, figure.period.span
    if same is None or not extent.may_change or (extent.withheld and span not in _YEARS):
        return None
    is_part = span in _YEARS and figure.level_month is None and same.months != span.months
    if figure.lost_last_year and not is_part:
        return None
    return Change(
        _LAST_YEAR[span], same.now, same.then, same.marks, same.months if is_part else 0, figure=figure, before=before
    )


def change_from_before(figure: Figure, previous: Figure | None) -> Change | None:
    """Against the period just before (kpis.claims.selecting.before)."""
    if previous is None or figure.whole is None or previous.whole is None:
        return None
    against = _BEFORE[figure.period.span]
    marks = union(figure.marks, previous.marks)
    return Change(against, figure.whole, previous.whole, marks, figure=figure, before=previous)


def no_change_text(figure: Figure, extent: Extent, last_year: Figure | None) -> str:
    """Why no change is told of a total that a part left which ended since; "" where nothing ended, or where there is
    nothing before to compare with."""
    since_last_year = figure.lost_last_year and last_year is not None and last_year.value is not None
    since_before = figure.lost_before and figure.period.span not in _YEARS
    is_lost = extent.may_change and (since_last_year or since_before)
    return "終わった内訳があるため、前とは比べません" if is_lost else ""


def in_print(subject: Subject, value: Decimal, figure: Figure | None = None) -> str:
    """How a compared value is written, in full and with its scale; as its figure is, where it is that of one."""
    if figure is None or figure.value != value:
        return f"{exact(subject, value)} {quantity(subject, value)}"
    return f"{written_exactly(subject, figure)} {written(subject, figure)}"


def change_text(subject: Subject, now: Decimal, then: Decimal, *, printed: tuple[str, str] | None = None) -> str:
    """The difference in words: 1,234人増, ▲1.5ポイント, 増減なし.

    Where it rounds to nothing and the two are written differently: ほぼ増減なし（＋0.04）. `printed` is how they are
    written where a target or a source has a say in that.
    """
    difference, places = now - then, subject.decimals
    if round_half_up(difference, places) == 0:
        first, second = printed or (in_print(subject, now), in_print(subject, then))
        if difference == 0 or first == second:
            return "増減なし"
        while round_half_up(difference, places) == 0 and places < MOST_DECIMALS:
            places += 1
        return f"ほぼ増減なし（{'＋' if difference > 0 else ''}{write_number(difference, places)}）"
    if is_percentage(subject.unit):
        return f"{'＋' if difference > 0 else ''}{write_number(difference, places)}ポイント"
    return quantity(subject, abs(difference)) + ("増" if difference > 0 else "減")


def direction_word(subject: Subject, difference: Decimal) -> str:
    """改善 or 悪化 by the wished direction; "" for no change, or where neither direction is wished."""
    if difference == 0 or subject.direction is Direction.NONE:
        return ""
    return "改善" if (difference > 0) == (subject.direction is Direction.UP) else "悪化"


@dataclass(frozen=True)
class Said:
    """One comparison ready to print. `number` is exact where it was computed. `note` names what is computed where a
    source printed something else."""

    text: str
    number: Decimal
    marks: Marks = NO_MARKS
    is_published: bool = False
    note: str = ""


@dataclass(frozen=True)
class Against:
    """A figure beside its baseline. What cannot be said is None."""

    baseline: Baseline | None
    ratio: Said | None = None
    change: Said | None = None
    change_rate: Said | None = None
    index: Said | None = None
    share: Said | None = None


def against_baseline(subject: Subject, figure: Figure, extent: Extent) -> Against:
    """What may be said of a figure and its baseline: printed comparisons as printed, else what is computed."""
    printed = without_unreadable(figure.published)
    base = subject.baseline
    value = figure.value if base is not None and _may_hold(subject, figure, extent) else None
    computed: dict[Comparison, tuple[str, Decimal]] = {}
    marks = figure.marks
    if base is not None and value is not None:
        computed, marks = _computed(subject, figure, value, base.value), union(figure.marks, base.marks)
    stays = figure.marks & _OF_THE_STATEMENT
    said = {each: _said(each, printed.get(each), computed.get(each), marks, stays) for each in Comparison}
    return Against(
        base if value is not None else None,
        ratio=said[Comparison.RATIO],
        change=said[Comparison.CHANGE],
        change_rate=said[Comparison.CHANGE_RATE],
        index=said[Comparison.INDEX],
        share=said[Comparison.SHARE],
    )


def fits_baseline(subject: Subject, span: Span) -> bool:
    """A level stands beside any baseline, an amount or rate only beside one of as long a period."""
    return subject.baseline is not None and (subject.sort is Sort.LEVEL or span.value == subject.baseline.span)


def _may_hold(subject: Subject, figure: Figure, extent: Extent) -> bool:
    """A projection stands beside the baseline too, marked as one; it is held against nothing else. What a part that
    ended took along is no change."""
    if figure.lost_baseline:
        return False
    is_held = extent.may_hold if subject.sort is not Sort.LEVEL else extent.reach is Reach.WHOLE and not extent.withheld
    return is_held and fits_baseline(subject, figure.period.span)


def _computed(subject: Subject, figure: Figure, value: Decimal, base: Decimal) -> dict[Comparison, tuple[str, Decimal]]:
    printed = in_print(subject, value, figure), in_print(subject, base)
    found = {Comparison.CHANGE: (change_text(subject, value, base, printed=printed), value - base)}
    ratio, rate = multiple_of(value, base), change_rate(value, base)
    if ratio is not None:
        found[Comparison.RATIO] = (ratio_text(ratio, subject.ratio_decimals), ratio)
        index = ratio * 100
        found[Comparison.INDEX] = (index_text(index), index)
    if rate is not None:
        found[Comparison.CHANGE_RATE] = (signed_rate_text(rate), rate * 100)
    return found


def first_halved(subject: Subject, figures: Iterable[Figure]) -> tuple[Figure, Marks] | None:
    """The earliest of the figures that is about half of the baseline, with the marks of all that says so."""
    if subject.baseline is None or subject.baseline.value <= 0:
        return None
    held = [(each, against_baseline(subject, each, extent_of(each)).index) for each in figures]
    halved = [(each, said) for each, said in held if said is not None and said.number < _ABOUT_HALF]
    if not halved:
        return None
    first, said = min(halved, key=lambda pair: pair[0].period.start)
    return first, said.marks


def _said(
    comparison: Comparison,
    printed: Printed | None,
    computed: tuple[str, Decimal] | None,
    marks: Marks,
    stays: Marks,
) -> Said | None:
    if printed is None:
        return Said(computed[0], computed[1], marks) if computed else None
    text = printed.text.removeprefix("指数") if comparison is Comparison.INDEX else printed.text
    is_other = computed is not None and printed.differs_from(computed[1])
    note = f"計算では{computed[0]}" if computed is not None and is_other else ""
    return Said(text, printed.number, stays, is_published=True, note=note)
