"""Reads the period that a row of a table speaks of: a month, or with the kind of span beside it a quarter or a year."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from japan.dates import DateError, parse_month
from japan.periods import Period, Span

_YEAR = re.compile(r"(?P<year>.+?)(?P<fiscal>年度|年)?")
_QUARTER = re.compile(r"(?P<year>.+?)年度(?:の)?第?(?P<quarter>[1-4])四半期")
_BARE_YEAR = re.compile(r"[0-9]{4}")
#: A longer text is no period, and is not looked at for one.
_MAX_LENGTH = 100


def read_period(text: str | date, span: Span | None = None) -> Period:
    """The period of 2025-03, 令和7年3月, FY2024, 令和6年度, 2024-Q4, 令和6年度第4四半期, or (a calendar year) 2020年.

    `span` is what the column beside it says; without it, the text decides, and a bare year is refused: it may be
    either sort of year. Raises DateError, in Japanese, for what is no period or another sort than `span`.
    """
    if isinstance(text, date):
        return _of_day(text, span)
    shown = text.strip()
    if len(shown) > _MAX_LENGTH:
        raise DateError(f"「{shown[:20]}…」は長すぎて、期間として読み取れません。期間だけを入力してください。")
    period = _read(unicodedata.normalize("NFKC", shown).replace(" ", ""), shown, span)
    if span is not None and period.span is not span:
        raise DateError(f"「{shown}」は{period.span.label}の書き方です。期間の種類（{span.label}）とそろえてください。")
    return period


def _of_day(day: date, span: Span | None) -> Period:
    """A date cell of Excel: any day of a month stands for it, but a longer period is named by its first day."""
    period = Period.containing(span or Span.MONTH, day)
    if period.span is not Span.MONTH and period.start != day:
        raise DateError(f"{day.isoformat()} は{period.span.label}の初日ではありません。初日を入れてください。")
    return period


def _read(folded: str, shown: str, span: Span | None) -> Period:
    if not _BARE_YEAR.fullmatch(folded):
        try:
            return Period.from_iso(folded)
        except ValueError:
            pass
    if match := _QUARTER.fullmatch(folded):
        first = parse_month(f"{match['year']}年度4月")
        return Period(Span.QUARTER, first).shift(int(match["quarter"]) - 1)
    if (year := _year(folded, span)) is not None:
        return year
    if _BARE_YEAR.fullmatch(folded):
        raise DateError(f"「{shown}」は年度か暦年か分かりません。「{shown}年度」か「{shown}年」と入力してください。")
    return Period(Span.MONTH, parse_month(shown))


def _year(folded: str, span: Span | None) -> Period | None:
    """令和6年度 or 2020年; without 年度 or 年 what `span` says."""
    match = _YEAR.fullmatch(folded)
    if match is None:
        return None
    named = {"年度": Span.FISCAL_YEAR, "年": Span.CALENDAR_YEAR}.get(match["fiscal"] or "", span)
    if named not in (Span.FISCAL_YEAR, Span.CALENDAR_YEAR):
        return None
    first = "年度4月" if named is Span.FISCAL_YEAR else "年1月"
    try:
        return Period(named, parse_month(match["year"] + first))
    except DateError:
        return None
