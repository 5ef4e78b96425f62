"""Of which day a figure is: for choosing among figures, and in words. Pages and reports write the same."""

from __future__ import annotations

import re
from datetime import date, timedelta

from japan.fiscal import month_end
from japan.periods import Period, Span
from japan.wareki import date_label, month_label
from kpis.claims.facts import AsOfRule, Figure, Sort, Subject

#: A month as a source prints it: 2025.5月時点, 2025年5月時点.
_PRINTED_MONTH = re.compile(r"(\d{4})\s*[.年/]\s*(\d{1,2})\s*月時点")


def as_of_day(subject: Subject, figure: Figure) -> date:
    """The day a figure speaks of: its own; else, of a level, by the KPI's rule (the last day of its period, or the day
    after); of an amount, the last day of the newest month that is in it."""
    if figure.as_of is not None:
        return figure.as_of
    end = month_end(figure.level_month) if figure.level_month else _last_day(figure)
    if subject.sort is Sort.LEVEL and subject.as_of_rule is AsOfRule.NEXT_MONTH_FIRST:
        return end + timedelta(days=1)
    return end


def _last_day(figure: Figure) -> date:
    """A year that is still being added up ends, so far, with its newest month; one that is cut short, with its life."""
    if figure.newest_month is not None and (figure.months < figure.period.span.months or not figure.is_complete):
        return month_end(figure.newest_month)
    if figure.final_month is not None and figure.is_complete:
        return min(month_end(figure.final_month), figure.period.end)
    return figure.period.end


def as_of_text(subject: Subject, figure: Figure) -> str:
    """When a figure is of, wareki first: 令和7(2025)年5月末時点, 令和7(2025)年6月1日時点, 令和6(2024)年度, 直近.

    What the source printed stays: 2025.5月時点 is 令和7(2025)年5月時点 and not the end of May.
    """
    if figure.as_of_wording and figure.as_of is None:
        return printed_text(figure.as_of_wording)
    if subject.sort is not Sort.LEVEL or subject.as_of_rule is AsOfRule.DURING:
        return figure.period.label
    if figure.as_of_wording and _PRINTED_MONTH.search(figure.as_of_wording):
        return printed_text(figure.as_of_wording)
    is_of_day = figure.as_of is not None or figure.level_month is not None
    # Of a calendar year (a census) or of a projection no day was stated.
    if not is_of_day and (figure.is_projected or figure.period.span is Span.CALENDAR_YEAR):
        return figure.period.label
    day = as_of_day(subject, figure)
    return f"{month_label(day)}末時点" if day == month_end(day) else f"{date_label(day)}時点"


def printed_text(wording: str) -> str:
    """A printed date with its month in wareki; other words (直近) as they are."""
    found = _PRINTED_MONTH.search(wording)
    if found is None or not 1 <= int(found[2]) <= 12:
        return wording
    return f"{month_label(date(int(found[1]), int(found[2]), 1))}時点"


def level_text(figure: Figure) -> str:
    """At whose end a year's level stands: 令和7(2025)年3月末; "" for what is no level of a month."""
    return f"{month_label(figure.level_month)}末" if figure.level_month else ""


def level_note(subject: Subject, figure: Figure) -> str:
    """Which month's value a year of levels is: 令和7(2025)年3月末の値, 令和7(2025)年4月1日時点の値; "" for any other."""
    if figure.level_month is None:
        return ""
    is_next = subject.as_of_rule is AsOfRule.NEXT_MONTH_FIRST
    return f"{as_of_text(subject, figure) if is_next else level_text(figure)}の値"


def month_of(figure: Figure) -> Period:
    """The month a level stands in, else the period itself."""
    return Period(Span.MONTH, figure.level_month) if figure.level_month else figure.period
