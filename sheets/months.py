"""Reads the months of a table one after the other: the year or era that was written once holds for what follows."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from japan.dates import AmbiguousDate, DateError, parse_month
from japan.fiscal import date_of_fiscal_month, month_start
from japan.wareki import era_year_to_western
from sheets.books import Cell
from sheets.cells import fold, remembered
from sheets.tables import Table

_ERA = r"(?P<era>令和|平成|昭和|[RHSrhs]\.?)"
#: The letters of eras, with the words.
ERA_WORDS = {"R": "令和", "H": "平成", "S": "昭和"}
_BARE = re.compile(r"(?P<month>1[0-2]|0?[1-9])(?:\.0)?(?:月分?)?")
YEAR = re.compile(
    rf"(?:{_ERA}?(?P<number>元|[0-9]{{1,2}})|(?:FY)?(?P<western>(?:19|20)[0-9]{{2}}))(?P<unit>年度|年)?(?:分)?",
    re.IGNORECASE,
)
#: In running text and file names a year needs a mark of its own.
_WITHIN = re.compile(
    r"(?:(?P<era>令和|平成|昭和)(?P<number>元|[0-9]{1,2})|(?<![A-Za-z0-9])(?P<letter>[RHrh])\.?(?P<short>元|[0-9]{1,2})"
    r"|(?<![0-9])(?:FY)?(?P<western>(?:19|20)[0-9]{2}))(?P<unit>年度|年)?(?![0-9])"
)
_LEADING_ERA = re.compile(r"(?P<era>明治|大正|昭和|平成|令和|[MTSHR]\.?)(?=元|[0-9])", re.IGNORECASE)
#: A year that is written without its era: 6年4月.
_YEAR_ALONE = re.compile(r"(?:元|[0-9]{1,2})年")
#: a), 注1, *, (注 速報値) and the like behind a month, from right to left: the text is turned round, so that one match
#: from its start finds them all, whatever stands before them.
_SETONTOOF = re.compile(r"(?:(?>\)[^()]*+(?<=[注※])\(|\)[a-z]|[0-9]*+※|\*|\)?+[0-9]*+注)\s*+)*+")


class YearMissing(DateError):
    """A month alone, and nothing around it that names the year."""


@dataclass(frozen=True)
class KnownYear:
    """A year that is written somewhere else than beside the month. `is_fiscal` is None where the text does not say."""

    year: int
    is_fiscal: bool | None
    source: str

    def month(self, month: int) -> date:
        return date_of_fiscal_month(self.year, month) if self.is_fiscal else date(self.year, month, 1)


def find_year(table: Table, file_name: str = "") -> KnownYear | None:
    """The year named above the table, by the sheet, below the table or in the file's name: the first that is there."""
    places = (
        *((text, "表の上の見出し") for text in table.preamble),
        (table.sheet, "シートの名前"),
        (file_name.rsplit(".", 1)[0], "ファイル名"),
    )
    for text, source in places:
        if found := _year_within(unicodedata.normalize("NFKC", text), source):
            return found
    return None


def _year_within(text: str, source: str) -> KnownYear | None:
    for match in sorted(_WITHIN.finditer(text), key=lambda match: match["unit"] != "年度"):
        era, number = match["era"] or match["letter"], match["number"] or match["short"]
        year = int(match["western"]) if match["western"] else era_year(era, number)
        if year:
            is_fiscal = {"年度": True, "年": False}.get(match["unit"] or "")
            return KnownYear(year, is_fiscal, f"{source}「{match[0]}」")
    return None


def era_within(texts: Iterable[str]) -> str:
    """The first era that a year in the texts is written with: 平成 in 平成7年度～27年度. "" without one."""
    for text in texts:
        for match in _WITHIN.finditer(unicodedata.normalize("NFKC", text)):
            if era := match["era"] or match["letter"]:
                return era
    return ""


def era_year(era: str, number: str) -> int | None:
    try:
        return era_year_to_western(era.rstrip("."), 1 if number == "元" else int(number))
    except ValueError:
        return None


def bare_month(cell: Cell) -> int | None:
    """4 for 4月, ４, 4月分 and a number cell 4."""
    if isinstance(cell, bool | date) or cell is None:
        return None
    return _bare_month(fold(cell))


