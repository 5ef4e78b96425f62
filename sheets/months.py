"""Reads the months of a table one after the other: the year or era that was written once holds for what follows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from japan.dates import AmbiguousDate, DateError, parse_month
from japan.fiscal import fiscal_year_of, month_start
from sheets.books import Cell
from sheets.cells import fold, remembered
from sheets.month_order import MonthOrder, Told
from sheets.named_years import KnownYear, era_year, rivals_said
from sheets.written_months import is_written_twice, written_month

_ERA = r"(?P<era>令和|平成|昭和|[RHSrhs]\.?)"
#: The letters of eras, with the words.
ERA_WORDS = {"R": "令和", "H": "平成", "S": "昭和"}
_BARE = re.compile(
    r"(?P<month>1[0-2]|0?[1-9])(?:\.0)?(?:月分?|月(?:末日?|[12][0-9]日|3[01]日|0?[1-9]日)?(?:現在|時点)?)?"
)
YEAR = re.compile(
    rf"(?:{_ERA}?(?P<number>元|[0-9]{{1,2}})|(?:FY)?(?P<western>(?:19|20)[0-9]{{2}}))(?P<unit>年度|年)?(?:分)?",
    re.IGNORECASE,
)
_LEADING_ERA = re.compile(r"(?P<era>明治|大正|昭和|平成|令和|[MTSHR]\.?)(?=元|[0-9])", re.IGNORECASE)
#: A year that is written without its era: 6年4月.
_YEAR_ALONE = re.compile(r"(?:元|[0-9]{1,2})年")
#: a), 注1, *, (注 速報値) and the like behind a month, from right to left: the text is turned round, so that one match
#: from its start finds them all, whatever stands before them.
_SETONTOOF = re.compile(r"(?:(?>\)[^()]*+(?<=[注※])\(|\)[a-z]|[0-9]*+※|\*|\)?+[0-9]*+注)\s*+)*+")


class YearMissing(DateError):
    """A month alone, and nothing around it that names the year."""


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


def year_of(cell: Cell, era: str = "", *, is_fiscal: bool | None = None) -> KnownYear | None:
    """The year of a cell in a column of years. `is_fiscal` is what its heading says, for a year without 年度 or 年."""
    match = None if isinstance(cell, bool | date) or cell is None else YEAR.fullmatch(tidy(fold(cell)))
    if match is None:
        return None
    year = int(match["western"]) if match["western"] else era_year(match["era"] or era, match["number"])
    kind = {"年度": True, "年": False}.get(match["unit"] or "", is_fiscal)
    return None if year is None else KnownYear(year, kind, "年の列")


class MonthReader:
    """Reads months in the order of the table. `cells` are all of them: they tell whether a bare 4…3 is a fiscal year, and
    whether the newest month comes first. `rivals` are years around the table that do not go together.

    `day_order` says how 10/1/2017 is meant, "month" or "day" first; without it such a day is refused and
    `needs_day_order` set.
    """

    def __init__(
        self, known: KnownYear | None, cells: Sequence[Cell], day_order: str = "", rivals: Sequence[KnownYear] = ()
    ) -> None:
        self.rivals = rivals
        self.day_order = day_order
        self.needs_day_order = False
        self.era = ""
        self.year_beside: KnownYear | None = None
        self.needs_year = self.used_known_year = self.carried = False
        self.asks_year = ""
        self._last: date | None = None
        self._written: date | None = None
        order = MonthOrder([told for cell in cells if (told := _told(cell))])
        self._step = order.step
        self.known = known and order.with_kind(known)

    @property
    def known_label(self) -> str:
        return "" if self.known is None else self.known.label

    def can_read(self, cell: Cell) -> bool:
        try:
            self.read(cell)
        except AmbiguousDate:
            return True  # a month, whichever it is
        except YearMissing:
            return True
        except DateError:
            return isinstance(cell, str) and is_written_twice(tidy(fold(cell)))
        return True

    def read(self, cell: Cell) -> date:
        """The first day of the month. Raises DateError, YearMissing where only the year is lacking."""
        month = bare_month(cell)
        if month:
            found = self._bare(month, cell)
        else:
            found = self._written = self._full(cell)
        self._last = found
        return found

    def read_shown(self, day: date) -> date:
        """The month of a day that is shown without its year. Where the year around the table is another than the stored
        one, nobody sees which is meant: it is asked for, and what was chosen comes first."""
        known = self.known
        if known is not None and known.is_chosen:
            return known.month(day.month)
        years = {fiscal_year_of(day)} if known and known.is_fiscal else {day.year}
        if known is not None and known.is_fiscal is None:
            years |= {fiscal_year_of(day)}
        around = [known] if known else list(self.rivals)
        if (around and known is None) or (known is not None and known.year not in years):
            raise self.ask(
                f"「{day.month}月」と表示されているセルの日付は{day.year}年{day.month}月で、{rivals_said(around)}と合いません。"
                "「年のない月の年度」で、どの年か選んでください。"
            )
        return self.read(day)

    def ask(self, message: str) -> YearMissing:
        self.needs_year = True
        self.asks_year = self.asks_year or message
        return YearMissing(message)

    def _bare(self, month: int, cell: Cell) -> date:
        is_chosen = self.known is not None and self.known.is_chosen
        if self._written is not None and self._last is not None and not is_chosen:
            self.carried = True
            return self._carried(month, self._last, self._written, cell)
        if self.known is not None:
            if self.known.is_fiscal is None:
                raise self.ask(
                    f"「{fold(cell)}」が{self.known.year}年度の月か{self.known.year}年（暦年）の月か分かりません"
                    f"（{self.known.source}）。「年の種類」を選んでください。"
                )
            self.used_known_year = True
            return self.known.month(month)
        if self.rivals:
            raise self.ask(
                f"年が2通り以上考えられます（{rivals_said(self.rivals)}）。「年のない月の年度」で、どの年か選んでください。"
            )
        raise self.ask(f"「{fold(cell)}」には年がありません。何年度の表か選んでください。")

    def _carried(self, month: int, last: date, written: date, cell: Cell) -> date:
        """The year that was written last holds for the months that follow it, for less than a year and in one order."""
        crosses = (month - last.month) * self._step < 0
        found = date(last.year + (self._step if crosses else 0), month, 1)
        far = abs((found.year - written.year) * 12 + found.month - written.month) >= 12
        if (self._step == 0 and month != last.month) or far:
            raise self.ask(
                f"「{fold(cell)}」の年が前後の月の並びから決まりません。"
                "「年のない月の年度」を選ぶか、ファイルの月に年を書いてください。"
            )
        return found

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


def month_told(cell: Cell) -> int | None:
    """The month of a cell, 1 to 12, whether or not its year is written in it."""
    told = _told(cell)
    return told.month if told else None


def _told(cell: Cell) -> Told | None:
    if month := bare_month(cell):
        return Told(month, has_year=False)
    if isinstance(cell, date):
        return Told(cell.month, has_year=True)
    if not isinstance(cell, str):
        return None
    try:
        return Told(_parsed(tidy(fold(cell)), "令和").month, has_year=True)
    except DateError:
        return None


@remembered
def _parsed(text: str, era: str) -> date:
    return written_month(text, era=era)


@remembered
def tidy(text: str) -> str:
    """A text on one level of width, without spaces and the marks of footnotes behind it."""
    turned = unicodedata.normalize("NFKC", text)[::-1]
    return turned[_SETONTOOF.match(turned).end() :][::-1].replace(" ", "")  # type: ignore[union-attr]  # matches ""
