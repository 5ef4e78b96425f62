"""Which figure is meant: the latest, or that of a named period. One answer for pages and reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from japan.fiscal import add_months, month_start
from japan.periods import Period, Span
from kpis.claims.dates import as_of_day
from kpis.claims.facts import Figure, Subject
from kpis.claims.marks import Mark

_YEARS = (Span.FISCAL_YEAR, Span.CALENDAR_YEAR)


class LaterThanAsOf(ValueError):
    """A named period whose figure is of a later day than was asked for. `day` is the figure's, `until` the limit."""

    def __init__(self, figure: Figure, day: date, until: date) -> None:
        super().__init__(f"{figure.period.label}の値は{day}時点のもので、{until}より後です。")
        self.figure, self.day, self.until = figure, day, until


def known_by(subject: Subject, figures: Iterable[Figure], until: date) -> list[Figure]:
    """Figures whose own as-of day is not after `until`, without projections."""
    return [each for each in figures if not each.is_projected and as_of_day(subject, each) <= until]


def latest(
    subject: Subject,
    figures: Iterable[Figure],
    *,
    until: date | None = None,
    spans: Sequence[Span] = (),
    prefers_real: bool = False,
) -> Figure | None:
    """The newest figure that is whole, by its own as-of day and never a projection.

    `until` leaves out what is of a later day; `spans` looks only in these, the first that has one (a report's
    reference). With `prefers_real` an invented figure is taken only where there is no other. Without `spans` a part of a
    total speaks where there was never a whole one.
    """
    told = [each for each in figures if not each.is_projected and _tells(each)]
    if until is not None:
        told = known_by(subject, told, until)
    whole = [each for each in told if each.is_complete]
    pools = [[each for each in whole if Mark.SYNTHETIC not in each.marks], whole] if prefers_real else [whole]
    for pool in pools:
        for wanted in _by_span(spans):
            found = [each for each in pool if wanted(each) and (each.value is not None or not spans)]
            if found:
                return max(found, key=lambda each: _rank(subject, each))
    if spans:
        return None
    partial = [each for each in told if each.reported and each.period.span not in _YEARS]
    return max(partial, key=lambda each: _rank(subject, each), default=None)


def _tells(figure: Figure) -> bool:
    return figure.value is not None or bool(figure.missing_reason) or figure.is_split


def _by_span(spans: Sequence[Span]) -> list[Callable[[Figure], bool]]:
    if not spans:
        return [lambda _: True]
    return [lambda figure, span=span: figure.period.span == span for span in spans]  # type: ignore[misc]


def _rank(subject: Subject, figure: Figure) -> tuple[date, bool, int]:
    """By day; on one day the span it is usually reported by speaks, else the shorter one."""
    is_usual = figure.period.span == subject.usual_span
    return as_of_day(subject, figure), is_usual, -figure.period.span.months


def named(subject: Subject, figures: Iterable[Figure], period: Period, *, until: date | None = None) -> Figure | None:
    """The figure of a period. Raises LaterThanAsOf where its as-of day is after `until`; a projection has no such day."""
    found = next((each for each in figures if each.period == period), None)
    if found is not None and until is not None and not found.is_projected:
        day = as_of_day(subject, found)
        if day > until:
            raise LaterThanAsOf(found, day, until)
    return found


def in_progress(subject: Subject, figures: Iterable[Figure], shown: Figure) -> Figure | None:
    """The newest period of which a part is reported already, where it is newer than what is shown."""
    newer = [
        each
        for each in figures
        if each.period.span == shown.period.span == subject.usual_span
        and each.period.start > shown.period.start
        and each.reported
        and not each.is_projected
        and not each.is_complete
    ]
    return max(newer, key=lambda each: each.period.start, default=None)


def a_year_before(figures: Iterable[Figure], shown: Figure) -> Figure | None:
    """The figure of the same period of the year before, whole or not."""
    wanted = shown.period.a_year_before()
    return next((each for each in figures if each.period == wanted), None)


def before(figures: Iterable[Figure], shown: Figure) -> Figure | None:
    """The period just before, where both are whole and hold as many months; of levels of months, the same month."""
    previous = shown.period.previous()
    found = next((each for each in figures if each.period == previous), None)
    if found is None or found.whole is None or shown.whole is None or found.months != shown.months:
        return None
    if shown.lost_before:
        return None  # a part that was counted then ended: the rest of the total is no change of it
    if shown.level_month is not None:
        is_same_month = found.level_month is not None and add_months(found.level_month, 12) == shown.level_month
        return found if is_same_month else None
    if shown.final_month is not None and shown.final_month < month_start(shown.period.end):
        return None  # it ended within the period
    return found if found.months == found.period.span.months else None


def trend(figures: Iterable[Figure], shown: Figure, count: int) -> list[tuple[Period, Figure | None]]:
    """The `count` periods up to the shown one, oldest first, from the first that has a figure; gaps stay gaps."""
    by_period = {each.period: each for each in figures}
    periods = [shown.period.shift(-back) for back in range(count - 1, -1, -1)]
    found = [(period, by_period.get(period)) for period in periods]
    first = next(index for index, (_, figure) in enumerate(found) if figure is not None)
    return found[first:]
