"""Years that are written around a table: above it, by its sheet, in the file's name. Dates of forms are none of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from japan.fiscal import date_of_fiscal_month, fiscal_year_of
from japan.wareki import era_year_to_western
from sheets.corners import corner_texts

if TYPE_CHECKING:
    from sheets.tables import Table

#: A title is short; what is longer is cut before it is searched.
_LOOKED_AT = 300
_ERA_WORD = r"(?:令和|平成|昭和)(?:元|[0-9]{1,2})"
_WRITTEN = rf"(?:{_ERA_WORD}|(?<![A-Za-z0-9])[RHrh]\.?(?:元|[0-9]{{1,2}})|(?<![0-9])(?:FY)?(?:19|20)[0-9]{{2}})"
#: In running text and file names a year needs a mark of its own.
_WITHIN = re.compile(
    r"(?:(?P<era>令和|平成|昭和)(?P<number>元|[0-9]{1,2})|(?<![A-Za-z0-9])(?P<letter>[RHrh])\.?(?P<short>元|[0-9]{1,2})"
    r"|(?<![0-9])(?P<fy>FY)?(?P<western>(?:19|20)[0-9]{2}))(?:(?P<unit>年度|年(?!度))|(?![0-9]))"
)
#: 令和 6 年度 is 令和6年度.
_GAPS = re.compile(r"(?<=[令平昭和成])\s{1,4}(?=[0-9元])|(?<=[0-9元])\s{1,4}(?=年)")
#: 令和6(2024)年度 and 2024(令和6)年度 name one year.
_BESIDE = re.compile(rf"(?<=[0-9元])\((?:{_ERA_WORD}|[RHrh]\.?[0-9]{{1,2}}|(?:19|20)[0-9]{{2}})(?:年度?)?\)(?=年)")
_ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]{1,300}|[!-~]{1,100}\.(?:html?|pdf|docx?|jp)(?![a-z])")
_MONTH = r"(?:年(?!度)|[./\-_])(?P<{0}>1[0-2]|0?[1-9])(?![0-9])月?(?:末日?|[0-9]{{1,2}}日)?"
_TO = r"(?:~|〜|-|–|―|から|→)"
#: 令和6年4月〜令和7年3月: the months a table covers.
_RANGE = re.compile(
    rf"(?P<year>{_WRITTEN}){_MONTH.format('first')}{_TO}"
    rf"(?:(?P<until>{_WRITTEN}|(?:元|[0-9]{{1,2}})(?=年))(?:年|[./\-_])(?P<last>1[0-2]|0?[1-9])(?![0-9])月?"
    r"|(?P<end>1[0-2]|0?[1-9])月)"
)
_DATE = re.compile(
    rf"{_WRITTEN}(?:年(?!度)|[./\-_])(?:1[0-2]|0?[1-9])(?![0-9])(?:月|[./\-_]?)(?:[0-9]{{1,2}}日?)?|(?<![0-9])20[0-9]{{6}}(?![0-9])"
)
#: Several years of one era: 令和5・6年度.
_SEVERAL = re.compile(
    rf"(?P<era>令和|平成|昭和|[RHrh]\.?)(?P<first>元|[0-9]{{1,2}})(?:年度?)?(?:[・、,]|{_TO})(?P<second>[0-9]{{1,2}})年度?"
)
#: What is said of a form, a rule, a building or an index and not of the numbers.
_OF_THE_FORM = re.compile(
    rf"{_WRITTEN}(?:年度?)?(?:に|の|一部|全部|全面|付け?)?"
    r"(?:改正|改定|改訂|制定|施行|策定|作成|印刷|出力|発行|版|様式|基準|価格|国勢調査|法律|政令|省令|条例|規則|要綱|訓令|告示|以前|以降|以後|開設|開館|設立|創設|開始|導入)"
)
_BEFORE_A_DATE = re.compile(
    r"(?:作成|印刷|出力|更新|改正|改定|改訂|制定|施行|発行|公表|取得|調査|提出|報告|記入|回答|基準)(?:年月日|日時|日|年)?[:; ]{0,2}"
    rf"{_WRITTEN}年?(?!度)"
)
_FORM = re.compile("様式|別記|別紙第")


@dataclass(frozen=True)
class KnownYear:
    """A year that is written somewhere else than beside the month. `is_fiscal` is None where the text does not say;
    `is_chosen` where somebody said it for this file, `is_kind_chosen` where somebody said which sort of year it is."""

    year: int
    is_fiscal: bool | None
    source: str
    is_chosen: bool = False
    is_kind_chosen: bool = False

    @property
    def label(self) -> str:
        return f"{self.year}年{'度' if self.is_fiscal else ''}"

    def month(self, month: int) -> date:
        return date_of_fiscal_month(self.year, month) if self.is_fiscal else date(self.year, month, 1)


def named_years(table: Table, file_name: str = "") -> list[KnownYear]:
    """The years that the numbers may be of, the strongest first: a 年度 before others, then as near as it stands."""
    places = (
        *((text, "表の上の見出し") for text in table.preamble),
        *((text, "表の左上の見出し") for text in corner_texts(table)),
        (table.sheet, "シートの名前"),
        (file_name.rsplit(".", 1)[0], "ファイル名"),
    )
    found = [year for text, source in places for year in years_within(text, source)]
    return sorted(found, key=lambda year: not year.is_fiscal)


def find_year(table: Table, file_name: str = "") -> KnownYear | None:
    """The year named around the table; None where there is none, or where two are named that do not go together."""
    found = named_years(table, file_name)
    return found[0] if found and not disagree(found) else None


def disagree(years: Sequence[KnownYear]) -> bool:
    """Whether the years cannot all be the table's: 令和6年度 goes with 2024, 令和6年 and 令和7年, not with R7."""
    fiscal = {each.year for each in years if each.is_fiscal}
    if not fiscal:
        return len({each.year for each in years}) > 1
    if len(fiscal) > 1:
        return True
    (year,) = fiscal
    return any(each.year - year not in ((0, 1) if each.is_fiscal is False else (0,)) for each in years)


