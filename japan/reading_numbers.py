"""Reads numbers as people and files write them: full-width digits, ▲, 万, units, symbols for "no value".

What is ambiguous is refused with a sentence that says how to write it; nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from japan.digits import NumberError, check_digits
from japan.missing import MissingReason

#: Every sign people use for minus; a long vowel mark counts only before a digit.
_MINUS = "-−－‐‑–—ー―▲△▼"
_MISSING = {
    **dict.fromkeys(["－", "-", "−", "‐", "–", "—", "ー", "―", "─", "該当なし", "該当無し", "該当なし。"], "NOT_APPLICABLE"),
    **dict.fromkeys(["…", "...", "‥", "集計中", "不詳", "調査中"], "PENDING"),
    **dict.fromkeys(["x", "X", "ｘ", "Ｘ", "χ", "非公開", "秘匿"], "WITHHELD"),
    **dict.fromkeys(["導入前", "開始前"], "BEFORE_START"),
}
_KANJI_POWER = {"万": 4, "億": 8, "兆": 12}
#: Money is often in thousands or millions; these prefixes scale only before 円.
_SCALED_YEN = {"千円": 3, "百万円": 6, "十億円": 9}
_NOTE = re.compile(r"(?:[※注*]\s*\d*|[（(](?:注|※)[^）)]*[）)])\s*$")
_BODY = re.compile(r"^(?P<sign>[+＋]?)(?P<number>[\d,.万億兆]*\d[\d,.万億兆]*)(?P<unit>\D*)$")
_PLAIN = re.compile(r"^(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$")


@dataclass(frozen=True)
class Understood:
    """How a text was understood: a value, a reason for its absence, or (both None) a blank.

    `unit` is the unit as it was written, `note` a dropped trailing note such as ※1.
    """

    value: Decimal | None = None
    missing: MissingReason | None = None
    unit: str = ""
    note: str = ""

    @property
    def is_blank(self) -> bool:
        return self.value is None and self.missing is None


def parse_number(text: str, unit: str = "") -> Understood:
    """Reads one value. `unit` is the unit expected; a different one written behind the number is refused.

    「23.5万」 is 235000, 「▲1,234」 −1234, 「１２，３４５人」 12345, 「－」 該当なし, 「…」 集計中, 「x」 非公開, blank a blank.
    Raises NumberError with a Japanese sentence for what is not a number, ambiguous, in another unit or too long.
    """
    stripped = text.strip().strip("\u3000").strip()
    if not stripped:
        return Understood()
    if stripped in _MISSING:
        return Understood(missing=MissingReason[_MISSING[stripped]])
    folded, note = _fold(stripped)
    if folded in _MISSING:
        return Understood(missing=MissingReason[_MISSING[folded]], note=note)
    negative, rest = _take_minus(folded)
    match = _BODY.match(rest)
    if match is None:
        raise NumberError(f"「{stripped}」を数値として読み取れません。数字で入力してください（例：1,234、23.5万、▲12）。")
    value = _amount(match["number"], stripped)
    value = value.scaleb(_unit_power(match["unit"], unit, stripped))
    value = _plain(-value if negative else value)
    check_digits(value)
    return Understood(value=value, unit=match["unit"], note=note)


def _fold(text: str) -> tuple[str, str]:
    # ▲ and … have no compatibility form; NFKC turns ㎡ and ％ and full-width digits into what is compared below.
    folded = unicodedata.normalize("NFKC", text)
    note = ""
    if match := _NOTE.search(folded):
        note = match.group().strip()
        folded = folded[: match.start()]
    folded = re.sub(r"\s+", "", folded)
    return folded, note


def _take_minus(text: str) -> tuple[bool, str]:
    if text and text[0] in _MINUS and len(text) > 1:
        return True, text[1:]
    if re.fullmatch(r"\([\d,.]+\)", text):
        raise NumberError("かっこ付きの数は読み取れません。マイナスなら▲を付けて入力してください（例：▲123）。")
    return False, text


def _amount(number: str, original: str) -> Decimal:
    """The number before its unit: plain (1,234.5), or with 万・億・兆 (1億2,000万)."""
    total = Decimal(0)
    last_power = 99
    for digits, power_sign in re.findall(r"([\d,.]*)([万億兆]|$)", number):
        if not digits and not power_sign:
            continue
        power = _KANJI_POWER.get(power_sign, 0)
        if not _PLAIN.match(digits) or power >= last_power:
            raise NumberError(f"「{original}」は位取りがあいまいです。カンマは3桁ごとに、小数点は1つで入力してください。")
        if "." in digits and last_power != 99:
            raise NumberError(f"「{original}」は位取りがあいまいです。「{number}」を数字だけで入力してください。")
        last_power = power
        total += Decimal(digits.replace(",", "")).scaleb(power)
    return total


def _unit_power(written: str, expected: str, original: str) -> int:
    """The power of ten that the written unit adds. Raises NumberError where it is not the expected unit."""
    expected_folded = unicodedata.normalize("NFKC", expected)
    if not written or written == expected_folded:
        return 0
    if expected_folded in ("", "円") and written in _SCALED_YEN:
        return _SCALED_YEN[written]
    if not expected_folded:
        return 0
    same = {frozenset({"か所", "所"}), frozenset({"か所", "カ所"}), frozenset({"か所", "ヶ所"}), frozenset({"か所", "箇所"})}
    if frozenset({written, expected_folded}) in same:
        return 0
    raise NumberError(f"単位が違います。この指標の単位は「{expected}」です（入力：「{original}」）。単位を直すか、数字だけで入力してください。")


def _plain(value: Decimal) -> Decimal:
    """The same value without an exponent and without trailing zeros after the point."""
    if value == 0:
        return Decimal(0)
    try:
        normal = value.normalize()
        return normal.quantize(Decimal(1)) if normal.as_tuple().exponent > 0 else normal  # type: ignore[operator]
    except InvalidOperation as error:
        raise NumberError("数字が長すぎます。15桁以内で入力してください。") from error
