"""The pen: pieces of SVG that every drawing is made of. Text stays text, no script, no CSS.

The same input gives the same bytes. Widths of text are estimated: a full-width character is as wide as its size.
"""

from __future__ import annotations

import re
import unicodedata
from xml.sax.saxutils import escape, quoteattr

from charts.specification import Role

FONT = "'BIZ UDPGothic','Noto Sans JP',sans-serif"
INK, CAPTION, GRID, AXIS = "#333333", "#626264", "#e6e6e6", "#949494"
BLUE, GRAPHIC, TINT, GRAY, OCHRE = "#0017c1", "#3460fb", "#c5d7fb", "#666666", "#a58000"
COLOURS = {Role.PRIMARY: BLUE, Role.COMPARISON: GRAY, Role.SECONDARY: OCHRE}
#: Ochre is dark enough for a line (3:1), not for letters (4.5:1).
LETTERS = {Role.PRIMARY: BLUE, Role.COMPARISON: GRAY, Role.SECONDARY: "#7a5e00"}
DASHES = {Role.PRIMARY: "", Role.COMPARISON: "6 4", Role.SECONDARY: "2 3"}
#: Characters that no XML may hold, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(content: str) -> str:
    """Without what would break the file."""
    return _FORBIDDEN.sub("", content)


def num(value: float) -> str:
    """A coordinate with one decimal at most."""
    return f"{value:.1f}".removesuffix(".0")


def text(
    x: float, y: float, content: str, *, size: int = 14, fill: str = INK, anchor: str = "start", weight: int = 400
) -> str:
    bold = ' font-weight="700"' if weight >= 700 else ""
    return (
        f'<text x="{num(x)}" y="{num(y)}" font-family="{FONT}" font-size="{size}" fill="{fill}"'
        f' text-anchor="{anchor}"{bold}>{escape(clean(content))}</text>'
    )


def text_width(content: str, size: int) -> float:
    """About how wide a text is, in the units of its size."""
    return sum(size * (1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.65) for c in content)


def svg(width: float, height: float, alt: str, body: list[str]) -> str:
    """The frame: a picture with its alternative text as the first child, which is what PDF readers announce."""
    alt = clean(alt)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {num(width)} {num(height)}" role="img"'
        f" aria-label={quoteattr(alt)}><title>{escape(alt)}</title>{''.join(body)}</svg>"
    )


def label(
    x: float, y: float, content: str, *, fill: str = INK, anchor: str = "start", weight: int = 700, size: int = 14
) -> str:
    """A text on a white ground, so that lines behind it do not cross its letters."""
    wide = text_width(content, size)
    left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
    ground = (
        f'<rect x="{num(left - 2)}" y="{num(y - size)}" width="{num(wide + 4)}" height="{num(size + 4)}"'
        f' fill="#ffffff" fill-opacity="0.85"/>'
    )
    return ground + text(x, y, content, fill=fill, anchor=anchor, weight=weight, size=size)


def folded(content: str, width: float, size: int) -> list[str]:
    """A text in lines of at most so wide; Japanese may break between any two characters."""
    lines, line = [], ""
    for character in content:
        if line and text_width(line + character, size) > width:
            lines.append(line)
            line = ""
        line += character
    return [*lines, line]


def path(points: list[tuple[float, float] | None], colour: str, dash: str, width: int) -> str:
    """A line through the points, lifted where there is none."""
    pieces: list[str] = []
    pen_down = False
    for point in points:
        if point is None:
            pen_down = False
            continue
        pieces.append(f"{'L' if pen_down else 'M'}{num(point[0])} {num(point[1])}")
        pen_down = True
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<path d="{" ".join(pieces)}" fill="none" stroke="{colour}" stroke-width="{width}"'
        f' stroke-linejoin="round" stroke-linecap="round"{dashed}/>'
    )


def dot(x: float, y: float, role: Role) -> str:
    """The mark of a value: a disc, an open square or a diamond."""
    if role == Role.COMPARISON:
        return f'<rect x="{num(x - 3)}" y="{num(y - 3)}" width="6" height="6" fill="#ffffff" stroke="{GRAY}"/>'
    if role == Role.SECONDARY:
        return f'<path d="M{num(x)} {num(y - 4.5)}l4.5 4.5-4.5 4.5-4.5-4.5z" fill="{COLOURS[role]}"/>'
    return f'<circle cx="{num(x)}" cy="{num(y)}" r="3" fill="{COLOURS[role]}"/>'


def is_alone(points: list[tuple[float, float] | None], index: int) -> bool:
    """Whether a point has gaps on both sides, so that no line leads to it."""
    return all(p is None for p in (*points[max(index - 1, 0) : index], *points[index + 1 : index + 2]))
