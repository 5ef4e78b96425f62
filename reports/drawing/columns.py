"""Before and after as two columns from 0, with what became of it between them. A negative value goes below 0."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from charts.svg import BLUE, CAPTION, GRAY, INK, TINT, num, svg, text
from reports.drawing.lettering import fitting_size, folded

WIDTH = 360
TOP, TALL = 60.0, 176.0
LEFT, RIGHT, ACROSS = 34, 242, 84
#: How wide a value and a line of a label may be: to the middle between the columns, or to the edge of the drawing.
BESIDE = 148
LABEL, LINE = 15, 21


@dataclass(frozen=True)
class Column:
    """A column: its exact value, the value as written, and the lines of its label."""

    value: Decimal
    written: str
    label: tuple[str, ...]


def columns(before: Column, after: Column, alt: str, *, bubble: str = "") -> str:
    """Before pale with an outline, after solid; what went away is outlined with dashes. `bubble` names the change."""
    most, least = max(before.value, after.value, Decimal(0)), min(before.value, after.value, Decimal(0))
    spread = most - least or Decimal(1)

    def at(value: Decimal) -> float:
        return TOP + float((most - value) / spread) * TALL

    zero, body, tops = at(Decimal(0)), [], []
    for column, x, fill, stroke, ink in ((before, LEFT, TINT, GRAY, INK), (after, RIGHT, BLUE, BLUE, BLUE)):
        end = at(column.value)
        top, height = min(end, zero), max(abs(zero - end), 2)
        tops.append(end)
        body.append(
            f'<rect x="{x}" y="{num(top)}" width="{ACROSS}" height="{num(height)}" fill="{fill}" stroke="{stroke}"/>'
        )
        gone = column is after and before.value > after.value >= 0
        if gone:
            body += _gone(x, at(before.value), end)
        body.append(_value(column, x, at(before.value) if gone else end, ink))
    floor = TOP + TALL + (28 if least < 0 else 0)
    body.insert(0, f'<line x1="12" x2="348" y1="{num(zero)}" y2="{num(zero)}" stroke="{INK}" stroke-width="1.5"/>')
    labels, lowest = _labels((before, after), floor + 24)
    if bubble:
        body += _bubble(bubble, tops)
    return svg(WIDTH, lowest + 9, alt, body + labels)


def _value(column: Column, x: int, end: float, ink: str) -> str:
    """The value above its column, or below one that goes down."""
    size = fitting_size(column.written, BESIDE, size=23, smallest=15, weight=700)
    y = end + size + 5 if column.value < 0 else end - 12
    return text(x + ACROSS / 2, y, column.written, size=size, fill=ink, anchor="middle", weight=700)


def _labels(pair: tuple[Column, Column], y: float) -> tuple[list[str], float]:
    """The names below the columns, folded where they are long, and where the last line stands."""
    body, lowest = [], y + LINE
    for column, x in zip(pair, (LEFT, RIGHT), strict=True):
        lines = [line for words in column.label for line in folded(words, BESIDE, LABEL)]
        for number, words in enumerate(lines):
            line_y = y + number * LINE
            lowest = max(lowest, line_y)
            body.append(text(x + ACROSS / 2, line_y, words, size=LABEL, fill=CAPTION, anchor="middle"))
    return body, lowest


def _gone(x: int, top: float, bottom: float) -> list[str]:
    return [
        f'<rect x="{x}" y="{num(top)}" width="{ACROSS}" height="{num(bottom - top)}" fill="#ffffff" stroke="{BLUE}"'
        f' stroke-dasharray="4 3"/>'
    ]


def _bubble(words: str, tops: list[float]) -> list[str]:
    """An arrow from the first column's end to the second's, and the change in a bubble on it."""
    x1, x2 = LEFT + ACROSS + 14.0, RIGHT - 14.0
    y1, y2 = tops[0] + 6, tops[1] + 6
    size = fitting_size(words, x2 - x1 + 16, size=28, smallest=15, weight=700)
    middle = ((x1 + x2) / 2, min(y1, y2) + abs(y1 - y2) / 2 + 52)
    return [
        f'<path d="M{num(x1)} {num(y1)}L{num(x2 - 4)} {num(y2)}" stroke="{INK}" stroke-width="2.5" fill="none"/>',
        _head(x1, y1, x2, y2),
        text(middle[0], middle[1], words, size=size, fill=BLUE, anchor="middle", weight=700),
    ]


def _head(x1: float, y1: float, x2: float, y2: float) -> str:
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    ux, uy = (x2 - x1) / length, (y2 - y1) / length
    bx, by = x2 - ux * 12, y2 - uy * 12
    corners = ((x2, y2), (bx - uy * 6, by + ux * 6), (bx + uy * 6, by - ux * 6))
    return f'<path d="M{"L".join(f"{num(x)} {num(y)}" for x, y in corners)}z" fill="{INK}"/>'
