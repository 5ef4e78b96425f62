"""What sort of line a row of a sheet is: words, headings, or values."""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from japan.dates import DateError
from sheets.books import Cell
from sheets.cells import fold, is_filled, plain
from sheets.written_months import is_written_twice, written_month

#: How sure a number is, beside it (kpis.imports.sureness takes the words for marks).
_SURE = r"(?:速報値?|暫定値?|推計値?|推定値?|概数|概算値?|見込み?値?|改[定訂]値?|確定値?)"
_NUMBER = re.compile(
    rf"(?:[(\[]?{_SURE}[)\]]?:?|約|およそ)?"
    r"[▲△▼+\-−]?[¥\\]?[▲△▼\-−]?(?:[0-9][0-9,]*+(?:\.[0-9]++|(?<=[0-9]))|\.[0-9]++)"
    r"(?:[千万億兆]|[%％]|人|件|枚|円|時間|か所|箇所|倍|回|台|世帯|ポイント|百万円)*+(?:※[0-9]*|\*)?"
    rf"(?:[(\[]?(?:{_SURE}|[pre])[)\]]?)?"
)
_NO_VALUE = re.compile(
    r"[-−‐–—―─ー…・x*]+|該当なし|該当無し|集計中|調査中|不詳|非公開|秘匿|\.\.\."
    r"|\(計算結果なし\)|#(?:div/0!|n/a|ref!|value!|name\?|null!|num!|spill!|calc!)"  # where a formula of Excel came to nothing
)
_TIME = re.compile(
    r"(?:fy|西暦)?(?:令和|平成|昭和|[rhs]\.?)?(?:元|[0-9]{1,4})(?:年度?|[./\-])?"
    r"(?:の?[0-9]{1,2}月?分?)?(?:[./\-]?[0-9]{1,2}日?)?(?:\([月火水木金土日]\))?"
)
_TOTAL = re.compile(
    r"(?:総?合計|総計|小計|計|累計|総数|(?:月|年|月間|年間)?平均値?|最大値?|最小値?|最高|最低|中央値|年度?計|年間計|上半?期計|下半?期計|全体|.{1,12}(?:合計|小計))(?:\(.*\))?"
)
_NOTE = re.compile(r"(?:※|\*|注|\(注|（注|備考|資料|出典|出所|〔注|\[注|[0-9a-z]\)|\([0-9a-z]\))", re.IGNORECASE)


_LONGEST = 60
#: 8:30, 8時30分, 2時間15分, 2024/4/1 10:00.
_CLOCK = re.compile(
    r"(?:[0-9/\-]{6,10}t?)?[0-9]{1,4}:[0-9]{2}(?::[0-9]{2})?|[0-9]{1,4}時間?(?:[0-9]{1,2}分?)?|[0-9]{1,3}分"
)
_SIGN = re.compile(
    r"秘|非公表|未公表|未集計|未回答|未実施|休止|廃止|有|無|なし|皆増|皆減|未?達成|済|未|[○◯●◎△×▲▽レ✓✔abc]"
)
_RUN, _SHORT, _LAST_YEAR = 3, 8, 2_100
_MONTH_NUMBER = re.compile(r"0?[1-9]|1[0-2]")
_YEAR_NUMBER = re.compile(r"19[5-9][0-9]|20[0-9]{2}|2100")
_MONTH_ALONE = re.compile(r"(?:0?[1-9]|1[0-2])月(?:分|(?:末日?|[12][0-9]日|3[01]日|0?[1-9]日)?(?:現在|時点)?)")


class Kind(Enum):
    BLANK = "blank"
    #: One text, or a few beside many columns: a title, a note, a date of issue.
    LINE = "line"
    #: Texts in several columns, and no value.
    HEADING = "heading"
    VALUES = "values"
    #: A line for machines (#object_type_xsd).
    MARK = "mark"


@dataclass(frozen=True)
class Line:
    """A row of a sheet with what it is: `number` as the file counts, `filled` the positions that are not empty."""

    number: int
    cells: list[Cell]
    kind: Kind
    filled: frozenset[int]

    @property
    def text(self) -> str:
        return "　".join(text for text in map(fold, self.cells) if text)


