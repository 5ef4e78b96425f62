"""How much of its period a figure holds, and what may be said because of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from japan.fiscal import add_months, fiscal_year_of
from japan.missing import MissingReason
from japan.periods import Span
from kpis.claims.facts import Figure

_YEARS = (Span.FISCAL_YEAR, Span.CALENDAR_YEAR)


class Reach(Enum):
    """Whole: all its months are in. To date: every month due so far is. With gaps: neither. Part: one period with
    parts missing. Nothing: no value at all."""

    WHOLE = "whole"
    TO_DATE = "to_date"
    GAPS = "gaps"
    PART = "part"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Extent:
    """How far a figure reaches. `months` of `of` months are in; `first` to `last` are the months of its life in the
    period, and `is_short` where these are fewer than the period has."""

    reach: Reach
    months: int
    of: int
    first: date | None
    last: date | None
    is_short: bool
    reported: int
    expected: int
    withheld: int

    @property
    def may_change(self) -> bool:
        """It may be compared with the same months of another year, leaving out on both sides what one of them lacks."""
        return self.reach in (Reach.WHOLE, Reach.TO_DATE)

    @property
    def may_hold(self) -> bool:
        """It may be held against a full period: a rate, 倍, baseline, target, 達成 or 未達."""
        return self.reach is Reach.WHOLE and not self.is_short and not self.withheld

    @property
    def may_pace(self) -> bool:
        """A running year may be called 順調 or 遅れ, and its 年度末見込み worked out."""
        return self.reach in (Reach.WHOLE, Reach.TO_DATE) and not self.is_short and not self.withheld

    @property
    def text(self) -> str:
        """4／12か月分, 6か月分（10月〜3月）, 4／6か月分（10月〜3月）, 2件中1件; "" where there is nothing to add."""
        if self.reach is Reach.PART:
            return f"{self.expected}件中{self.reported}件"
        count = f"{self.months}か月分" if self.months == self.of else f"{self.months}／{self.of}か月分"
        if self.is_short:
            return f"{count}（{self._life}）" if self._life else count
        return count if self.reach in (Reach.TO_DATE, Reach.GAPS) else ""

    @property
    def bracket(self) -> str:
        """To stand behind a value: （4／12か月分）, （4月〜9月の6か月分）, （途中の計　2件中1件）."""
        if self.reach is Reach.PART:
            return f"（途中の計　{self.text}）"
        if self.is_short:
            count = f"{self.months}か月分" if self.months == self.of else f"{self.months}／{self.of}か月分"
            return f"（{self._life}の{count}）" if self._life else f"（{count}）"
        return f"（{self.text}）" if self.text else ""

    @property
    def left_out(self) -> str:
        """非公開1件を除く; "" where nothing is withheld."""
        return f"非公開{self.withheld}件を除く" if self.withheld else ""

    @property
    def _life(self) -> str:
        """4月〜9月; "" where its months do not follow one another: 導入前 lay between them."""
        if self.first is None or self.last is None or self.of != months_between(self.first, self.last):
            return ""
        return f"{self.first.month}月" if self.first == self.last else f"{self.first.month}月〜{self.last.month}月"


def extent_of(figure: Figure, due_through: date | None = None) -> Extent:
    """How far a figure reaches.

    `due_through` is the first day of the newest month that is due: one of a year's months up to it that is not in is a
    gap. Without it only a month missing before one that is in can be seen.
    """
    length = figure.period.span.months
    is_level = figure.level_month is not None
    is_short = not is_level and figure.first_month is not None and figure.months_expected < length
    return Extent(
        reach=_reach(figure, due_through),
        months=figure.months,
        of=figure.months_expected,
        first=figure.first_month or figure.period.start,
        last=figure.final_month or add_months(figure.period.start, length - 1),
        is_short=is_short,
        reported=figure.reported,
        expected=figure.expected,
        withheld=figure.withheld if figure.value is not None else 0,
    )


def _reach(figure: Figure, due_through: date | None) -> Reach:
    if figure.value is None:
        return Reach.NOTHING
    if figure.is_projected or figure.is_complete:
        return Reach.WHOLE
    if figure.period.span not in _YEARS or figure.level_month is not None or figure.newest_month is None:
        return Reach.PART
    return Reach.TO_DATE if is_unbroken(figure) and _is_up_to(figure, due_through) else Reach.GAPS


def withheld_periods(figure: Figure, figures: Iterable[Figure]) -> str:
    """非公開1か月分を除く: months that a year's rate leaves out because one of their sides is withheld. They do not come
    in later, so the year waits for nothing. "" where a total says itself what it leaves out."""
    if figure.period.span is not Span.FISCAL_YEAR or figure.is_complete or figure.withheld or figure.level_month:
        return ""
    found = [
        each.period.span
        for each in figures
        if each.missing_reason == MissingReason.WITHHELD
        and each.is_complete
        and each.period.span in (Span.MONTH, Span.QUARTER)
        and fiscal_year_of(each.period.start) == figure.period.fiscal_year
    ]
    if not found:
        return ""
    return f"非公開{len(found)}{'か月分' if Span.MONTH in found else '四半期分'}を除く"


def is_unbroken(figure: Figure) -> bool:
    """Every month of its life up to the newest that is in, is in."""
    first, newest = figure.first_month, figure.newest_month
    if first is None or newest is None:
        return False
    return figure.months == months_between(first, newest)


def months_between(first: date, last: date) -> int:
    """How many months there are from one to another, both counted."""
    return (last.year - first.year) * 12 + last.month - first.month + 1


def _is_up_to(figure: Figure, due_through: date | None) -> bool:
    if due_through is None or figure.newest_month is None:
        return True
    last = min(due_through, figure.final_month or due_through)
    return figure.newest_month >= last
