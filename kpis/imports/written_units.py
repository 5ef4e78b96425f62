"""The unit that is written for numbers: in their name, over them, or in a sentence beside the table.

One place takes a unit off a name and reads it (`split_label`), so that no word is dropped as a unit by what looks for the
figure and unseen by what multiplies the numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from japan.units import SPELLINGS, fold_width, split_unit
from kpis.imports.mapping import SCALES, Mapping
from sheets import Table

_PREFIXES = {"十": 1, "百": 2, "千": 3}
_GREAT = {"万": 4, "億": 8, "兆": 12}
_TIMES = "(?:[十百千]?[万億兆]|[十百千])"
_IN_DIGITS = "1,?000,?000|100,?000|10,?000|1,?000|100"
_BASE = "|".join(map(re.escape, SPELLINGS))
_NOT_AFTER_A_NUMBER = "(?<![0-9一二三四五六七八九〇十百千万億兆])"
#: What makes a threshold or a thing of an amount: 百万円以上, 千円札.
_NOT_BEFORE = "(?!以上|以下|未満|超|まで|札|台|当たり|あたり|につき)"
_MULTIPLE = re.compile(f"(?P<times>{_TIMES}|{_IN_DIGITS})?(?P<base>.+)")
_UNIT = re.compile(f"(?P<times>{_TIMES}|{_IN_DIGITS})?(?P<base>(?:{_BASE})(?:/[^/]{{1,6}})?)")
_TIMES_ALONE = re.compile("[千万億]|百万|十億")
_GLUED = re.compile(f"{_NOT_AFTER_A_NUMBER}(?P<unit>{_TIMES}(?:{_BASE}))$")
_MENTION = re.compile(f"{_NOT_AFTER_A_NUMBER}(?P<unit>{_TIMES}(?:{_BASE})){_NOT_BEFORE}")
_GLUED_BARE = re.compile("(?<=[^0-9一二三四五六七八九〇十百千万億兆])(?P<unit>[円人件枚])$")
_ENDING = "(?>単位|です|である|とする|で|表示|表記|記載|しています|します|した|数値|数字|の額|の数)*+"
_SENTENCE = re.compile(
    f"(?:(?P<what>.{{0,20}}?)(?:の?単位)?(?:は|が|を))?(?P<unit>(?:{_TIMES}|{_IN_DIGITS})?(?:{_BASE})){_ENDING}"
)
_SENTENCE_OF_ANY = re.compile(f".{{0,20}}?の?単位(?:は|が|を)(?P<unit>[^はがを]{{1,10}}?){_ENDING}")
#: Of all numbers of the table.
_OF_ALL = {
    None,
    "",
    "数値",
    "数字",
    "値",
    "表",
    "本表",
    "この表",
    "表の数値",
    "表中の数値",
    "単位",
    "すべて",
    "いずれも",
}
_OPEN, _CLOSE = "([{<「『【〔〈《", ")]}>」』】〕〉》"
_MARKS = rf"\s・:;、。\-_=|→⇒~〜*※{re.escape(_OPEN + _CLOSE)}"
#: The comma of 1,000円 parts nothing.
_TOKEN = re.compile(rf"(?:[^{_MARKS},]|,(?=[0-9]{{3}}(?![0-9])))+")
_SAID = re.compile("単位(?:は|が)?")
_BEHIND = re.compile("(?:単位|表示|表記)$")
_SPREAD = re.compile(r"単\s{1,3}位")
_NO_UNIT = re.compile("未満|以下|当たり|あたり|あり|なし|数|を|の")
_LONGEST = 200
#: The base of a multiple without one: 千 of 件数（千）.
ANY = "*"
_POWER_OF_SCALE = {
    "one": 0, "hundred": 2, "thousand": 3, "man": 4, "hundred_k": 5, "million": 6, "ten_m": 7, "oku": 8, "billion": 9,
    "thousandth": -3, "man_th": -4, "millionth": -6, "oku_th": -8,
}  # fmt: skip


@dataclass(frozen=True)
class Unit:
    """A unit as it is written over numbers: 千 and 人 for （千人）. `parts` are those of a table with several (人・千円).

    `is_sure` is False for what may be a unit or a part of the name (千円単位の金額): nothing is multiplied by it before
    somebody says so. `is_of_all` is False for what is said of some of the numbers (金額は千円): it says nothing of figures
    that are counted in something else.
    """

    power: int
    name: str
    shown: str
    parts: tuple[Unit, ...] = ()
    is_sure: bool = True
    is_of_all: bool = True

    def mismatch(self, unit: str, scale: str) -> str:
        """Why numbers written in this unit cannot be taken for a figure counted in `unit`; "" where they can."""
        power, name = _power_and_base(unit)
        if not name or scale not in _POWER_OF_SCALE:
            return ""
        if self.parts:
            fitting = [part for part in self.parts if part.name == name]
            if len(fitting) == 1:
                return fitting[0].mismatch(unit, scale)
        if not self._is_of(name):
            if not self.is_of_all:
                return ""
            return (
                f"ファイルの単位は「{self.shown}」ですが、この指標の単位は「{unit}」です。どの指標か確かめてください。"
            )
        if self.power - power == _POWER_OF_SCALE[scale]:
            return ""
        fits = [SCALES[code][1] for code, each in _POWER_OF_SCALE.items() if self.power - power == each]
        way_out = f"「数値の単位」で{fits[0]}を選んでください。" if fits else f"値を{unit}に直してください。"
        told = f"ファイルの単位は「{self.shown}」" if self.is_sure else f"ファイルに「{self.shown}」とあり"
        return f"{told}、この指標の単位は「{unit}」です。{way_out}"

    def scale_for(self, unit: str) -> str:
        """The scale that makes numbers in this unit ones in `unit`; "" for none."""
        return next((code for code in _POWER_OF_SCALE if not self.mismatch(unit, code)), "")

    def says_of(self, unit: str) -> bool:
        """Whether it is a multiple of what a figure in `unit` is counted in, or a part of it."""
        name = _power_and_base(unit)[1]
        return any(part._is_of(name) for part in self.parts) or self._is_of(name)

    @property
    def is_known(self) -> bool:
        """Whether its base is a unit the application knows: トン may be one, and 「千円等」 none."""
        return bool(self.parts) or self.name == ANY or not split_unit(self.name, "")[0]

    def _is_of(self, name: str) -> bool:
        return self.name in (name, ANY)


class Label(NamedTuple):
    """A label without the unit that is written in it, and that unit."""

    name: str
    unit: Unit | None


class _Found(NamedTuple):
    unit: Unit
    start: int
    end: int
    is_said: bool


def split_label(text: str) -> Label:
    """The name in a label or heading, and the unit written in it, however it is set apart: （千人）, ：千円, 金額千円.

    What may be a unit or a part of the name stays in the name, and is a unit that is not sure.
    """
    folded = fold_width(text)[:_LONGEST]
    found = list(_units(folded, is_line=False))
    sure = [each for each in found if each.unit.is_sure]
    name = folded
    for each in reversed(sure):
        name = f"{name[: each.start]} {name[each.end :]}"
    return Label(name if name.strip() else folded, _together(each.unit for each in sure or found))


def unit_in(text: str) -> Unit | None:
    """The unit in a heading or label: 人 of 利用者数（千人）. Other brackets (再掲) are none, unless they say 単位."""
    return split_label(text).unit


def unit_of_table(table: Table, mapping: Mapping) -> Unit | None:
    """The unit said once for the whole table: by the heading of its only column of values, above the table or below it.

    A line that says 単位 comes before the others. Where lines say several units each is of the figures counted in it.
    """
    heading = unit_in(mapping.value_columns[0]) if len(mapping.value_columns) == 1 else None
    if heading is not None and heading.is_sure:
        return heading
    lines = [_SPREAD.sub("単位", fold_width(text))[:_LONGEST] for text in (*table.preamble, *table.notes)]
    found = [each for line in lines for each in _units(line, is_line=True)]
    sure = [each for each in found if each.unit.is_sure]
    said = [each for each in sure if each.is_said]
    return _together(each.unit for each in said or sure) or heading or _together(each.unit for each in found)


def _together(units: Iterable[Unit]) -> Unit | None:
    distinct = list(dict.fromkeys(units))
    if len({(each.power, each.name) for each in distinct}) <= 1:
        return distinct[0] if distinct else None
    shown = "・".join(each.shown for each in distinct)
    is_sure, is_of_all = all(each.is_sure for each in distinct), any(each.is_of_all for each in distinct)
    return Unit(0, "", shown, tuple(distinct), is_sure=is_sure, is_of_all=is_of_all)


def _units(text: str, *, is_line: bool) -> Iterator[_Found]:
    """Every unit in a folded text, in its order."""
    tokens = list(_tokens(text))
    is_said = False
    before = ""
    for number, (start, word) in enumerate(tokens):
        end = start + len(word)
        depth = sum(map(text[:start].count, _OPEN)) - sum(map(text[:start].count, _CLOSE))
        place = _Place(
            is_line=is_line,
            is_bracketed=depth > 0,
            is_last=number == len(tokens) - 1,
            is_alone=len(tokens) == 1,
            follows=text[start - 1 : start] in (":", "=") and before != "単位",
            is_said=is_said,
            is_named=before == "単位",
        )
        is_said = is_said or "単位" in word
        before = word
        if word == "単位":
            continue
        if found := _read(word, place):
            unit, at, length = found
            yield _Found(unit, start + at, start + at + length if length else end, is_said)


class _Place(NamedTuple):
    """Where a word stands: in a label or a line beside the table, in brackets, behind 単位."""

    is_line: bool
    is_bracketed: bool
    is_last: bool
    is_alone: bool
    follows: bool
    is_said: bool
    is_named: bool


def _tokens(text: str) -> Iterator[tuple[int, str]]:
    """The words between marks. A stroke parts them, except in a unit (円/人)."""
    for match in _TOKEN.finditer(text):
        if "/" not in match[0] or _UNIT.fullmatch(match[0]):
            yield match.start(), match[0]
            continue
        start = match.start()
        for part in match[0].split("/"):
            if part:
                yield start, part
            start += len(part) + 1


def _read(word: str, place: _Place) -> tuple[Unit, int, int] | None:
    """The unit of a word, where in it the unit begins, and how long it is (0: to its end)."""
    prefix = _SAID.match(word)
    at = prefix.end() if prefix else 0
    core = word[at:]
    is_said = bool(prefix) or place.is_said
    is_said = is_said or core.endswith("単位")
    if match := _UNIT.fullmatch(bare := _BEHIND.sub("", core)):
        return _whole(bare, bool(match["times"]), place, is_said=is_said)
    if _TIMES_ALONE.fullmatch(core) and (place.is_bracketed or place.is_last) and not place.is_alone:
        return Unit(_power(core), ANY, core, is_sure=False), at, 0
    if (place.is_line or is_said) and (match := _SENTENCE.fullmatch(core)):
        is_of_all = is_said or match["what"] in _OF_ALL
        return Unit(*_power_and_base(match["unit"]), match["unit"], is_of_all=is_of_all), 0, 0
    if match := _GLUED.search(core):
        unit = Unit(*_power_and_base(match["unit"]), match["unit"], is_of_all=not place.is_line)
        return unit, at + match.start(), 0
    if match := _SENTENCE_OF_ANY.fullmatch(word):
        return Unit(*_power_and_base(match["unit"]), match["unit"]), 0, 0
    if (place.is_named or prefix) and core and not _NO_UNIT.match(core) and len(core) <= 14:
        return Unit(*_power_and_base(core), core), 0, 0
    if match := _MENTION.search(core) or (None if place.is_line else _GLUED_BARE.search(core)):
        unit = Unit(*_power_and_base(match["unit"]), match["unit"], is_sure=False, is_of_all=False)
        return unit, at + match.start(), len(match["unit"])
    return None


def _whole(core: str, has_times: bool, place: _Place, *, is_said: bool) -> tuple[Unit, int, int] | None:
    """A word that is a unit and nothing else."""
    unit = Unit(*_power_and_base(core), core)
    is_set_apart = place.is_bracketed or is_said or place.is_alone
    if place.is_line:
        if not (is_set_apart or place.follows or (has_times and place.is_last)):
            return (replace(unit, is_sure=False, is_of_all=False), 0, 0) if has_times else None
        return replace(unit, is_of_all=is_said or (is_set_apart and not place.follows)), 0, 0
    if has_times or is_set_apart or place.is_last:
        # 世帯 alone is a name as often as a unit.
        is_of_all = has_times or place.is_bracketed or is_said or not place.is_alone
        return replace(unit, is_of_all=is_of_all), 0, 0
    return replace(unit, is_sure=False, is_of_all=False), 0, 0


def _power_and_base(unit: str) -> tuple[int, str]:
    """3 and 円 for 千円, with the base in its usual spelling."""
    match = _MULTIPLE.fullmatch(fold_width(unit).strip())
    if match is None:
        return 0, ""
    rest, known = split_unit(match["base"], "")
    return _power(match["times"] or ""), known if known and not rest else match["base"]


def _power(times: str) -> int:
    if times.startswith("1"):
        return times.count("0")
    return sum(_PREFIXES.get(letter, 0) + _GREAT.get(letter, 0) for letter in times)