def line_of(number: int, cells: list[Cell]) -> Line:
    filled = frozenset([position for position, cell in enumerate(cells) if is_filled(cell)])
    return Line(number, cells, _kind(cells, filled), filled)


def _kind(cells: list[Cell], filled: frozenset[int]) -> Kind:
    if not filled:
        return Kind.BLANK
    first = fold(cells[min(filled)])
    if (
        first.startswith("#")
        and not _NO_VALUE.fullmatch(plain(first))
        and plain(first) != "#property"
        and len(first) > 1
        and first[1:2].isalpha()
    ):
        return Kind.MARK
    if len(filled) == 1:
        return Kind.LINE
    written = [cells[position] for position in sorted(filled)]
    if sum(map(_is_short, written)) >= _RUN and (_is_month_run(written) or _is_year_run(written)):
        return Kind.HEADING
    return Kind.VALUES if any(map(is_value, written)) else Kind.HEADING


def _is_short(cell: Cell) -> bool:
    """Whether it may be the number of a month or year: most rows are seen to be no run of them by this alone."""
    if isinstance(cell, str):
        return len(cell) <= _SHORT
    return isinstance(cell, Decimal) and 1 <= cell <= _LAST_YEAR


def _is_month_run(cells: list[Cell]) -> bool:
    """4, 5, … 3 across a row: months written as bare numbers."""
    numbers = [plain(fold(cell)) for cell in cells]
    months = [int(text) for text in numbers if _MONTH_NUMBER.fullmatch(text)]
    return len(months) >= 6 and all(second == first % 12 + 1 for first, second in itertools.pairwise(months))


def _is_year_run(cells: list[Cell]) -> bool:
    """2021, 2022, 2023 across a row and no other number: years."""
    numbers = [text for cell in cells if (text := plain(fold(cell))).isdigit()]
    years = [int(text) for text in numbers if _YEAR_NUMBER.fullmatch(text)]
    is_run = len(years) >= 3 and all(second == first + 1 for first, second in itertools.pairwise(years))
    return is_run and len(years) == len(numbers)


def is_value(cell: Cell) -> bool:
    """A number, or a sign in the place of one."""
    if isinstance(cell, str):
        if cell.isascii() and cell.isdigit() and len(cell) <= _LONGEST:
            return True
        return is_number(cell) or is_number(_in_brackets(cell)) or bool(_NO_VALUE.fullmatch(plain(cell)))
    return isinstance(cell, Decimal)


def _in_brackets(text: str) -> str:
    """12 of (12) and （12）: a part of another number, or a negative one."""
    folded = plain(text[:_LONGEST])
    return folded[1:-1] if folded.startswith("(") and folded.endswith(")") else ""


def says_value(cell: Cell) -> bool:
    """Whether a cell says something as a value does: a number, a day, a time, a share, or a sign or word in the place of
    one. In a CSV all of them are texts."""
    if cell is None:
        return False
    if not isinstance(cell, str):
        return True
    folded = plain(cell)
    return (
        is_value(cell)
        or bool(len(folded) <= _LONGEST and (_CLOCK.fullmatch(folded) or _SIGN.fullmatch(folded)))
        or is_day(cell)
    )


def is_day(text: str) -> bool:
    """A day, a month with its year: 2024/4/1, 令和6年4月."""
    return any(map(str.isdigit, text)) and len(text) <= _LONGEST and names_month(text)


def is_number(text: str) -> bool:
    folded = plain(text)
    return len(folded) <= 60 and bool(_NUMBER.fullmatch(folded))


def is_total(text: str) -> bool:
    return bool(_TOTAL.fullmatch(plain(text)))


def is_note(text: str) -> bool:
    return bool(_NOTE.match(unicodedata.normalize("NFKC", text).strip()))


def is_time(text: str) -> bool:
    """Whether a heading is a month, a year or a day: what changes in it from month to month says nothing of its shape."""
    folded = plain(text)
    return bool(folded) and not folded.isdigit() and bool(_TIME.fullmatch(folded))


def names_month(text: str) -> bool:
    """A month with its year, or 4月."""
    folded = plain(text)
    if _MONTH_ALONE.fullmatch(folded):
        return True
    try:
        written_month(text, era="令和")
    except DateError:
        return is_written_twice(text)
    return True
