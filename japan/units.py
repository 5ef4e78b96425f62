"""Units behind a number: the same unit in other spellings, and which units are known where none is expected."""

from __future__ import annotations

import itertools
import unicodedata

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
