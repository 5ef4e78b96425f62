"""Number formats of cells: the codes Excel does not write out, which of them show a day, and where each one is used.

A format is part of what a cell says: 1234 shown by `#,##0,` is 1 thousand, 0.5 by `0%` is 50 %, a day by `m"月"` is a month.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

GENERAL = "General"
#: ECMA-376 part 1, 18.8.30: formats that a file names by number only. 27–36 and 50–58 are those of a Japanese Excel.
BUILT_IN = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: '"¥"#,##0;"¥"\\-#,##0',
    6: '"¥"#,##0;[Red]"¥"\\-#,##0',
    7: '"¥"#,##0.00;"¥"\\-#,##0.00',
    8: '"¥"#,##0.00;[Red]"¥"\\-#,##0.00',
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy/m/d h:mm",
    30: "m/d/yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"時"mm"分"',
    33: 'h"時"mm"分"ss"秒"',
    **dict.fromkeys((27, 36, 50, 57), "[$-411]ge.m.d"),
    **dict.fromkeys((28, 29, 51, 54, 58), '[$-411]ggge"年"m"月"d"日"'),
    **dict.fromkeys((34, 52, 55), 'yyyy"年"m"月"'),
    **dict.fromkeys((35, 53, 56), 'm"月"d"日"'),
    37: "#,##0;\\-#,##0",
    38: "#,##0;[Red]\\-#,##0",
    39: "#,##0.00;\\-#,##0.00",
    40: "#,##0.00;[Red]\\-#,##0.00",
    41: '_ * #,##0_ ;_ * \\-#,##0_ ;_ * "-"_ ;_ @_ ',
    42: '_ "¥"* #,##0_ ;_ "¥"* \\-#,##0_ ;_ "¥"* "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ "¥"* #,##0.00_ ;_ "¥"* \\-#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
}
#: Excel itself stops at 255.
_MAX_LENGTH = 255
_GENERAL = re.compile(r"general|g/標準", re.IGNORECASE)
#: Words in quotes, letters behind \ _ and *, and brackets other than [h] [m] [s]: none of them is a part of a day.
_ASIDE = re.compile(r'"[^"]*+"?|[\\_*].|\[(?!h+\]|m+\]|s+\])[^\]]*+\]?', re.IGNORECASE)
_EXPONENT = re.compile(r"e[+\-]", re.IGNORECASE)
_OF_DAYS = re.compile(r"[dmhysge]", re.IGNORECASE)
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)


def code_of(number: int, own: Mapping[int, str]) -> str:
    """The code of a format by its number; `own` are those the file defines. "" for General and what is unknown."""
    code = own.get(number) or BUILT_IN.get(number, "")
    return "" if _GENERAL.fullmatch(code) else code[:_MAX_LENGTH]


@lru_cache(maxsize=1024)
def shows_days(code: str) -> bool:
    """Whether a number is shown as a day or a time. Only the format's first part counts, as in Excel."""
    plain = _EXPONENT.sub("", _GENERAL.sub("", _ASIDE.sub("", code[:_MAX_LENGTH]).split(";")[0]))
    return bool(_OF_DAYS.search(plain))


@lru_cache(maxsize=1024)
def hides_day(code: str) -> bool:
    """Whether a date is shown as its month or year alone: 2025-05-01 by m"月" is May, not the first of it."""
    plain = _GENERAL.sub("", _ASIDE.sub("", code[:_MAX_LENGTH]).split(";")[0]).lower()
    return bool(plain) and "d" not in plain and bool(_OF_DAYS.search(plain))


@lru_cache(maxsize=1024)
def hides_year(code: str) -> bool:
    """Whether a date is shown without its year: 2024-04-01 by m"月" is April of any year."""
    plain = _GENERAL.sub("", _ASIDE.sub("", code[:_MAX_LENGTH]).split(";")[0]).lower()
    return bool(plain) and bool(_OF_DAYS.search(plain)) and not any(letter in plain for letter in "yeg")


@lru_cache(maxsize=1024)
def shows_elapsed(code: str) -> bool:
    """Whether a number is shown as hours that go on beyond 24."""
    return bool(_ELAPSED.search(code[:_MAX_LENGTH]))


class Formats(Mapping[tuple[int, int], str]):
    """The formats of the cells that have one, by (row number from 1, column from 0); General is left out.

    They are kept as runs down each column, in a fraction of a dictionary's memory: a long table repeats the same few.
    """

    def __init__(self, runs: Iterable[tuple[int, int, int, str]] = ()) -> None:
        """`runs` are (column, first row, last row, code), from above in each column."""
        self._columns: dict[int, _Runs] = {}
        self.extend(runs)

    def extend(self, runs: Iterable[tuple[int, int, int, str]]) -> None:
        for column, first, last, code in runs:
            self._columns.setdefault(column, _Runs()).append(first, last, code)

    def add(self, row: int, column: int, code: str) -> None:
        """Rows have to come from above."""
        self._columns.setdefault(column, _Runs()).append(row, row, code)

    @property
    def runs(self) -> Iterator[tuple[int, int, int, str]]:
        return ((column, *run) for column, runs in self._columns.items() for run in runs)

    def __getitem__(self, place: tuple[int, int]) -> str:
        row, column = place
        runs = self._columns.get(column)
        if runs is not None and (code := runs.at(row)):
            return code
        raise KeyError(place)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return ((row, column) for column, first, last, _ in self.runs for row in range(first, last + 1))

    def __bool__(self) -> bool:
        return bool(self._columns)  # asked for each row of a table: not by counting all of them

    def __len__(self) -> int:
        return sum(last - first + 1 for _, first, last, _ in self.runs)


class _Runs:
    """The runs of one column, twelve bytes each: where the format changes with every row there may be 100,000."""

    def __init__(self) -> None:
        self._first, self._last, self._number = array("I"), array("I"), array("I")
        self._codes: list[str] = []
        self._numbers: dict[str, int] = {}

    def append(self, first: int, last: int, code: str) -> None:
        if self._last and self._last[-1] == first - 1 and self._codes[self._number[-1]] == code:
            self._last[-1] = last
            return
        if code not in self._numbers:
            self._numbers[code] = len(self._codes)
            self._codes.append(code)
        self._first.append(first)
        self._last.append(last)
        self._number.append(self._numbers[code])

    def at(self, row: int) -> str:
        position = bisect_left(self._last, row)
        is_within = position < len(self._first) and self._first[position] <= row
        return self._codes[self._number[position]] if is_within else ""

    def __iter__(self) -> Iterator[tuple[int, int, str]]:
        for first, last, number in zip(self._first, self._last, self._number, strict=True):
            yield first, last, self._codes[number]
