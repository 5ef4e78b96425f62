"""Draws charts as SVG for pages and print: text stays text, nothing is told by colour alone, no script, no CSS.

The same input gives the same bytes. Widths of text are estimated: a full-width character is as wide as its size.
"""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from charts.axis import Axis, axis_for
from charts.specification import Chart, Line, Role
from japan.numbers import write_number, write_quantity

FONT = "'BIZ UDPGothic','Noto Sans JP',sans-serif"
INK, CAPTION, GRID, AXIS = "#333333", "#626264", "#e6e6e6", "#949494"
BLUE, GRAPHIC, TINT, GRAY, OCHRE = "#0017c1", "#3460fb", "#c5d7fb", "#666666", "#a58000"
COLOURS = {Role.PRIMARY: BLUE, Role.COMPARISON: GRAY, Role.SECONDARY: OCHRE}
DASHES = {Role.PRIMARY: "", Role.COMPARISON: "6 4", Role.SECONDARY: "2 3"}


def num(value: float) -> str:
    """A coordinate with one decimal at most."""
    return f"{value:.1f}".removesuffix(".0")


def text(
    x: float, y: float, content: str, *, size: int = 14, fill: str = INK, anchor: str = "start", weight: int = 400
) -> str:
    bold = ' font-weight="700"' if weight >= 700 else ""
    return (
        f'<text x="{num(x)}" y="{num(y)}" font-family="{FONT}" font-size="{size}" fill="{fill}"'
        f' text-anchor="{anchor}"{bold}>{escape(content)}</text>'
    )


def text_width(content: str, size: int) -> float:
    """About how wide a text is, in the units of its size."""
    return sum(size * (1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.58) for c in content)


