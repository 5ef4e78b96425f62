"""What a number format makes of a number: a percentage, thousands left away, words behind it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

_PLACES = "0#?"
_GENERAL = re.compile(r"general|g/標準", re.IGNORECASE)


@dataclass(frozen=True)
class Shown:
    """How a cell shows its number: `percents` is the number of its % signs (each times 100), `thousands` how often 1,000
    is divided away (`#,##0,` once), `words` what is written around the digits (千円 of `#,##0"千円"`)."""

    percents: int = 0
    thousands: int = 0
    words: str = ""

    @property
    def is_plain(self) -> bool:
        return not (self.percents or self.thousands or self.words)

    def number(self, value: Decimal) -> Decimal:
        """The number that is shown, before it is rounded for display."""
        return value * Decimal(100) ** self.percents / Decimal(1_000) ** self.thousands


def shown_by(code: str, value: Decimal) -> Shown:
    """By the code of a number format ("" for General), of whose sections the one for the number's sign counts."""
    return _shown(code, (value > 0) - (value < 0)) if code else Shown()


@lru_cache(maxsize=1_024)
def _shown(code: str, sign: int) -> Shown:
    sections = _sections(_GENERAL.sub("0", code))
    if sign < 0 and len(sections) > 1:
        return sections[1]
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

    def take(self, letter: str) -> None:
        if letter in _PLACES:
            self._began, self._commas = True, 0
        elif letter == "," and self._began:
            self._commas += 1
        else:
            self._settle()
            self.percents += letter in "%％"
            if ord(letter) > 0x2FF or letter == "¥":  # letters of Japanese need no quotes: 0人
                self.word(letter)

    def word(self, text: str) -> None:
        self._settle()
        self._words.append(text)

    def _settle(self) -> None:
        """Commas that no digit follows divide by 1,000 each."""
        self.thousands += self._commas
        self._commas = 0

    def end(self) -> Shown:
        self._settle()
        words = "".join(self._words).replace("％", "" if self.percents else "%")
        return Shown(self.percents, self.thousands, words.strip(" 　-－+＋▲△▼()（）[]［］:：;"))
