"""Draws charts as SVG for pages and print: text stays text, nothing is told by colour alone, no script, no CSS."""

from __future__ import annotations

from decimal import Decimal

from charts.pen import (
    AXIS,
    BLUE,
    CAPTION,
    COLOURS,
    GRAY,
    GRID,
    INK,
    TINT,
    dot,
    is_alone,
    num,
    path,
    svg,
    text,
    text_width,
)
from charts.plot import Plot
from charts.specification import Chart, Role

__all__ = [
    "AXIS", "BLUE", "CAPTION", "COLOURS", "GRAY", "GRID", "INK", "TINT",
    "before_after", "donut", "num", "spark", "svg", "text", "text_width", "to_svg",
]  # fmt: skip


def to_svg(chart: Chart, *, width: int = 720, height: int = 320) -> str:
    """The chart with its axis, target, baseline and milestones. Gaps stay gaps; the last value is written out.

    Below 560 wide, names and references go into a legend above; else they stand at the ends of their lines. The
    picture grows beyond `height` by its legend and its list of milestones.
    """
    plot = Plot(chart, width, height)
    return svg(width, plot.full_height, chart.alt, plot.drawing())


def spark(values: list[Decimal | None], alt: str, *, width: int = 160, height: int = 44) -> str:
    """A tiny trend without an axis; the last value is a dot."""
    known = [value for value in values if value is not None]
    if not known:
        return ""
    low, high = min(known), max(known)
    spread = high - low or Decimal(1)
    step = (width - 12) / max(len(values) - 1, 1)

    def at(index: int, value: Decimal) -> tuple[float, float]:
        return 6 + index * step, height - 6 - float((value - low) / spread) * (height - 12)

    points = [at(i, v) if v is not None else None for i, v in enumerate(values)]
    last = next(p for p in reversed(points) if p)
    alone = [dot(*point, Role.PRIMARY) for i, point in enumerate(points) if point and is_alone(points, i)]
    body = [path(points, BLUE, "", 2), *alone]
    body += [f'<circle cx="{num(last[0])}" cy="{num(last[1])}" r="4" fill="{BLUE}"/>']
    return svg(width, height, alt, body)


def donut(percent: Decimal, alt: str, *, size: int = 220, label: str = "") -> str:
    """A share as a ring: the part is thick and dark, the rest thin and pale, so that it reads in grey too."""
    radius, middle = size * 0.38, size / 2
    round_length = 2 * 3.14159265 * radius
    letters = int(size * (0.22 if len(label) <= 3 else 0.16))
    part = round_length * float(percent) / 100
    body = [
        f'<circle cx="{num(middle)}" cy="{num(middle)}" r="{num(radius)}" fill="none" stroke="{TINT}"'
        f' stroke-width="{num(size * 0.09)}"/>',
        f'<circle cx="{num(middle)}" cy="{num(middle)}" r="{num(radius)}" fill="none" stroke="{BLUE}"'
        f' stroke-width="{num(size * 0.15)}" stroke-dasharray="{num(part)} {num(round_length)}"'
        f' transform="rotate(-90 {num(middle)} {num(middle)})"/>',
        text(middle, middle + letters * 0.36, label, size=letters, anchor="middle", weight=700, fill=BLUE),
    ]
    return svg(size, size, alt, body)


def before_after(
    before: Decimal, after: Decimal, alt: str, *, labels: tuple[str, str], texts: tuple[str, str], width: int = 520
) -> str:
    """Two bars from 0: before pale and hatched by an outline, after solid, each with its name and value."""
    most = max(before, after, Decimal(1))
    body = []
    for index, (value, label, written) in enumerate(zip((before, after), labels, texts, strict=True)):
        y = 8 + index * 68
        length = max(float(value / most) * (width - 10), 2)
        fill, stroke, ink = (TINT, GRAY, INK) if index == 0 else (BLUE, BLUE, BLUE)
        body += [
            text(2, y + 14, label, size=14, fill=CAPTION),
            text(width - 4, y + 14, written, size=16, fill=ink, anchor="end", weight=700),
            f'<rect x="2" y="{y + 22}" width="{num(length)}" height="28" rx="4" fill="{fill}" stroke="{stroke}"/>',
        ]
    return svg(width, 144, alt, body)
