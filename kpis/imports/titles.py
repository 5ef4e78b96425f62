"""What stands around a table and holds for all of it: the month its title or file name tells, the unit of its numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from japan.dates import DateError, parse_month
from japan.units import fold_width, split_unit
from kpis.imports.mapping import SCALES, Mapping
from sheets import Table, find_year

#: 6月3日 is the day somebody wrote the table, unless it says 現在 or 時点.
_MONTH = re.compile(
    r"(?P<year>(?:令和|平成|[RHrh]\.?)(?:元|[0-9]{1,2})|(?<![0-9])20[0-9]{2})(?P<between>年度?|[./\-_])"
    r"(?P<month>1[0-2]|0?[1-9])(?![0-9])(?:月(?:[0-9]{1,2}日(?!現在|時点)(?P<written>))?)?"
)
_MONTH_ALONE = re.compile(r"(?<![0-9])(?P<month>1[0-2]|0?[1-9])月(?![0-9]{1,2}日)")
_WITH_DAY = re.compile(r"[^月]{1,12}月[0-9]{1,2}日(?:現在|時点)")
_IN_BRACKETS = re.compile(r"[(\[](?:単位[:は]?)?([^()\[\]]{1,8})[)\]]")
_AS_A_LINE = re.compile(r"単位[:は]?\s*([^\s()、。,]{1,8})")
_POWERS = {"": 0, "千": 3, "万": 4, "百万": 6}
_POWER_OF_SCALE = {"one": 0, "thousand": 3, "man": 4, "million": 6}


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


@dataclass(frozen=True)
class Unit:
    """A unit as it is written over numbers: 千 and 人 for （千人）."""

    power: int
    name: str
    shown: str

    def mismatch(self, unit: str, scale: str) -> str:
        """Why numbers written in this unit cannot be taken for a figure counted in `unit`; "" where they can."""
        factor, name = split_unit(fold_width(unit), "")
        if not name or factor not in _POWERS or scale not in _POWER_OF_SCALE:
            return ""
        if name != self.name:
            return (
                f"ファイルの単位は「{self.shown}」ですが、この指標の単位は「{unit}」です。どの指標か確かめてください。"
            )
        if self.power - _POWERS[factor] == _POWER_OF_SCALE[scale]:
            return ""
        fitting = [words for code, (_, words) in SCALES.items() if self.power - _POWERS[factor] == _power(code)]
        way_out = f"「数値の単位」で{fitting[0]}を選んでください。" if fitting else f"値を{unit}に直してください。"
        return f"ファイルの単位は「{self.shown}」、この指標の単位は「{unit}」です。{way_out}"

    def scale_for(self, unit: str) -> str:
        """The scale that makes numbers in this unit ones in `unit`; "" for none."""
        return next((code for code in _POWER_OF_SCALE if not self.mismatch(unit, code)), "")


def _power(scale: str) -> int | None:
    return _POWER_OF_SCALE.get(scale)


def unit_in(text: str) -> Unit | None:
    """The unit in a heading or label: 人 of 利用者数（千人）. Other brackets (再掲) are none."""
    return next((unit for found in _IN_BRACKETS.findall(fold_width(text)) if (unit := _unit(found))), None)


def unit_of_table(table: Table, mapping: Mapping) -> Unit | None:
    """The unit said once for the whole table: above it or below it, or by the heading of its only column of values."""
    if len(mapping.value_columns) == 1 and (unit := unit_in(mapping.value_columns[0])):
        return unit
    for text in (*table.preamble, *table.notes):
        if (match := _AS_A_LINE.search(fold_width(text))) and (unit := _unit(match[1])):
            return unit
    return None


def _unit(text: str) -> Unit | None:
    factor, name = split_unit(text.strip(), "")
    return Unit(_POWERS[factor], name, text.strip()) if name and factor in _POWERS else None
