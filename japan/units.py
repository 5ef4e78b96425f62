"""Units behind a number: the same unit in other spellings, and which units are known where none is expected."""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

#: Each unit that is read without being expected, with its other spellings (as NFKC leaves them).
_SPELLINGS: dict[str, tuple[str, ...]] = {
    "人": ("名",),
    "件": (),
    "枚": (),
    "円": (),
    "時間": (),
    "か所": ("カ所", "ヵ所", "ヶ所", "ケ所", "箇所", "個所"),
    "%": ("パーセント",),
    "倍": (),
    "ポイント": (),
    "サービス": (),
    "種類": (),
    "世帯": (),
    "台": (),
    "回": (),
}
_CANONICAL = {spelling: unit for unit, others in _SPELLINGS.items() for spelling in (unit, *others)}
_BY_LENGTH = sorted(_CANONICAL, key=len, reverse=True)
#: Every spelling of a unit that is read without being expected, the longest first.
SPELLINGS = tuple(_BY_LENGTH)


def fold_width(text: str) -> str:
    """NFKC (full-width digits, ％, ㎡ …), except for marks such as ① and ¹, which it would turn into digits."""
    text = text.replace("m²", "㎡")
    parts = itertools.groupby(text, key=lambda character: unicodedata.category(character) == "No")
    return "".join(
        "".join(part) if is_mark else unicodedata.normalize("NFKC", "".join(part)) for is_mark, part in parts
    )


def split_unit(text: str, expected: str) -> tuple[str, str]:
    """A folded text without the unit at its end, and that unit as `expected` spells it ("" where none is written).

    Without an expected unit every known one is taken. A unit that is not the expected one stays in the text.
    """
    for spelling in _spellings_of(fold_width(expected)) if expected else _BY_LENGTH:
        if text.endswith(spelling):
            return text.removesuffix(spelling), expected or _CANONICAL[spelling]
    return text, ""


def _spellings_of(unit: str) -> list[str]:
    canonical = _CANONICAL.get(unit)
    return [unit] if canonical is None else [canonical, *_SPELLINGS[canonical]]


#: Kanji before a unit that multiply it: 千円 is 1,000円.
_MULTIPLES = {"千": 3, "万": 4, "百万": 6, "億": 8, "十億": 9, "兆": 12}
_SHARES = {"%": Decimal("0.01"), "‰": Decimal("0.001")}
#: Units that are read without being expected.
KNOWN = frozenset(_SPELLINGS)
_MULTIPLIED = re.compile(f"(?P<times>百万|十億|[千万億兆])(?P<base>(?:{'|'.join(map(re.escape, _BY_LENGTH))})(?:/.*)?)")
#: Full-width letters, digits and signs, and half-width kana.
_WIDTHS = re.compile("[\uff00-\uffef]+")
#: Other spellings of a share of 100 or 1,000.
_SHARE_SPELLINGS = {"パーセント": "%", "パーミル": "‰", "percent": "%"}


@dataclass(frozen=True)
class Unit:
    """A unit: its name as it is stored and shown, how many `base` one of it is (千円: 1,000円; %: 0.01)."""

    name: str
    factor: Decimal = Decimal(1)
    base: str = ""

    @property
    def is_percentage(self) -> bool:
        """Hundredths of a whole: its changes are points."""
        return self.base == "" and self.factor == _SHARES["%"]


def normalise_unit(text: str) -> str:
    """A unit as it is stored: ％ is %, full-width letters and digits are plain, without blanks. ㎡ stays ㎡."""
    folded = _WIDTHS.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    folded = "".join(folded.split())
    return _SHARE_SPELLINGS.get(folded.casefold(), folded)


@lru_cache(maxsize=512)
def unit_of(text: str) -> Unit:
    """What a unit means, in whatever spelling: the one place that gives it a factor."""
    name = normalise_unit(text)
    if name in _SHARES:
        return Unit(name, _SHARES[name])
    if match := _MULTIPLIED.fullmatch(name):
        return Unit(name, Decimal(10) ** _MULTIPLES[match["times"]], match["base"])
    return Unit(name, Decimal(1), name)


def is_percentage(text: str) -> bool:
    return unit_of(text).is_percentage
