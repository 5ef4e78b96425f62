"""What stands around a table and holds for all of it: the month its title or file name tells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from japan.dates import DateError, parse_month
from sheets import Table, find_year

#: 6月3日 is the day somebody wrote the table, unless it says 現在 or 時点.
_MONTH = re.compile(
    r"(?P<year>(?:令和|平成|[RHrh]\.?)(?:元|[0-9]{1,2})|(?<![0-9])20[0-9]{2})(?P<between>年度?|[./\-_])"
    r"(?P<month>1[0-2]|0?[1-9])(?![0-9])(?:月(?:[0-9]{1,2}日(?!現在|時点)(?P<written>))?)?"
)
_MONTH_ALONE = re.compile(r"(?<![0-9])(?P<month>1[0-2]|0?[1-9])月(?![0-9]{1,2}日)")
_WITH_DAY = re.compile(r"[^月]{1,12}月[0-9]{1,2}日(?:現在|時点)")


class Told(NamedTuple):
    """The month of a whole table, where it was read in words, and the text that says it (令和7年5月1日現在)."""

    month: date
    source: str
    text: str


def month_of_table(table: Table, file_name: str) -> Told | None:
    """The one month a table without months is of, and where it was read: a heading, above, the sheet, the file's name.

    A place that names several months says nothing.
    """
    places = (
        *((column.name, "見出し") for column in table.columns),
        *((text, "表の上の見出し") for text in table.preamble),
        (table.sheet, "シートの名前"),
        (file_name.rsplit(".", 1)[0], "ファイル名"),
    )
    folded = [(unicodedata.normalize("NFKC", text).replace(" ", ""), where) for text, where in places]
    for text, where in folded:
        found = dict(_months(text))
        if len(found) == 1:
            [(month, said)] = found.items()
            return Told(month, f"{where}「{text[:40]}」", said)
    known = find_year(table, file_name)
    for text, where in folded if known is not None and known.is_fiscal is not None else ():
        alone = {int(match["month"]) for match in _MONTH_ALONE.finditer(text)}
        if known is not None and len(alone) == 1:
            return Told(known.month(alone.pop()), f"{where}「{text[:40]}」と{known.source}", "")
    return None


def _months(text: str) -> Iterable[tuple[date, str]]:
    for match in _MONTH.finditer(text):
        if match["written"] is not None:
            continue
        between = match["between"] if match["between"].startswith("年") else "年"
        try:
            yield parse_month(f"{match['year']}{between}{match['month']}月"), _with_day(text[match.start() :])
        except DateError:
            continue


def _with_day(text: str) -> str:
    """The date that a text begins with, to the day it is as of: 令和7年5月1日現在."""
    match = _WITH_DAY.match(text)
    return match[0] if match else ""
