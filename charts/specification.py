"""A chart described once. Pages and print draw it as SVG (charts.svg), plotly makes it interactive (charts.plotly)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Role(StrEnum):
    """What a line stands for; it decides colour, dash and marker, so that no chart depends on colour alone."""

    PRIMARY = "primary"
    COMPARISON = "comparison"
    SECONDARY = "secondary"


@dataclass(frozen=True)
class Line:
    """A series of values, one per x label; None is a gap, never 0. `marks` notes values that need a mark (架空値…).

    `texts` and, with a scale, `labels` hold those that are written otherwise than the chart would write them (a printed
    54%, a near miss of the target); "" for the others.
    """

    name: str
    values: tuple[Decimal | None, ...]
    role: Role = Role.PRIMARY
    marks: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()

    def text(self, index: int) -> str:
        """How a value is written in full; "" where the chart writes it."""
        return self.texts[index] if self.texts else ""

    def label(self, index: int) -> str:
        """How it is written with its scale."""
        return self.labels[index] if self.labels else ""


@dataclass(frozen=True)
class Marker:
    """Something that happened at an x label: a milestone of an initiative."""

    x: str
    label: str


@dataclass(frozen=True)
class Chart:
    """What a chart shows. `alt` says in a sentence what a reader sees; `unit`, `decimals`, `scale` write its numbers."""

    title: str
    alt: str
    x: tuple[str, ...]
    lines: tuple[Line, ...]
    kind: str = "line"
    unit: str = ""
    decimals: int = 0
    scale: str = "one"
    target: Decimal | None = None
    target_label: str = "目標"
    baseline: Decimal | None = None
    baseline_label: str = "基準"
    markers: tuple[Marker, ...] = ()

    @property
    def marks(self) -> list[str]:
        """速報値, or 速報値を含む where only some of the drawn values carry it; each once, in the order met."""
        drawn = [
            mark.split("・") if mark else []
            for line in self.lines
            for value, mark in zip(line.values, line.marks or ("",) * len(line.values), strict=True)
            if value is not None
        ]
        met = dict.fromkeys(word for words in drawn for word in words)
        return [word if all(word in words for words in drawn) else f"{word}を含む" for word in met]

    def __post_init__(self) -> None:
        for line in self.lines:
            if len(line.values) != len(self.x):
                raise ValueError(f"{line.name}: {len(line.values)} values for {len(self.x)} labels")
        if self.kind not in ("line", "bar"):
            raise ValueError(f"unknown kind of chart: {self.kind}")
