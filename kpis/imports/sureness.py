"""What a file says of how sure a number is: 速報, 推計, 約, p and r beside it, and words around its table."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sheets import Layout, Table, fold


class Sureness(StrEnum):
    """The mark a word stands for; NONE is said and marks nothing."""

    PROVISIONAL = "速報値"
    ESTIMATED = "推計"
    ROUNDED = "概数"
    EXPECTED = "見込み"
    NONE = ""


_WORDS = "速報値?|暫定値?|推計値?|推定値?|概数|概算値?|見込み?値?|改[定訂]値?|確定値?"
#: Behind a number also the letters of statistics; capitals are none (R7 is a year).
_BEHIND = re.compile(rf"(?<![A-Za-z])[(\[【〔]?(?P<word>{_WORDS}|[pre])[)\]】〕]?")
_BEFORE = re.compile(rf"[(\[【〔]?(?P<word>{_WORDS}|約|およそ|p)[)\]】〕]?[:\s]?(?=[▲△▼+\-−¥\\]?[0-9])")
_IN_TEXT = re.compile("速報|暫定|推計|推定値|概数|概算|見込み?値|未確定|未集計")
_LONGEST = 60
_LISTED = 3
_KINDS = (
    ("速報", Sureness.PROVISIONAL),
    ("暫定", Sureness.PROVISIONAL),
    ("p", Sureness.PROVISIONAL),
    ("推", Sureness.ESTIMATED),
    ("e", Sureness.ESTIMATED),
    ("概", Sureness.ROUNDED),
    ("約", Sureness.ROUNDED),
    ("およそ", Sureness.ROUNDED),
    ("見込", Sureness.EXPECTED),
)


@dataclass(frozen=True)
class Said:
    """A number's text without the word beside it, the word, and what it stands for."""

    rest: str
    word: str = ""
    mark: Sureness = Sureness.NONE


def said_beside(text: str) -> Said:
    """The text of a cell apart from the word before or behind its number; all of it where there is none."""
    folded = unicodedata.normalize("NFKC", text).strip()
    if len(folded) > _LONGEST or not any(map(str.isdigit, folded)):
        return Said(text)
    if match := _BEFORE.match(folded):
        return Said(folded[match.end() :], match["word"], _kind(match["word"]))
    last = max(position for position, letter in enumerate(folded) if letter.isdigit() or letter in "千万億兆人件円%")
    if match := _BEHIND.fullmatch(folded[last + 1 :].strip()):
        return Said(folded[: last + 1], match["word"], _kind(match["word"]))
    return Said(text)


def _kind(word: str) -> Sureness:
    return next((kind for start, kind in _KINDS if word.startswith(start)), Sureness.NONE)


def said_around(table: Table, layout: Layout) -> Iterator[str]:
    """Where such a word stands around the numbers and marks none of them: titles, notes, headings, columns beside."""
    texts = [fold(text) for text in (*table.preamble, *table.notes) if _IN_TEXT.search(text)]
    for text in texts[:_LISTED]:
        yield f"表の上下に「{text[:40]}」"
    values = {table.columns[position].name for position in layout.value_columns}
    for name in [name for name in values if _IN_TEXT.search(name)][:_LISTED]:
        yield f"見出しに「{name[:40]}」"
    for position, column in enumerate(table.columns):
        if position in layout.value_columns:
            continue
        told = [row.cells[position] for row in table.rows]
        words = [text for text in told if isinstance(text, str) and _IN_TEXT.search(text)]
        if words:
            yield f"{column.letters}列「{column.name[:20]}」の{len(words)}行に「{fold(words[0])[:20]}」など"
