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
_IN_BRACKETS = re.compile(r"[(\[【〔](?P<said>単位\s{0,3}[:;=は]?\s{0,3})?(?P<unit>[^()\[\]【】〔〕]{1,14})[)\]】〕]")
_AS_A_LINE = re.compile(r"単位\s{0,3}[:;=は]?\s{0,3}(?P<unit>[^\s()\[\]【】〔〕。:;=]{1,14})")
#: Two units of one table: 人・千円. The comma of 1,000円 parts nothing.
_BETWEEN_UNITS = re.compile(r"[・、]|,(?![0-9]{3})")
_MULTIPLE = re.compile(r"(?P<times>百万|十億|[千万億兆]|1,?000,?000|10,?000|1,?000)?(?P<base>.+)")
_POWERS = {"千": 3, "万": 4, "百万": 6, "億": 8, "十億": 9, "兆": 12, "1000": 3, "10000": 4, "1000000": 6}
_POWER_OF_SCALE = {
    "one": 0, "thousand": 3, "man": 4, "million": 6, "oku": 8,
    "thousandth": -3, "man_th": -4, "millionth": -6, "oku_th": -8,
}  # fmt: skip


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
    """A unit as it is written over numbers: 千 and 人 for （千人）. `parts` are those of a table with several (人・千円)."""

    power: int
    name: str
    shown: str
    parts: tuple[Unit, ...] = ()

    def mismatch(self, unit: str, scale: str) -> str:
        """Why numbers written in this unit cannot be taken for a figure counted in `unit`; "" where they can."""
        power, name = _power_and_base(unit)
        if not name or scale not in _POWER_OF_SCALE:
            return ""
        if self.parts:
            fitting = [part for part in self.parts if part.name == name]
            if len(fitting) == 1:
                return fitting[0].mismatch(unit, scale)
        if name != self.name:
            return (
                f"ファイルの単位は「{self.shown}」ですが、この指標の単位は「{unit}」です。どの指標か確かめてください。"
            )
        if self.power - power == _POWER_OF_SCALE[scale]:
            return ""
        fits = [SCALES[code][1] for code, each in _POWER_OF_SCALE.items() if self.power - power == each]
        way_out = f"「数値の単位」で{fits[0]}を選んでください。" if fits else f"値を{unit}に直してください。"
        return f"ファイルの単位は「{self.shown}」、この指標の単位は「{unit}」です。{way_out}"

    def scale_for(self, unit: str) -> str:
        """The scale that makes numbers in this unit ones in `unit`; "" for none."""
        return next((code for code in _POWER_OF_SCALE if not self.mismatch(unit, code)), "")


def _power_and_base(unit: str) -> tuple[int, str]:
    """3 and 円 for 千円, with the base in its usual spelling."""
    match = _MULTIPLE.fullmatch(fold_width(unit).strip())
    if match is None:
        return 0, ""
    rest, known = split_unit(match["base"], "")
    return _POWERS.get((match["times"] or "").replace(",", ""), 0), known if known and not rest else match["base"]


def unit_in(text: str) -> Unit | None:
    """The unit in a heading or label: 人 of 利用者数（千人）. Other brackets (再掲) are none, unless they say 単位."""
    found = _IN_BRACKETS.finditer(fold_width(text))
    return next((unit for each in found if (unit := _unit(each["unit"], is_said=bool(each["said"])))), None)


def unit_of_table(table: Table, mapping: Mapping) -> Unit | None:
    """The unit said once for the whole table: above it or below it, or by the heading of its only column of values."""
    if len(mapping.value_columns) == 1 and (unit := unit_in(mapping.value_columns[0])):
        return unit
    lines = [fold_width(text) for text in (*table.preamble, *table.notes)]
    for line in lines:
        if (match := _AS_A_LINE.search(line)) and (unit := _unit(match["unit"], is_said=True)):
            return unit
    return next((unit for line in lines if (unit := unit_in(line))), None)


def _unit(text: str, *, is_said: bool) -> Unit | None:
    """The unit of a text. What is no unit the application knows is one only where the file says 単位."""
    parts = [part.strip() for part in _BETWEEN_UNITS.split(text) if part.strip()]
    units = [Unit(*_power_and_base(part), part) for part in parts]
    known = all(not split_unit(unit.name, "")[0] for unit in units)
    if not units or not (known or is_said):
        return None
    return units[0] if len(units) == 1 else Unit(0, "", text.strip(), tuple(units))
