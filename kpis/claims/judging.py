"""Whether a figure reaches its target: 達成 or 未達 of what is whole, 順調 or 遅れ of a running year, else neither."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from japan.fiscal import fiscal_month_index, fiscal_year_end, fiscal_year_of, fiscal_year_start, month_start
from japan.missing import MissingReason
from japan.numbers import write_number
from japan.periods import Period, Span
from kpis.claims import rates
from kpis.claims.comparing import fits_baseline
from kpis.claims.extent import Extent, Reach, extent_of, withheld_periods
from kpis.claims.facts import Direction, Figure, Sort, Subject, Target
from kpis.claims.marks import Marks, union
from kpis.claims.numbers import places_beside

#: (fiscal year, month or None for the year) → target
Targets = Mapping[tuple[int, int | None], Target]


class Word(Enum):
    """What is said of a figure and its target; NONE judges nothing, UNKNOWN says that it cannot be judged."""

    REACHED = "達成"
    MISSED = "未達"
    ON_TRACK = "順調"
    BEHIND = "遅れ"
    WAITING = "実績待ち"
    UNKNOWN = "判定できません"
    NONE = ""


@dataclass(frozen=True)
class Verdict:
    """The target a figure is held against, the figure that is held (a year's, for an amount), and what may be said.

    Rates are fractions, None unless the figure is whole. The marks are those of everything that was used.
    """

    target: Target
    figure: Figure
    extent: Extent
    word: Word
    achievement: Decimal | None = None
    progress: Decimal | None = None
    marks: Marks = frozenset()
    #: What a reader must know to understand the word: 算出値20.7%で判定.
    note: str = ""

    @property
    def text(self) -> str:
        """達成, 実績待ち（11／12か月分）; "" where nothing is judged."""
        if self.word is Word.WAITING and self.extent.reach in (Reach.TO_DATE, Reach.GAPS):
            return f"{self.word.value}（{self.extent.text}）"
        return self.word.value


def verdict_of(
    subject: Subject,
    shown: Figure,
    figures: Iterable[Figure],
    targets: Targets,
    *,
    on: date,
    due_through: date | None = None,
) -> Verdict | None:
    """The target nearest to the shown figure, of its month or of its fiscal year, and what may be said of it.

    `on` is the day on which it is said; `due_through` the newest month that is due by then. None without such a target,
    and for a year of less than twelve months of life.
    """
    if shown.missing_reason == MissingReason.BEFORE_START:
        return None
    listed = list(figures)
    year = fiscal_year_of(shown.level_month or shown.period.start)
    own = targets.get((year, shown.period.start.month)) if shown.period.span is Span.MONTH else None
    if own is not None:
        return _held(subject, own, shown, extent_of(shown))
    target = targets.get((year, None))
    if target is None or shown.period.span is Span.CALENDAR_YEAR:
        return None
    held = shown if subject.sort is Sort.LEVEL else year_figure(listed, year)
    if held is None or _is_cut_short(subject, held, listed, year):
        return None
    extent = extent_of(held, due_through)
    if _is_whole_year(subject, held, year):
        return _held(subject, target, held, extent)
    word, marks = _running(subject, held, extent, listed, target, on)
    left_out = withheld_periods(held, listed)
    if left_out and word in (Word.WAITING, Word.UNKNOWN, Word.ON_TRACK, Word.BEHIND):
        # What is withheld is not on its way, and a rate without it is not that of the year.
        return Verdict(
            target,
            held,
            extent,
            _judged(subject, Word.UNKNOWN),
            marks=rate_marks(subject, held, target, uses_baseline=False),
            note=left_out,
        )
    is_level = subject.sort is Sort.LEVEL and held.whole is not None and word in (Word.ON_TRACK, Word.BEHIND)
    progress = rates_of(subject, held, target.value)[1] if is_level else None
    judged, note = _said(subject, held, word, target.value)
    marks = union(marks, rate_marks(subject, held, target, uses_baseline=progress is not None))
    return Verdict(target, held, extent, judged, progress=progress, marks=marks, note=note)


def year_figure(figures: Iterable[Figure], fiscal_year: int) -> Figure | None:
    """A fiscal year's figure."""
    wanted = Period(Span.FISCAL_YEAR, fiscal_year_start(fiscal_year))
    return next((each for each in figures if each.period == wanted and not each.is_projected), None)


def rates_of(subject: Subject, figure: Figure, target: Decimal) -> tuple[Decimal | None, Decimal | None]:
    """達成率 and 進捗率 of a whole value; none where no direction is wished, or where a part that ended makes it less."""
    value, is_lower = figure.judged, subject.direction is Direction.DOWN
    if value is None or subject.direction is Direction.NONE or (is_lower and figure.lost_last_year):
        return None, None
    base = None if figure.lost_baseline else subject.baseline
    progress = rates.progress(value, base.value, target, lower_is_better=is_lower) if base is not None else None
    return rates.achievement(value, target, lower_is_better=is_lower), progress


def is_onward(subject: Subject, target: Decimal) -> bool:
    """A 進捗率 can be told: the target lies on the wished side of the baseline, or one of the three is not there."""
    base = subject.baseline
    if base is None or subject.direction is Direction.NONE:
        return True
    return rates.is_onward(base.value, target, lower_is_better=subject.direction is Direction.DOWN)


def rate_marks(subject: Subject, figure: Figure, target: Target | None, *, uses_baseline: bool) -> Marks:
    """What stands beside a 達成率, a 進捗率 (which counts from the baseline) or the word: the marks of all that is used."""
    base = subject.baseline if uses_baseline else None
    return union(figure.marks, target.marks if target else (), base.marks if base else ())


def _judged(subject: Subject, word: Word) -> Word:
    return Word.NONE if subject.direction is Direction.NONE else word


def _said(subject: Subject, figure: Figure, word: Word, target: Decimal) -> tuple[Word, str]:
    """The word that may be said, and what is needed to understand it: what stopped being counted reaches nothing, and a
    printed value is judged by what its exact parts make."""
    judged = _judged(subject, word)
    if judged in (Word.REACHED, Word.ON_TRACK) and subject.direction is Direction.DOWN and figure.lost_last_year:
        return Word.UNKNOWN, "終わった内訳があるため"
    return judged, by_computed(subject, figure, target) if judged is not Word.NONE else ""


def by_computed(subject: Subject, figure: Figure, target: Decimal) -> str:
    """算出値20.7%で判定, where the printed value alone would be judged otherwise; "" elsewhere."""
    value, judged = figure.whole, figure.judged
    if value is None or judged is None or _is_as_good(subject, value, target) == _is_as_good(subject, judged, target):
        return ""
    places = places_beside(judged, subject.decimals, [value, target])
    return f"算出値{write_number(judged, places)}{subject.unit}で判定"


def _held(subject: Subject, target: Target, figure: Figure, extent: Extent) -> Verdict:
    """A whole month or year against its own target."""
    marks = union(figure.marks, target.marks)
    value = figure.judged
    if value is None or extent.is_short:
        return Verdict(target, figure, extent, _judged(subject, Word.UNKNOWN), marks=marks)
    is_reached = _is_as_good(subject, value, target.value)
    word, note = _said(subject, figure, Word.REACHED if is_reached else Word.MISSED, target.value)
    achievement, progress = rates_of(subject, figure, target.value)
    if not fits_baseline(subject, figure.period.span):
        progress = None
    marks = rate_marks(subject, figure, target, uses_baseline=progress is not None)
    return Verdict(target, figure, extent, word, achievement, progress, marks, note)


def _is_as_good(subject: Subject, value: Decimal, than: Decimal) -> bool:
    return rates.is_as_good(value, than, lower_is_better=subject.direction is Direction.DOWN)


def _is_cut_short(subject: Subject, held: Figure, figures: Sequence[Figure], year: int) -> bool:
    """The KPI did not live through the year: its target is of a year that it did not have."""
    return not may_aim(subject, year_figure(figures, year) or held)


def may_aim(subject: Subject, figure: Figure) -> bool:
    """A target may stand beside it: not where it was not in use yet, that of a year not beside one it did not live
    through, or as a level not to its end."""
    if figure.missing_reason == MissingReason.BEFORE_START:
        return False
    if subject.sort is not Sort.LEVEL:
        return not extent_of(figure).is_short
    is_year = figure.period.span is Span.FISCAL_YEAR
    return not is_year or figure.final_month is None or figure.final_month >= month_start(figure.period.end)


def _is_whole_year(subject: Subject, held: Figure, year: int) -> bool:
    """All of the year is in; a level stands at its end."""
    if not held.is_complete:
        return False
    if subject.sort is not Sort.LEVEL or (held.period.span is Span.FISCAL_YEAR and held.level_month is None):
        return True
    return _last_month(held) == date(year + 1, 3, 1)


def _last_month(figure: Figure) -> date:
    """The month at whose end a level stands."""
    return figure.level_month or month_start(figure.period.end)


def _running(
    subject: Subject, held: Figure, extent: Extent, figures: Sequence[Figure], target: Target, on: date
) -> tuple[Word, Marks]:
    """What is said while the year is not whole; with the marks of what was used beside the figure itself."""
    none: Marks = frozenset()
    if on > fiscal_year_end(target.fiscal_year):
        return (Word.UNKNOWN if extent.withheld else Word.WAITING), none
    if subject.sort is Sort.LEVEL:
        return _level(subject, held, year_figure(figures, target.fiscal_year - 1), target)
    if extent.reach is not Reach.TO_DATE or not extent.may_pace or held.value is None:
        return Word.UNKNOWN, none
    if subject.sort is Sort.RATE:
        return _pace(subject, held.value, target.value), none
    return _amount(subject, held, year_figure(figures, target.fiscal_year - 1), target)


def _pace(subject: Subject, value: Decimal, needed: Decimal) -> Word:
    return Word.ON_TRACK if _is_as_good(subject, value, needed) else Word.BEHIND


def _level(subject: Subject, held: Figure, last_year: Figure | None, target: Target) -> tuple[Word, Marks]:
    """A level goes evenly from the year before to the target."""
    value = held.judged
    if value is None:
        return Word.UNKNOWN, frozenset()
    if _is_as_good(subject, value, target.value):
        return Word.ON_TRACK, frozenset()
    start = last_year.judged if last_year is not None else None
    if start is None or last_year is None:
        return Word.UNKNOWN, frozenset()
    months = fiscal_month_index(_last_month(held)) + 1
    on_the_way = start + (target.value - start) * months / 12
    return _pace(subject, value, on_the_way), last_year.marks


def _amount(subject: Subject, held: Figure, last_year: Figure | None, target: Target) -> tuple[Word, Marks]:
    """An amount adds up in the shares the same months had the year before, in twelfths where that is not known."""
    if held.value is None:
        return Word.UNKNOWN, frozenset()
    if subject.direction is not Direction.DOWN and held.value >= target.value:
        return Word.ON_TRACK, frozenset()
    if subject.direction is Direction.DOWN and held.value > target.value:
        return Word.BEHIND, frozenset()
    same, whole = held.same, last_year.whole if last_year is not None else None
    if last_year is None or same is None or not whole or same.months != held.months or extent_of(last_year).is_short:
        return _pace(subject, held.value, target.value * held.months / 12), frozenset()
    return _pace(subject, held.value, target.value * same.then / whole), union(same.marks, last_year.marks)