@remembered
def _bare_month(text: str) -> int | None:
    match = _BARE.fullmatch(tidy(text))
    return int(match["month"]) if match else None


def is_year(cell: Cell) -> bool:
    """A cell that is a year and nothing else. One or two digits alone may be anything."""
    if isinstance(cell, bool | date) or cell is None:
        return False
    match = YEAR.fullmatch(tidy(fold(cell)))
    return match is not None and bool(match["western"] or match["era"] or match["unit"])


def year_of(cell: Cell, era: str = "") -> KnownYear | None:
    match = None if isinstance(cell, bool | date) or cell is None else YEAR.fullmatch(tidy(fold(cell)))
    if match is None:
        return None
    year = int(match["western"]) if match["western"] else era_year(match["era"] or era, match["number"])
    return None if year is None else KnownYear(year, match["unit"] == "年度", "年の列")


class MonthReader:
    """Reads months in the order of the table. `cells` are all of them: they tell whether a bare 4…3 is a fiscal year.

    `day_order` says how 10/1/2017 is meant, "month" or "day" first; without it such a day is refused and
    `needs_day_order` set.
    """

    def __init__(self, known: KnownYear | None, cells: Sequence[Cell], day_order: str = "") -> None:
        self.known = known
        self.day_order = day_order
        self.needs_day_order = False
        self.era = ""
        self.year_beside: KnownYear | None = None
        self.needs_year = self.used_known_year = self.carried = False
        self._last: date | None = None
        bare = [month for cell in cells if (month := bare_month(cell))]
        self._runs_fiscally = bare[:1] == [4] and any(b < a for a, b in itertools.pairwise(bare))
        if known is not None and not known.is_fiscal and self._runs_fiscally:
            self.known = KnownYear(known.year, True, known.source)

    @property
    def known_label(self) -> str:
        known = self.known
        return "" if known is None else f"{known.year}年{'度' if known.is_fiscal else ''}"

    def can_read(self, cell: Cell) -> bool:
        try:
            self.read(cell)
        except AmbiguousDate:
            return True  # a month, whichever it is
        except DateError:
            return False
        return True

    def read(self, cell: Cell) -> date:
        """The first day of the month. Raises DateError, YearMissing where only the year is lacking."""
        month = bare_month(cell)
        found = self._bare(month, cell) if month else self._full(cell)
        self._last = found
        return found

    def _bare(self, month: int, cell: Cell) -> date:
        if self._last is not None and not self.used_known_year:
            self.carried = True
            return date(self._last.year + (month < self._last.month), month, 1)
        if self.known is None:
            self.needs_year = True
            raise YearMissing(f"「{fold(cell)}」には年がありません。何年度の表か選んでください。")
        self.used_known_year = True
        return self.known.month(month)

    def _full(self, cell: Cell) -> date:
        if isinstance(cell, date):
            return parse_month(cell)
        if isinstance(cell, bool) or cell is None:
            raise DateError("年月がありません。")
        if isinstance(cell, Decimal) and cell != cell.to_integral_value():
            raise DateError(
                f"「{fold(cell)}」は数値なので、1月か10月か分かりません。「2024年1月」のように文字か日付で入れてください。"
            )
        text = tidy(fold(cell))
        if has_era := _LEADING_ERA.match(text):
            self.era = has_era["era"]
        try:
            found = _parsed(text, self.era)
        except AmbiguousDate as error:
            self.needs_day_order = not self.day_order
            if self.needs_day_order:
                raise
            found = month_start(error.candidates[self.day_order == "day"])
        self.carried = self.carried or bool(_YEAR_ALONE.match(text))
        return found


@remembered
def _parsed(text: str, era: str) -> date:
    return parse_month(text, era=era)


@remembered
def tidy(text: str) -> str:
    """A text on one level of width, without spaces and the marks of footnotes behind it."""
    turned = unicodedata.normalize("NFKC", text)[::-1]
    return turned[_SETONTOOF.match(turned).end() :][::-1].replace(" ", "")  # type: ignore[union-attr]  # matches ""
