"""The report's font: BIZ UDPGothic from the system's folders, loaded by file so that nothing else installed matters."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from fontTools.ttLib import TTFont

FAMILY = "BIZ UDPGothic"
FILES = {400: "BIZUDPGothic-Regular.ttf", 700: "BIZUDPGothic-Bold.ttf"}
#: Characters that need no drawing.
INVISIBLE = set("\n\r\t\u00ad\u200b\ufeff")


class FontMissing(RuntimeError):
    """The font is not installed; the Japanese message names the package."""


@cache
def font_file(weight: int) -> Path:
    """The TTF of a weight. Raises FontMissing."""
    for folder in settings.REPORT_FONT_DIRS:
        for path in sorted(Path(folder).rglob(FILES[weight])):
            return path
    raise FontMissing(
        f"レポート用の書体 {FILES[weight]} が見つかりません。fonts-morisawa-bizud-gothic を入れるか、"
        "REPORT_FONT_DIRS に書体のフォルダーを設定してください。"
    )


@cache
def _glyphs(weight: int) -> frozenset[int]:
    with TTFont(font_file(weight), lazy=True) as font:
        return frozenset(font.getBestCmap())


def missing_characters(text: str) -> list[str]:
    """The characters of a text that the font cannot print, each once, in order."""
    known = _glyphs(400) & _glyphs(700)
    return [c for c in dict.fromkeys(text) if ord(c) not in known and c not in INVISIBLE]


@cache
def _advances(weight: int) -> tuple[dict[int, float], float]:
    """The width of each character, and of an unknown one, in ems."""
    with TTFont(font_file(weight), lazy=True) as font:
        em, widths = font["head"].unitsPerEm, font["hmtx"]
        return {code: widths[glyph][0] / em for code, glyph in font.getBestCmap().items()}, 1.0


def text_width(text: str, size: float, weight: int = 400) -> float:
    """How wide a text is, in the units of its size."""
    advances, unknown = _advances(weight)
    return sum(advances.get(ord(character), unknown) for character in text) * size


def subset_as_data(weight: int, characters: str) -> str:
    """A woff2 of the font with just these characters as a data: address; kept by character set in the memory of the process."""
    wanted = "".join(sorted(set(characters)))
    key = f"font-{weight}-{hashlib.sha256(wanted.encode()).hexdigest()}"
    store = caches["fonts"]
    data: str | None = store.get(key)
    if data is None:
        from fontTools.subset import Options, Subsetter  # slow to load, and needed for a new set of characters only

        options = Options()
        options.flavor = "woff2"
        options.hinting = False
        options.layout_features = ["kern", "palt", "liga"]
        options.drop_tables += ["DSIG", "meta"]  # a signature of the whole font; tables the subsetter does not know
        font = TTFont(font_file(weight), lazy=True, recalcTimestamp=False)
        subsetter = Subsetter(options)
        subsetter.populate(text=wanted)
        subsetter.subset(font)
        buffer = BytesIO()
        font.flavor = "woff2"
        font.save(buffer)
        data = f"data:font/woff2;base64,{base64.b64encode(buffer.getvalue()).decode()}"
        store.set(key, data, 7 * 24 * 3600)
    return data
