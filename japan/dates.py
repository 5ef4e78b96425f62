"""Reads months and days as people and files write them. What can be read in two ways is refused, with both."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime

from japan.fiscal import add_months, date_of_fiscal_month, month_end, month_start
from japan.wareki import FIRST_GREGORIAN_DAY, LAST_YEAR, era_year_to_western

_ERA = r"(?:明治|大正|昭和|平成|令和|[MTSHRmtshr])\.?"
_YEAR = rf"{_ERA}(?:元|[0-9]{{1,3}})|[0-9]{{4}}"
_BARE = r"(?:元|[0-9]{1,3})(?=年)"
_START = rf"(?P<year>{_YEAR}|{_BARE})(?:(?P<fiscal>年度)の?|[年./\-])(?P<month>[0-9]{{1,2}})"
_MONTH = re.compile(rf"{_START}月?(?:月?分|中|末日?)?(?:現在|時点)?")
_DAY = re.compile(rf"{_START}[月./\-](?P<day>[0-9]{{1,2}})日?(?:現在|時点)?")
_MONTH_END = re.compile(rf"{_START}月末日?(?:現在|時点)?")
_COMPACT_MONTH = re.compile(r"(?P<year>(?:19|20)[0-9]{2})(?P<month>[0-9]{2})")
_COMPACT_DAY = re.compile(r"(?P<year>(?:19|20)[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})")
_MONTH_ALONE = re.compile(r"(?P<month>1[0-2]|0?[1-9])(?:月分?)?")
_YEAR_LAST = re.compile(r"(?P<first>[0-9]{1,2})/(?P<second>[0-9]{1,2})/(?P<year>[0-9]{4})")
_BOTH_YEARS = re.compile(rf"^(?P<year>{_YEAR})\((?P<beside>{_YEAR})\)(?=年)")
_TIME = re.compile(r"(?<=[0-9])(?:T|\s+)[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?$")
_WEEKDAY = re.compile(r"\((?:[月火水木金土日]曜?日?)(?:・?祝)?\)")
_DASH = re.compile(r"[‐‑–—−―ー]")
_SPACES = re.compile(r"\s+")
_ERA_YEAR = re.compile(rf"(?P<era>{_ERA})?(?P<number>元|[0-9]+)")
#: A longer text is no month and no day, and is not looked at for one.
_MAX_LENGTH = 100


class DateError(ValueError):
    """A month or day that cannot be taken; the message is Japanese and says what to do."""


class AmbiguousDate(DateError):
    """A text that reads as two days; `candidates` are both."""

    def __init__(self, text: str, candidates: tuple[date, date]) -> None:
        first, second = (f"{day.year}年{day.month}月{day.day}日" for day in candidates)
        example = candidates[0].isoformat()
        super().__init__(f"「{text}」は{first}とも{second}とも読めます。{example} のように年から書いてください。")
        self.candidates = candidates


def parse_month(text: str | date, *, today: date | None = None, era: str = "") -> date:
    """The first day of the month a text names (a day within it counts too): 令和6年4月分, R6.4, 2024/04, 2024.4.30.

    A month alone (4月, 4) needs `today` and is the latest such month up to it; a year without its era (6年4月) needs
    `era`. A date cell of Excel is taken as it is. Raises DateError for what is no month, AmbiguousDate for 10/1/2017.
    """
    if isinstance(text, date):
        return month_start(_day_of(text))
    shown, folded = _short(text, "年月"), _fold(text)
    if not folded:
        raise DateError("年月を入力してください（例：令和6年4月、R6.4、2024-04）。")
    if match := _MONTH.fullmatch(folded) or _COMPACT_MONTH.fullmatch(folded):
        return _date(match, shown, era)
    if match := _MONTH_ALONE.fullmatch(folded):
        return _latest(int(match["month"]), shown, today)
    if (day := _day_or_none(folded, shown, era)) is not None:
        return month_start(day)
    raise DateError(
        f"「{shown}」を年月として読み取れません。「令和6年4月」「R6.4」「2024-04」のように入力してください。"
    )


def parse_date(text: str | date, *, era: str = "") -> date:
    """The day a text names: 令和7年5月31日, 令和7年5月末, R7.5.31, 2025/5/31, 20250531; `era` for a year without it.

    Raises DateError for what is no day, AmbiguousDate for 10/1/2017 (month first or day first).
    """
    if isinstance(text, date):
        return _day_of(text)
    shown, folded = _short(text, "日付"), _fold(text)
    if not folded:
        raise DateError("日付を入力してください（例：令和7年5月31日、2025-05-31）。")
    if (day := _day_or_none(folded, shown, era)) is not None:
        return day
    raise DateError(
        f"「{shown}」を日付として読み取れません。「令和7年5月31日」「2025-05-31」のように入力してください。"
    )


def _short(text: str, what: str) -> str:
    """The text without the spaces around it. Raises DateError for one that is too long to be what it should be."""
    shown = text.strip()
    if len(shown) > _MAX_LENGTH:
        raise DateError(f"「{shown[:20]}…」は長すぎて、{what}として読み取れません。{what}だけを入力してください。")
    return shown


def _fold(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text.replace("\ufeff", "")).strip()
    folded = _DASH.sub("-", _TIME.sub("", folded))
    folded = _SPACES.sub("", folded)
    folded = _WEEKDAY.sub("", folded)
    # 令和7(2025)年3月 is our own writing: both years must be the same one.
    if match := _BOTH_YEARS.match(folded):
        if _western(match["year"], text) != _western(match["beside"], text):
            raise DateError(f"「{text.strip()}」は和暦と西暦の年が合いません。年を確かめてください。")
        folded = match["year"] + folded[match.end() :]
    return folded


def _day_of(day: date) -> date:
    return day.date() if isinstance(day, datetime) else day


def _day_or_none(folded: str, shown: str, era: str) -> date | None:
    if match := _DAY.fullmatch(folded) or _COMPACT_DAY.fullmatch(folded):
        return _date(match, shown, era)
    if match := _MONTH_END.fullmatch(folded):
        return month_end(_date(match, shown, era))
    if match := _YEAR_LAST.fullmatch(folded):
        return _year_last(shown, int(match["year"]), int(match["first"]), int(match["second"]))
    return None


def _western(year: str, shown: str, era: str = "") -> int:
    """The western year of 2024, 令和6, R元, or (with an era) 6."""
    match = _ERA_YEAR.fullmatch(year)
    number = 1 if match is None or match["number"] == "元" else int(match["number"])
    if len(year) == 4 and year.isdigit():
        return number
    name = (match["era"] if match else None) or era
    if not name:
        raise DateError(f"「{shown}」には元号がありません。「令和6年4月」のように元号から入力してください。")
    try:
        return era_year_to_western(name.rstrip("."), number)
    except ValueError as error:
        raise DateError(f"「{shown}」という年はありません。年を確かめてください。") from error


def _date(match: re.Match[str], shown: str, era: str) -> date:
    """The day of a match; its first day where it names only a month. A month of a 年度 may lie in the next year."""
    groups = match.groupdict()
    year, month = _western(groups["year"], shown, era), int(groups["month"])
    day = _date_or_none(year, month, int(groups.get("day") or 1))
    if day is not None and groups.get("fiscal"):
        day = _date_or_none(date_of_fiscal_month(year, month).year, month, int(groups.get("day") or 1))
    if day is None:
        raise DateError(f"「{shown}」という日付はありません。年月日を確かめてください。")
    return day


def _latest(month: int, shown: str, today: date | None) -> date:
    if today is None:
        raise DateError(f"「{shown}」には年がありません。「令和6年4月」「2024-04」のように年から入力してください。")
    return add_months(today, -((today.month - month) % 12))


def _year_last(shown: str, year: int, first: int, second: int) -> date:
    readings = [_date_or_none(year, first, second), _date_or_none(year, second, first)]
    days = list(dict.fromkeys(day for day in readings if day is not None))
    if not days:
        raise DateError(f"「{shown}」という日付はありません。年月日を確かめてください。")
    if len(days) == 2:
        raise AmbiguousDate(shown, (days[0], days[1]))
    return days[0]


def _date_or_none(year: int, month: int, day: int) -> date | None:
    if not FIRST_GREGORIAN_DAY.year <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
