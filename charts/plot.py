"""The drawing area of a line or bar chart: where each thing goes, so that nothing covers anything else."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from charts.axis import Axis, axis_for, tick_text
from charts.pen import (
    AXIS,
    CAPTION,
    COLOURS,
    DASHES,
    GRID,
    INK,
    LETTERS,
    dot,
    folded,
    is_alone,
    label,
    num,
    path,
    text,
    text_width,
)
from charts.specification import Chart, Line, Role
from japan.numbers import write_number, write_quantity

SIZE = 14
LEADING = 20.0
#: Narrower than this there is no room beside the lines: their names go into a legend above.
ROOM_BESIDE = 560


@dataclass(frozen=True)
class Reference:
    """A level drawn across the chart, with its name and value."""

    value: Decimal
    words: str
    dash: str


class Plot:
    """A chart laid out for one size; `drawing` is its body and `full_height` its height with legend and milestones."""

    def __init__(self, chart: Chart, width: int, height: int) -> None:
        self.chart = chart
        self.width = width
        self.is_wide = width >= ROOM_BESIDE
        self.references = _references(chart)
        known = [value for line in chart.lines for value in line.values if value is not None]
        self.is_empty = not known
        # Some air above the highest value, for what is written there.
        self.axis: Axis = axis_for([*known, *(reference.value for reference in self.references)]).with_air()
        self.left = max(text_width(self._tick(tick), SIZE) for tick in self.axis.ticks) + 14
        self.right = width - max(self._room_at_the_right(), 16.0)
        self.markers = [(n, m) for n, m in enumerate(chart.markers, start=1) if m.x in chart.x]
        self.step = (self.right - self.left) / max(len(chart.x), 1)
        self.rows = self._rows_of_markers()
        self.legend, legend_rows = self._legend()
        self.top = 27.0 + legend_rows * (LEADING + 4) + LEADING * (max(self.rows, default=-1) + 1)
        self.bottom = self.top + height - 27 - 34
        self.notes = [
            line for n, marker in self.markers for line in folded(f"{n}　{marker.x}　{marker.label}", width - 8, SIZE)
        ]
        self.full_height = self.bottom + 34 + (LEADING + 2) * len(self.notes)

    def drawing(self) -> list[str]:
        """What lies lowest comes first."""
        body = [*self.legend, *self._grid(), *self._milestones()]
        for index, line in enumerate(self.chart.lines):
            body += self._bars(line, index) if self.chart.kind == "bar" else self._curve(line)
        body += self._reference_lines()
        for index, line in enumerate(self.chart.lines):
            body += self._bar_values(line, index) if self.chart.kind == "bar" else self._last_value(line)
        if self.is_wide:
            body += self._names_at_the_right()
        if self.is_empty:
            middle = (self.left + self.right) / 2
            body.append(label(middle, (self.top + self.bottom) / 2, "値がありません", anchor="middle", fill=CAPTION))
        return body

    # --- Places ----------------------------------------------------------------------------------------------------
    def x(self, index: int) -> float:
        return self.left + (index + 0.5) * self.step

    def y(self, value: Decimal) -> float:
        return self.bottom - self.axis.share(value) * (self.bottom - self.top)

    def _tick(self, value: Decimal) -> str:
        return tick_text(value, self.chart.scale)

    def _value(self, line: Line, index: int, value: Decimal) -> str:
        if own := line.label(index):
            return own.removesuffix(self.chart.unit)
        if self.chart.scale == "one":
            return write_number(value, self.chart.decimals)
        return write_quantity(value, "", self.chart.decimals, self.chart.scale)

    def _room_at_the_right(self) -> float:
        half_a_label = max((text_width(name, SIZE) for name in self.chart.x[-1:]), default=0.0) / 2 - 8
        if not self.is_wide:
            return half_a_label
        names = [] if self.chart.kind == "bar" else [line.name for line in self.chart.lines]
        beside = [text_width(words, SIZE) + 22 for words in [*names, *(r.words for r in self.references)]]
        # A long name may take a third of the picture; what is longer is cut with a sign, its legend is the table.
        return min(max([half_a_label, *beside]), self.width / 3)

    def _rows_of_markers(self) -> list[int]:
        """The row of each milestone's number: numbers that would touch stand in rows above each other."""
        taken: list[list[float]] = []
        rows = []
        for _, marker in self.markers:
            x = self.x(self.chart.x.index(marker.x))
            free = (row for row, places in enumerate(taken) if all(abs(x - place) >= LEADING for place in places))
            row = next(free, len(taken))
            if row == len(taken):
                taken.append([])
            taken[row].append(x)
            rows.append(row)
        return rows

    # --- Names -----------------------------------------------------------------------------------------------------
    def _legend(self) -> tuple[list[str], int]:
        """Names with a sample of their line or bar, in rows above the plot; and how many rows there are."""
        samples: list[tuple[str, str, Line | Reference]] = []
        if self.chart.kind == "bar" or not self.is_wide:
            samples += [(line.name, LETTERS[line.role], line) for line in self.chart.lines]
        if not self.is_wide:
            samples += [(reference.words, INK, reference) for reference in self.references]
        body: list[str] = []
        x, row = 2.0, 0
        for words, fill, sample in samples:
            needed = 34 + text_width(words, SIZE) + 14
            if x > 2 and x + needed > self.width:
                x, row = 2.0, row + 1
            y = 16 + row * (LEADING + 4)
            body += [self._sample(x, y - 5, sample), text(x + 34, y, words, fill=fill, weight=700)]
            x += needed
        return body, row + 1 if samples else 0

    def _sample(self, x: float, y: float, of: Line | Reference) -> str:
        if isinstance(of, Reference):
            return path([(x, y), (x + 28, y)], INK, of.dash, 2)
        if self.chart.kind == "bar":
            return _bar(x + 8, y - 7, 14, 14, of.role)
        return path([(x, y), (x + 28, y)], COLOURS[of.role], DASHES[of.role], 2) + dot(x + 14, y, of.role)

    def _names_at_the_right(self) -> list[str]:
        """At the ends of lines and references, moved apart where they would cover each other."""
        wanted = [(self.y(r.value) + 5, r.words, INK) for r in self.references]
        if self.chart.kind == "line":
            for line in self.chart.lines:
                if (last := _last_known(line)) is not None:
                    wanted.append((self.y(last[1]) + 5, line.name, LETTERS[line.role]))
        body, free = [], self.top
        room = self.width - self.right - 12
        for place, (y, words, fill) in enumerate(sorted(wanted, key=lambda name: name[0])):
            below = len(wanted) - place - 1
            free = min(max(y, free), self.bottom - below * LEADING)
            body.append(text(self.right + 10, free, _cut(words, room), fill=fill, weight=700))
            free += LEADING
        return body

    # --- Ground ----------------------------------------------------------------------------------------------------
    def _grid(self) -> list[str]:
        highest = self.top - 13 - LEADING * (max(self.rows, default=-1) + 1)
        body = [text(0, highest, f"（{self.chart.unit}）", fill=CAPTION)] if self.chart.unit else []
        for tick in self.axis.ticks:
            y = self.y(tick)
            colour = AXIS if tick == 0 else GRID
            body.append(
                f'<line x1="{num(self.left)}" x2="{num(self.right)}" y1="{num(y)}" y2="{num(y)}" stroke="{colour}"/>'
            )
            body.append(text(self.left - 8, y + 5, self._tick(tick), fill=CAPTION, anchor="end"))
        widest = max((text_width(name, SIZE) for name in self.chart.x), default=0) + 10
        every = max(1, int(-(-widest // self.step)))
        # Counted from the newest, so that the last month always has its label.
        for index in range(len(self.chart.x) - 1, -1, -every):
            half = text_width(self.chart.x[index], SIZE) / 2
            x = max(min(self.x(index), self.width - half), half)
            body.append(text(x, self.bottom + 20, self.chart.x[index], fill=CAPTION, anchor="middle"))
        return body

    def _reference_lines(self) -> list[str]:
        """Over bars as well: a white edge keeps the dashes apart from what they cross."""
        body = []
        for reference in self.references:
            ends: list[tuple[float, float] | None] = [
                (self.left, self.y(reference.value)),
                (self.right, self.y(reference.value)),
            ]
            if self.chart.kind == "bar":
                body.append(path(ends, "#ffffff", "", 4))
            body.append(path(ends, INK, reference.dash, 2))
        return body

    def _milestones(self) -> list[str]:
        body = []
        for (n, marker), row in zip(self.markers, self.rows, strict=True):
            x, y = self.x(self.chart.x.index(marker.x)), self.top - 12 - LEADING * row
            body += [
                f'<line x1="{num(x)}" x2="{num(x)}" y1="{num(y + 9)}" y2="{num(self.bottom)}" stroke="{AXIS}"'
                f' stroke-dasharray="1 3"/>',
                f'<circle cx="{num(x)}" cy="{num(y)}" r="9" fill="#ffffff" stroke="{INK}"/>',
                text(x, y + 4.5, str(n), anchor="middle", size=12),
            ]
        for place, line in enumerate(self.notes):
            body.append(text(2, self.bottom + 46 + (LEADING + 2) * place, line, fill=CAPTION))
        return body

    # --- Values ----------------------------------------------------------------------------------------------------
    def _curve(self, line: Line) -> list[str]:
        points = [(self.x(i), self.y(value)) if value is not None else None for i, value in enumerate(line.values)]
        body = [path(points, COLOURS[line.role], DASHES[line.role], 3 if line.role == Role.PRIMARY else 2)]
        last = _last_known(line)
        for index, point in enumerate(points):
            # Where marks would touch, only those stay without which a value between gaps would not be seen.
            if point and (self.step >= 12 or is_alone(points, index) or (last is not None and index == last[0])):
                body.append(dot(*point, line.role))
        return body

    def _last_value(self, line: Line) -> list[str]:
        last = _last_known(line)
        if last is None or line.role != Role.PRIMARY:
            return []
        written = self._value(line, *last)
        half = text_width(written, SIZE) / 2 + 2
        x = max(min(self.x(last[0]), self.width - half), half)
        return [label(x, self.y(last[1]) - 12, written, fill=COLOURS[line.role], anchor="middle")]

    def _bars(self, line: Line, index: int) -> list[str]:
        across = self._across()
        body = []
        for i, value in enumerate(line.values):
            if value is not None:
                zero, end = self.y(Decimal(0)), self.y(value)
                high = max(abs(zero - end), 0.5)
                body.append(_bar(self._bar_x(i, index), min(zero, end), max(across - 2, 1), high, line.role))
        return body

    def _bar_values(self, line: Line, index: int) -> list[str]:
        """At the bar's end where all fit; else of the newest main bar alone."""
        written = [None if value is None else self._value(line, i, value) for i, value in enumerate(line.values)]
        room = self._across() + 2 if len(self.chart.lines) > 1 else self.step - 4
        fits = max((text_width(w, SIZE) for w in written if w), default=0.0) <= room
        last = _last_known(line)
        body = []
        for i, value in enumerate(line.values):
            words = written[i]
            is_newest = last is not None and i == last[0] and line.role == Role.PRIMARY
            if value is None or words is None or not (fits or is_newest):
                continue
            half = text_width(words, SIZE) / 2 + 2
            x = max(min(self._bar_x(i, index) + self._across() / 2, self.width - half), half)
            y = self.y(value) + 18 if value < 0 else self.y(value) - 6
            body.append(label(x, y, words, anchor="middle", weight=400))
        return body

    def _across(self) -> float:
        return self.step * 0.72 / max(len(self.chart.lines), 1)

    def _bar_x(self, i: int, index: int) -> float:
        return self.x(i) - self.step * 0.36 + index * self._across()


def _references(chart: Chart) -> list[Reference]:
    levels = ((chart.target, chart.target_label, "8 4"), (chart.baseline, chart.baseline_label, "2 4"))
    return [
        Reference(value, f"{name} {write_quantity(value, chart.unit, chart.decimals, chart.scale)}", dash)
        for value, name, dash in levels
        if value is not None
    ]


def _last_known(line: Line) -> tuple[int, Decimal] | None:
    return next(((i, v) for i, v in reversed(list(enumerate(line.values))) if v is not None), None)


def _cut(words: str, room: float) -> str:
    if text_width(words, SIZE) <= room:
        return words
    return folded(words, room - SIZE, SIZE)[0] + "…"


def _bar(x: float, y: float, width: float, height: float, role: Role) -> str:
    fill = "#ffffff" if role == Role.COMPARISON else COLOURS[role]
    return (
        f'<rect x="{num(x)}" y="{num(y)}" width="{num(width)}" height="{num(height)}" fill="{fill}"'
        f' stroke="{COLOURS[role]}"/>'
    )
