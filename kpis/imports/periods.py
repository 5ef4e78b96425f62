"""Which period of a figure a cell of a file is of: by its month or year, and by the day it says it is as of."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.exceptions import ValidationError

from japan.dates import DateError, parse_date
from japan.fiscal import add_months
from japan.periods import Period, Span
from japan.reading_periods import read_period
from japan.wareki import month_label
from kpis.imports.mapping import Mapping
from kpis.imports.places import Place
from kpis.imports.questions import AS_OF, FUTURE, asking
from kpis.models import Kpi
from sheets import Cell, fold

#: Quarters and years as `Period.iso` writes them.
_LONGER = re.compile(r"FY[0-9]{4}|[0-9]{4}-Q[1-4]|[0-9]{4}")
_YEAR_OR_QUARTER = re.compile("年度|四半期|^[0-9]{4}年$")
#: A day of a month without a year: 5月1日現在.
_DAY_ALONE = re.compile(r"月([0-9]{1,2})日")
_AS_OF = re.compile("現在|時点|基準日")
_RULES = {
    Kpi.AsOfRule.MONTH_END: "月末時点",
    Kpi.AsOfRule.NEXT_MONTH_FIRST: "翌月1日時点",
}


class NotOver(ValidationError):
    """The period has not ended: there can be no value of it yet."""


@dataclass(frozen=True, slots=True)
class When:
    """The period of a value, the day the file says for it, and how it was understood where that is not plain."""

    span: str
    period: date
    day: date | None = None
    how: str = ""


@dataclass
class PeriodReader:
    """Reads the periods of one table. `last_month` is the newest month that has ended; `title` is the text that told
    the month of a whole table, `heading` that of the column of months."""

    mapping: Mapping
    last_month: date
    title: str = ""
    heading: str = ""
    _known: dict[tuple[object, ...], When | ValidationError] = field(default_factory=dict)

    @property
    def remarks(self) -> list[str]:
        """How the periods were understood that were read, where that is not plain, each once."""
        return list(dict.fromkeys(each.how for each in self._known.values() if isinstance(each, When) and each.how))

    def says_none(self, place: Place) -> bool:
        """The cell where the month was looked for holds something else."""
        text = place.when
        return (
            place.month is None
            and self.mapping.month is None
            and not _LONGER.fullmatch(text)
            and not _YEAR_OR_QUARTER.search(text)
        )

    def read(self, place: Place, kpi: Kpi) -> When:
        """Raises ValidationError saying what to do, NotOver for a period that has not ended."""
        said = self.title if place.month is None else place.said
        # Figures of one rule read a month alike; what is refused of a longer period names its figure.
        is_month = place.month is not None
        key = (kpi.frequency, kpi.as_of_rule, place.month, said, "" if is_month else place.when, is_month or kpi.pk)
        found = self._known.get(key)
        if found is None:
            try:
                found = self._read(place, kpi, said)
            except ValidationError as error:
                found = error
            self._known[key] = found
        if isinstance(found, ValidationError):
            raise found
        return found

    def _read(self, place: Place, kpi: Kpi, said: Cell) -> When:
        text = place.when
        if _LONGER.fullmatch(text):
            if text.isdigit() and kpi.frequency == Kpi.Frequency.FISCAL_YEAR and place.month is None:
                return self._longer(f"FY{text}", kpi)  # the figure knows one sort of year
            if kpi.frequency == Kpi.Frequency.CALENDAR_YEAR or not text.isdigit():
                return self._longer(text, kpi)
        if place.month is None and _YEAR_OR_QUARTER.search(text):
            return self._longer(text, kpi)
        month = place.month or self.mapping.month
        if month is None:
            raise ValidationError(place.problem or "いつの値か分かりません。対象月を選んでください。")
        day, is_as_of = day_said(said, self.heading)
        month, how = self._as_of(kpi, month, day, is_as_of)
        return self._of_month(kpi, month, day, how)

    def _as_of(self, kpi: Kpi, month: date, day: date | int | None, is_as_of: bool) -> tuple[date, str]:
        """The month a level belongs to that is dated the first of a month: 5月1日現在 is April's of a 翌月1日時点 figure."""
        number = _day_number(day)
        if kpi.as_of_rule == Kpi.AsOfRule.DURING or number is None or (number != 1 and not is_as_of):
            return month, ""
        if number != 1:
            is_end = kpi.as_of_rule == Kpi.AsOfRule.MONTH_END and (month + timedelta(days=number)).day == 1
            return month, "" if is_end else f"{month_label(month)}{number}日の値を、{month_label(month)}分として"
        shown = f"{month_label(month)}1日"
        before = add_months(month, -1)
        is_next_first = kpi.as_of_rule == Kpi.AsOfRule.NEXT_MONTH_FIRST
        if self.mapping.as_of == "before" or (not self.mapping.as_of and is_next_first and is_as_of):
            shown_as = f"（{shown}時点）" if is_next_first else ""
            return before, f"{shown}の値なので、{month_label(before)}分{shown_as}"
        if self.mapping.as_of == "month":
            return month, f"{shown}の値を、{month_label(month)}分として"
        if is_next_first or is_as_of:
            rule = _RULES[Kpi.AsOfRule(kpi.as_of_rule)]
            raise asking(
                AS_OF,
                f"{shown}の値です。この指標は{rule}の値です。"
                f"{month_label(before)}分と{month_label(month)}分のどちらか、「1日付の値」で選んでください。",
            )
        return month, ""

    def _longer(self, text: str, kpi: Kpi) -> When:
        """A quarter or year as the application's own files write it (FY2024), or as others do (令和6年度)."""
        try:
            period = read_period(text, Span.CALENDAR_YEAR if text.isdigit() else None)
        except DateError as error:
            raise ValidationError(str(error), code="period") from error
        if kpi.frequency not in (period.span, Kpi.Frequency.OCCASIONAL):
            raise ValidationError(
                f"{kpi.name}は{kpi.get_frequency_display()}の指標です。{period.label}の値は取り込めません。"
            )
        self._check_over(period.end.replace(day=1), period.label)
        return When(period.span.value, period.start)

    def _of_month(self, kpi: Kpi, month: date, day: date | int | None, how: str) -> When:
        """The period of the KPI that a month of the file stands for. Of a longer period that is its last month alone:
        the first one may just as well be that month's own value."""
        known_day = day if isinstance(day, date) else date(month.year, month.month, day) if day else None
        if kpi.frequency in (Kpi.Frequency.MONTH, Kpi.Frequency.OCCASIONAL):
            self._check_over(month, month_label(month))
            return When(Span.MONTH.value, month, known_day, how)
        span = Span(kpi.frequency)
        period = Period.containing(span, month)
        if month != period.end.replace(day=1):
            self._check_over(month, month_label(month))
            raise ValidationError(
                f"{kpi.get_frequency_display()}の指標に、{month_label(month)}の値があります。"
                f"{period.label}全体の値なら、ファイルの月を「{period.label}」と書くか、その最後の月の行に入れてください。"
            )
        self._check_over(month, period.label)
        return When(span.value, period.start, known_day, f"{month_label(month)}の値を、{period.label}の値として")

    def _check_over(self, month: date, label: str) -> None:
        if month > self.last_month:
            message = f"{label}はまだ終わっていません。終わった期間の値だけを取り込めます。"
            raise NotOver([asking(FUTURE, message)])


def day_said(cell: Cell, heading: str = "") -> tuple[date | int | None, bool]:
    """The day in a cell that tells a month (without its year, the number alone), and whether the cell or its heading says
    that the value is as of that day (現在, 時点)."""
    is_as_of = bool(_AS_OF.search(heading))
    if isinstance(cell, date):
        return cell, is_as_of
    if not isinstance(cell, str):
        return None, False
    text = unicodedata.normalize("NFKC", fold(cell))[:60]
    is_as_of = is_as_of or bool(_AS_OF.search(text))
    try:
        return parse_date(text), is_as_of
    except DateError:
        alone = _DAY_ALONE.search(text)
        number = int(alone[1]) if alone else 0
        return (number if 1 <= number <= 28 else None), is_as_of


def _day_number(day: date | int | None) -> int | None:
    return day.day if isinstance(day, date) else day
