"""Before and after as two columns from 0, with what became of it between them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from charts.svg import BLUE, CAPTION, GRAY, INK, TINT, num, svg, text

WIDTH, HEIGHT = 360, 290
BOTTOM, TOP = 236.0, 60.0
LEFT, RIGHT, ACROSS = 34, 242, 84


@dataclass(frozen=True)
class Column:
    """A column: its exact value, the value as written, and the lines of its label."""

    value: Decimal
    written: str
    label: tuple[str, ...]


def columns(before: Column, after: Column, alt: str, *, bubble: str = "") -> str:
    """Before pale with an outline, after solid; what went away stands hatched on top. `bubble` names the change."""
    most = max(before.value, after.value, Decimal(1))
    body = [f'<line x1="12" x2="348" y1="{num(BOTTOM)}" y2="{num(BOTTOM)}" stroke="{INK}" stroke-width="1.5"/>']
    tops = []
    for column, x, fill, stroke, ink in ((before, LEFT, TINT, GRAY, INK), (after, RIGHT, BLUE, BLUE, BLUE)):
        height = max(float(column.value / most) * (BOTTOM - TOP), 2)
        top = BOTTOM - height
        tops.append(top)
        body.append(
            f'<rect x="{x}" y="{num(top)}" width="{ACROSS}" height="{num(height)}" fill="{fill}" stroke="{stroke}"/>'
        )
        gone = column is after and after.value < before.value
        if gone:
            body += _gone(x, TOP, top)
        y = (TOP if gone else top) - 12
        body.append(text(x + ACROSS / 2, y, column.written, size=23, fill=ink, anchor="middle", weight=700))
        for line, words in enumerate(column.label):
            body.append(text(x + ACROSS / 2, BOTTOM + 24 + line * 21, words, size=15, fill=CAPTION, anchor="middle"))
    if bubble:
        body += _bubble(bubble, tops)
    return svg(WIDTH, HEIGHT, alt, body)


def _gone(x: int, top: float, bottom: float) -> list[str]:
    return [
        f'<rect x="{x}" y="{num(top)}" width="{ACROSS}" height="{num(bottom - top)}" fill="#ffffff" stroke="{BLUE}"'
        f' stroke-dasharray="4 3"/>'
    ]


def _bubble(words: str, tops: list[float]) -> list[str]:
    """An arrow from the first column's top to the second's, and the change in a bubble on it."""
    x1, x2 = LEFT + ACROSS + 14.0, RIGHT - 14.0
    y1, y2 = tops[0] + 6, tops[1] + 6
    middle = ((x1 + x2) / 2, min(y1, y2) + abs(y1 - y2) / 2 + 52)
    return [
        f'<path d="M{num(x1)} {num(y1)}L{num(x2 - 4)} {num(y2)}" stroke="{INK}" stroke-width="2.5" fill="none"/>',
        _head(x1, y1, x2, y2),
        text(middle[0], middle[1], words, size=28, fill=BLUE, anchor="middle", weight=700),
    ]


def _head(x1: float, y1: float, x2: float, y2: float) -> str:
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    ux, uy = (x2 - x1) / length, (y2 - y1) / length
    bx, by = x2 - ux * 12, y2 - uy * 12
    corners = ((x2, y2), (bx - uy * 6, by + ux * 6), (bx + uy * 6, by - ux * 6))
    return f'<path d="M{"L".join(f"{num(x)} {num(y)}" for x, y in corners)}z" fill="{INK}"/>'
