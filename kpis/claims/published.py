"""Comparisons as a source printed them beside a value: 「1.6倍、▲4.5%、指数77、20.5%」. What is printed is shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from japan.digits import round_half_up
from japan.numbers import NumberError, parse_number


class Comparison(StrEnum):
    """What a printed comparison compares."""

    RATIO = "倍率"
    INDEX = "指数"
    CHANGE_RATE = "増減率"
    CHANGE = "増減"
    SHARE = "割合"


@dataclass(frozen=True)
class Printed:
    """One comparison: as printed, its number (▲4.5% is −4.5; 54.0% is 54.0) and how many decimals it was printed with."""

    text: str
    number: Decimal
    decimals: int

    def differs_from(self, computed: Decimal) -> bool:
        """What is computed, rounded to the printed precision, is another number."""
        return round_half_up(computed, self.decimals) != self.number


_SPLIT = re.compile(r"[、，,；;\n]+(?![0-9]{3}(?:[^0-9]|$))")
_NUMBER = r"(?P<sign>[▲△＋+\-−－]?)(?P<number>[0-9０-９][0-9０-９,，.．]*+)"
_FORMS = (
    (Comparison.INDEX, re.compile(rf"指数\s*{_NUMBER}")),
    (Comparison.RATIO, re.compile(rf"{_NUMBER}\s*倍")),
    (Comparison.CHANGE_RATE, re.compile(r"(?P<sign>[▲△＋+\-−－])(?P<number>[0-9０-９][0-9０-９,，.．]*+)\s*[%％]")),
    (Comparison.CHANGE_RATE, re.compile(rf"{_NUMBER}\s*[%％](?P<way>増|減)")),
    (Comparison.SHARE, re.compile(r"(?P<sign>)(?P<number>[0-9０-９][0-9０-９,，.．]*+)\s*[%％]")),
    (
        Comparison.CHANGE,
        re.compile(r"(?P<sign>[▲△＋+\-−－]?)(?P<number>[0-9０-９][0-9０-９,，.．]*+(?:\s*[万億])?+)\D*?(?P<way>増|減)"),
    ),
    (
        Comparison.CHANGE,
        re.compile(r"(?P<sign>[▲△＋+\-−－])(?P<number>[0-9０-９][0-9０-９,，.．]*+(?:\s*[万億])?+)\D*"),
    ),
)
#: A longer piece is no comparison; the expressions are linear, this bounds them all the same.
LONGEST = 120


def read_published(text: str) -> dict[Comparison, Printed]:
    """The comparisons of a text, each once. Raises ValueError (a Japanese sentence) for one that cannot be read."""
    if len(text) > LONGEST:
        raise ValueError(f"公表された比較は{LONGEST}字以内で入力してください。")
    found: dict[Comparison, Printed] = {}
    for piece in (piece.strip() for piece in _SPLIT.split(text)):
        if not piece:
            continue
        comparison, printed = _read(piece)
        if comparison in found:
            raise ValueError(f"「{piece}」：{comparison.value}が2つあります。1つにしてください。")
        found[comparison] = printed
    return found


def _read(piece: str) -> tuple[Comparison, Printed]:
    for comparison, form in _FORMS:
        match = form.fullmatch(piece)
        if match is None:
            continue
        try:
            number = parse_number(match["number"], "").value
        except NumberError:
            continue
        if number is None:
            continue
        is_less = match["sign"] in ("▲", "△", "-", "−", "－") or match.groupdict().get("way") == "減"
        return comparison, Printed(piece, -number if is_less else number, _decimals(match["number"]))
    raise ValueError(
        f"「{piece}」を読み取れません。公表された比較は、1.6倍、▲4.5%、指数77、20.5%、23.5万時間減 のように入力してください。"
    )


def _decimals(number: str) -> int:
    """Digits after the point as printed; 23.5万 was printed to the thousand: −3."""
    plain = number.strip()
    power = {"万": 4, "億": 8}.get(plain[-1:], 0)
    digits = plain.rstrip("万億 ").replace("．", ".").partition(".")[2]
    return len(digits) - power


def without_unreadable(text: str) -> dict[Comparison, Printed]:
    """The same for a stored text, which was read before it was stored."""
    try:
        return read_published(text)
    except ValueError:
        return {}
