"""What a number format makes of a number: a percentage, thousands left away, words behind it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

#: By what a section of a format says that the number is negative.
_SIGNS = frozenset("-－−▲△▼(（")
_PLACES = "0#?"
#: A format of zeros and what stands between them, up to the end or the section of negative numbers.
_ALL_ZEROS = re.compile(r"(?P<section>(?:[0A-Za-z\-]|\\.|\"[^\"]{0,20}\"|\[[^\]]{0,20}\]){2,60})(?:;|$)")
#: Sections by conditions ([>=1000]) show a negative number with its sign.
_CONDITION = re.compile(r"\[[<>=]")
_PARTS = re.compile(r"\\.|\"[^\"]{0,20}\"|\[[^\]]{0,20}\]|.")
_GENERAL = re.compile(r"general|g/標準", re.IGNORECASE)


@dataclass(frozen=True)
class Shown:
    """How a cell shows its number: `percents` is the number of its % signs (each times 100), `thousands` how often 1,000
    is divided away (`#,##0,` once), `words` what is written around the digits (千円 of `#,##0"千円"`). `hides_sign` is that
    of a negative number which looks like a positive one (−10 by `#,##0;#,##0`)."""

    percents: int = 0
    thousands: int = 0
    words: str = ""
    hides_sign: bool = False

    @property
    def is_plain(self) -> bool:
        return not (self.percents or self.thousands or self.words)

    def number(self, value: Decimal) -> Decimal:
        """The number that is shown, before it is rounded for display."""
        return value * Decimal(100) ** self.percents / Decimal(1_000) ** self.thousands


def shown_by(code: str, value: Decimal) -> Shown:
    """By the code of a number format ("" for General), of whose sections the one for the number's sign counts."""
    return _shown(code, (value > 0) - (value < 0)) if code else Shown()


def digits_of(code: str, value: Decimal) -> str:
    """The digits of a number whose format fills it up with zeros, with what stands between them: 001234 by 000000 and
    123-4567 by 000-0000. "" for any other format, for fractions and negative numbers."""
    match = _ALL_ZEROS.match(code)
    if match is None or value < 0 or value != value.to_integral_value():
        return ""
    parts = [part for part in _PARTS.findall(match["section"]) if not part.startswith("[")]
    digits = f"{value:.0f}".zfill(parts.count("0"))
    if parts.count("0") < 2:
        return ""
    first, rest = digits[: len(digits) - parts.count("0") + 1], list(digits[len(digits) - parts.count("0") + 1 :])
    written: list[str] = []
    for part in parts:
        if part == "0":
            written.append(first or rest.pop(0))
            first = ""
        else:
            written.append(part.strip('"') if part.startswith('"') else part.removeprefix("\\"))
    return "".join(written)


@lru_cache(maxsize=1_024)
def _shown(code: str, sign: int) -> Shown:
    sections = _sections(_GENERAL.sub("0", code))
    if sign < 0 and len(sections) > 1:
        return replace(sections[1], hides_sign=sections[1].hides_sign and _CONDITION.search(code) is None)
    sections = [replace(section, hides_sign=False) for section in sections]
    if sign == 0 and len(sections) > 2:
        return sections[2]
    return sections[0]


def _sections(code: str) -> list[Shown]:
    reader = _Section()
    found: list[Shown] = []
    position = 0
    while position < len(code):
        letter = code[position]
        if letter == ";":
            found.append(reader.end())
            reader = _Section()
        elif letter == '"':
            end = code.find('"', position + 1)
            end = len(code) if end < 0 else end
            reader.word(code[position + 1 : end])
            position = end
        elif letter == "[":
            end = code.find("]", position)
            end = len(code) if end < 0 else end
            if code[position + 1 : position + 2] == "$":  # a currency, with the language it is written in: [$¥-411]
                reader.word(code[position + 2 : end].partition("-")[0])
            position = end
        elif letter in "\\_*":
            position += 1
            if letter == "\\":
                reader.word(code[position : position + 1])
        else:
            reader.take(letter)
        position += 1
    return [*found, reader.end()]


class _Section:
    def __init__(self) -> None:
        self.percents = self.thousands = self._commas = 0
        self._began = False
        self._words: list[str] = []
        self._has_sign = False

    def take(self, letter: str) -> None:
        if letter in _PLACES:
            self._began, self._commas = True, 0
        elif letter == "," and self._began:
            self._commas += 1
        else:
            self._settle()
            self._has_sign = self._has_sign or letter in _SIGNS
            self.percents += letter in "%％"
            if ord(letter) > 0x2FF or letter == "¥":  # letters of Japanese need no quotes: 0人
                self.word(letter)

    def word(self, text: str) -> None:
        self._settle()
        self._has_sign = self._has_sign or "マイナス" in text or not _SIGNS.isdisjoint(text)
        self._words.append(text)

    def _settle(self) -> None:
        """Commas that no digit follows divide by 1,000 each."""
        self.thousands += self._commas
        self._commas = 0

    def end(self) -> Shown:
        self._settle()
        words = "".join(self._words).replace("％", "" if self.percents else "%")
        return Shown(
            self.percents, self.thousands, words.strip(" 　-－+＋▲△▼()（）[]［］:：;"), hides_sign=not self._has_sign
        )