def rivals_said(years: Sequence[KnownYear]) -> str:
    """The years that do not go together, each with where it stands."""
    return "、".join(dict.fromkeys(each.source for each in years))


def years_within(text: str, source: str) -> Iterator[KnownYear]:
    """The years of numbers in a text. Dates, forms, addresses and rules are passed over."""
    folded = _GAPS.sub("", unicodedata.normalize("NFKC", text[:_LOOKED_AT]))
    folded = _ADDRESS.sub("、", _BESIDE.sub("", folded))
    for match in _RANGE.finditer(folded):
        if (year := _of_range(match, source)) is not None:
            yield year
    folded = _RANGE.sub("、", folded)
    for match in _SEVERAL.finditer(folded):
        for number in (match["first"], match["second"]):
            if year_number := era_year(match["era"], number):
                yield KnownYear(year_number, True, f"{source}「{match[0]}」")
    folded = _SEVERAL.sub("、", folded)
    for pattern in (_OF_THE_FORM, _BEFORE_A_DATE, _DATE):
        folded = pattern.sub("、", folded)
    is_form = _FORM.search(folded) is not None
    for match in _WITHIN.finditer(folded):
        year_number = _year_of(match["western"], match["era"] or match["letter"], match["number"] or match["short"])
        is_fiscal = True if match["fy"] else {"年度": True, "年": False}.get(match["unit"] or "")
        if year_number and (is_fiscal or not is_form):
            yield KnownYear(year_number, is_fiscal, f"{source}「{match[0]}」")


def _of_range(match: re.Match[str], source: str) -> KnownYear | None:
    """The fiscal year, or else the calendar year, that holds all months of a range; None for a longer one."""
    year = _written(match["year"])
    until = match["until"]
    if until and (until == "元" or (until.isdigit() and len(until) < 3)):
        until = (_WITHIN.match(match["year"]) or {"era": ""})["era"] + until
    last_year = _written(until) if until else year
    if year is None or last_year is None:
        return None
    first, last = date(year, int(match["first"]), 1), date(last_year, int(match["last"] or match["end"]), 1)
    said = f"{source}「{match[0]}」"
    if fiscal_year_of(first) == fiscal_year_of(last):
        return KnownYear(fiscal_year_of(first), True, said)
    return KnownYear(year, False, said) if year == last_year else None


def _written(text: str) -> int | None:
    match = _WITHIN.match(text)
    if match is None:
        return None
    return _year_of(match["western"], match["era"] or match["letter"], match["number"] or match["short"])


def _year_of(western: str | None, era: str | None, number: str | None) -> int | None:
    return int(western) if western else era_year(era or "", number or "")


def era_within(texts: Iterable[str]) -> str:
    """The first era that a year in the texts is written with: 平成 in 平成7年度～27年度. "" without one."""
    for text in texts:
        for match in _WITHIN.finditer(unicodedata.normalize("NFKC", text[:_LOOKED_AT])):
            if era := match["era"] or match["letter"]:
                return era
    return ""


def era_year(era: str, number: str) -> int | None:
    try:
        return era_year_to_western(era.rstrip("."), 1 if number == "元" else int(number))
    except ValueError:
        return None