def svg(width: float, height: float, alt: str, body: list[str]) -> str:
    """The frame: a picture with its alternative text as the first child, which is what PDF readers announce."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {num(width)} {num(height)}" role="img"'
        f" aria-label={quoteattr(alt)}><title>{escape(alt)}</title>{''.join(body)}</svg>"
    )


def to_svg(chart: Chart, *, width: int = 720, height: int = 320) -> str:
    """The chart with its axis, target, baseline and milestones. Gaps stay gaps; the last value is written out."""
    plot = _Plot(chart, width, height)
    body = [*plot.grid(), *plot.references(), *plot.marks_of_milestones()]
    for index, line in enumerate(chart.lines):
        body += plot.bars(line, index) if chart.kind == "bar" else plot.curve(line)
    return svg(width, plot.full_height, chart.alt, body)


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
    body = [_path(points, BLUE, "", 2), f'<circle cx="{num(last[0])}" cy="{num(last[1])}" r="4" fill="{BLUE}"/>']
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


class _Plot:
    """The drawing area of a line or bar chart."""

    def __init__(self, chart: Chart, width: int, height: int) -> None:
        self.chart = chart
        known = [value for line in chart.lines for value in line.values if value is not None]
        known += [value for value in (chart.target, chart.baseline) if value is not None]
        self.axis: Axis = axis_for(known)
        self.left = max(text_width(self._tick(tick), 14) for tick in self.axis.ticks) + 14
        self.right = width - 24 - max([text_width(line.name, 14) for line in chart.lines], default=0) - 8
        self.top, self.bottom = 26.0, height - 34.0
        self.width, self.height = width, height
        self.full_height = height + 22 * len(chart.markers)
        self.step = (self.right - self.left) / max(len(chart.x), 1)

    def _tick(self, value: Decimal) -> str:
        decimals = 0 if value == value.to_integral_value() else 1
        return write_quantity(value, "", decimals, self.chart.scale if abs(value) >= 10**4 else "one")

    def x(self, index: int) -> float:
        return self.left + (index + 0.5) * self.step

    def y(self, value: Decimal) -> float:
        return self.bottom - self.axis.share(value) * (self.bottom - self.top)

    def grid(self) -> list[str]:
        body = [text(self.left - 8, self.top - 10, f"（{self.chart.unit}）", fill=CAPTION, anchor="end")]
        for tick in self.axis.ticks:
            y = self.y(tick)
            colour = AXIS if tick == 0 else GRID
            body.append(
                f'<line x1="{num(self.left)}" x2="{num(self.right)}" y1="{num(y)}" y2="{num(y)}" stroke="{colour}"/>'
            )
            body.append(text(self.left - 8, y + 5, self._tick(tick), fill=CAPTION, anchor="end"))
        widest = max((text_width(label, 14) for label in self.chart.x), default=0) + 10
        every = max(1, int(-(-widest // self.step))) if self.step else 1
        # Counted from the newest, so that the last month always has its label.
        for index in range(len(self.chart.x) - 1, -1, -every):
            label = self.chart.x[index]
            body.append(text(self.x(index), self.bottom + 20, label, fill=CAPTION, anchor="middle"))
        return body

    def references(self) -> list[str]:
        body = []
        for value, label, dash in (
            (self.chart.target, self.chart.target_label, "8 4"),
            (self.chart.baseline, self.chart.baseline_label, "2 4"),
        ):
            if value is None:
                continue
            y = self.y(value)
            written = write_quantity(value, self.chart.unit, self.chart.decimals, self.chart.scale)
            body.append(
                f'<line x1="{num(self.left)}" x2="{num(self.right)}" y1="{num(y)}" y2="{num(y)}" stroke="{INK}"'
                f' stroke-width="1.5" stroke-dasharray="{dash}"/>'
            )
            body.append(text(self.left + 6, y - 6, f"{label} {written}", weight=700))
        return body

    def marks_of_milestones(self) -> list[str]:
        body = []
        for n, marker in enumerate(self.chart.markers):
            if marker.x not in self.chart.x:
                continue
            x = self.x(self.chart.x.index(marker.x))
            body += [
                f'<line x1="{num(x)}" x2="{num(x)}" y1="{num(self.top)}" y2="{num(self.bottom)}" stroke="{AXIS}"'
                f' stroke-dasharray="1 3"/>',
                f'<circle cx="{num(x)}" cy="{num(self.top - 8)}" r="9" fill="#ffffff" stroke="{INK}"/>',
                text(x, self.top - 3, str(n + 1), anchor="middle", size=12),
                text(self.left, self.height + 14 + 22 * n, f"{n + 1}　{marker.x}　{marker.label}", fill=CAPTION),
            ]
        return body

    def curve(self, line: Line) -> list[str]:
        colour = COLOURS[line.role]
        points = [(self.x(i), self.y(value)) if value is not None else None for i, value in enumerate(line.values)]
        body = [_path(points, colour, DASHES[line.role], 3 if line.role == Role.PRIMARY else 2)]
        body += [_dot(x, y, line.role) for x, y in (p for p in points if p)] if len(points) <= 40 else []
        if last := next((p for p in reversed(points) if p), None):
            body.append(text(last[0] + 10, last[1] + 5, line.name, fill=colour, weight=700))
            if line.role == Role.PRIMARY:
                value = next(v for v in reversed(line.values) if v is not None)
                body.append(text(last[0], last[1] - 12, self._value(value), fill=colour, anchor="middle", weight=700))
        return body

    def bars(self, line: Line, index: int) -> list[str]:
        colour = COLOURS[line.role]
        across = self.step * 0.72 / len(self.chart.lines)
        body = []
        for i, value in enumerate(line.values):
            if value is None:
                continue
            x = self.x(i) - self.step * 0.36 + index * across
            zero, end = self.y(Decimal(0)), self.y(value)
            fill = colour if line.role != Role.COMPARISON else "#ffffff"
            body.append(
                f'<rect x="{num(x)}" y="{num(min(zero, end))}" width="{num(across - 2)}"'
                f' height="{num(max(abs(zero - end), 0.5))}" fill="{fill}" stroke="{colour}"/>'
            )
            if across > text_width(self._value(value), 14) or i == len(line.values) - 1:
                body.append(text(x + across / 2, min(zero, end) - 6, self._value(value), anchor="middle"))
        y = self.top + 18 * (index + 1)
        body.append(text(self.right + 10, y, line.name, fill=colour, weight=700))
        return body

    def _value(self, value: Decimal) -> str:
        if self.chart.scale == "one":
            return write_number(value, self.chart.decimals)
        return write_quantity(value, "", self.chart.decimals, self.chart.scale)


def _path(points: list[tuple[float, float] | None], colour: str, dash: str, width: int) -> str:
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


def _dot(x: float, y: float, role: Role) -> str:
    if role == Role.COMPARISON:
        return f'<rect x="{num(x - 3)}" y="{num(y - 3)}" width="6" height="6" fill="#ffffff" stroke="{GRAY}"/>'
    return f'<circle cx="{num(x)}" cy="{num(y)}" r="3" fill="{COLOURS[role]}"/>'
