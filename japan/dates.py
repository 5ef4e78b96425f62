"""Reads months and days as people and files write them. What can be read in two ways is refused, with both."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from japan.wareki import era_year_to_western

_ERA = r"(?P<era>令和|平成|昭和|[RHSrhs])\.?"
_YEAR = r"(?P<year>元|\d{1,2})"
_WESTERN = r"(?P<western>\d{4})"
_SEPARATOR = r"[年./\-]"
_MONTH = re.compile(rf"^(?:{_ERA}{_YEAR}|{_WESTERN}){_SEPARATOR}(?P<month>\d{{1,2}})(?:月)?(?:分|末|末現在|時点|末時点)?$")
_DAY = re.compile(rf"^(?:{_ERA}{_YEAR}|{_WESTERN}){_SEPARATOR}(?P<month>\d{{1,2}})[月./\-](?P<day>\d{{1,2}})日?(?:現在|時点)?$")
_COMPACT = re.compile(r"^(?P<western>(?:19|20)\d{2})(?P<month>\d{2})$")
_AMERICAN = re.compile(r"^(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<western>\d{4})$")
_TIME = re.compile(r"[T ]00:00(:00)?$")


class DateError(ValueError):
    """A month or day that cannot be taken; the message is Japanese and says what to do."""


class AmbiguousDate(DateError):
    """A text that reads as two days; `candidates` are both."""

    def __init__(self, text: str, candidates: tuple[date, date]) -> None:
        first, second = (f"{day.year}年{day.month}月{day.day}日" for day in candidates)
        super().__init__(f"「{text}」は{first}とも{second}とも読めます。2017-10-01 のように年から書いてください。")
        self.candidates = candidates


def parse_month(text: str) -> date:
    """The first day of the month a text names (a day within it counts too): 令和6年4月分, R6.4, 2024/04, 2024.4.30.

    Raises DateError for what is no month, AmbiguousDate for 10/1/2017.
    """
    folded = _fold(text)
    match = _MONTH.match(folded) or _COMPACT.match(folded)
    if match:
        return _date(text, _year(match), int(match["month"]), 1)
    try:
        return parse_date(text).replace(day=1)
    except AmbiguousDate:
        raise
    except DateError:
        raise DateError(
            f"「{text.strip()}」を年月として読み取れません。「令和6年4月」「R6.4」「2024-04」のように入力してください。"
        ) from None


def parse_date(text: str) -> date:
    """The day a text names: 令和7年5月31日, R7.5.31, 2025/5/31, 2025-05-31.

    Raises DateError for what is no day, AmbiguousDate for 10/1/2017 (month first or day first).
    """
    folded = _fold(text)
    if match := _DAY.match(folded):
        return _date(text, _year(match), int(match["month"]), int(match["day"]))
    if match := _AMERICAN.match(folded):
        return _american(text, int(match["western"]), int(match["first"]), int(match["second"]))
    raise DateError(
        f"「{text.strip()}」を日付として読み取れません。「令和7年5月31日」「2025-05-31」のように入力してください。"
    )


def _fold(text: str) -> str:
    folded = _TIME.sub("", unicodedata.normalize("NFKC", text).strip())
    folded = re.sub(r"[‐‑–—−]", "-", folded)
    # 令和7(2025)年3月 is our own writing: the western year in brackets repeats the wareki one.
    folded = re.sub(r"\(\d{4}\)(?=年)", "", folded)
    return re.sub(r"\s+", "", folded)


def _year(match: re.Match[str]) -> int:
    groups = match.groupdict()
    if groups.get("western"):
        return int(groups["western"])
    return era_year_to_western(groups["era"], 1 if groups["year"] == "元" else int(groups["year"]))


def _date(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise DateError(f"「{text.strip()}」という日付はありません。月と日を確かめてください。") from error


def _american(text: str, year: int, first: int, second: int) -> date:
    as_month_first = _date_or_none(year, first, second)
    as_day_first = _date_or_none(year, second, first)
    readings = [day for day in (as_month_first, as_day_first) if day is not None]
    if not readings:
        raise DateError(f"「{text.strip()}」という日付はありません。月と日を確かめてください。")
    if len(set(readings)) == 1:
        return readings[0]
    raise AmbiguousDate(text.strip(), (readings[0], readings[1]))


def _date_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
