"""The cloud of names: the largest in the middle, the others around it, none touching another."""

from __future__ import annotations

import math
from typing import Any

from charts.svg import BLUE, INK, svg, text
from reports import fonts

WIDTH, HEIGHT = 986, 500
#: Sizes for bold names, names with several milestones, with one, and with none; scaled together until all fit.
SIZES = (34, 24, 20, 18)
#: At the last one the smallest name has 12 px, 9 points on paper.
SCALES = tuple(1.3 - step * 0.04 for step in range(17))
GAP_X, GAP_Y = 13, 7
DARK = "#00118f"

Box = tuple[float, float, float, float]


def rank_of(name: dict[str, Any]) -> int:
    """0 the largest: bold as published; then by how many milestones stand behind the name."""
    if name["bold"]:
        return 0
    return 1 if name["milestones"] > 1 else 2 if name["milestones"] else 3


class TooManyNames(ValueError):
    """The names do not fit into the picture at any size that can be read."""


def cloud(names: list[dict[str, Any]], period: str) -> str:
    """The names as a picture, the same for the same names. `period` says whose names they are. Raises TooManyNames."""
    placed = next((found for scale in SCALES if (found := _place(names, scale))), [])
    if len(placed) < len(names):
        raise TooManyNames
    body = []
    for name, size, (x, y, _, height) in placed:
        rank = rank_of(name)
        colour = (BLUE, DARK, INK, INK)[rank]
        weight = 700 if rank == 0 else 400
        body.append(text(x, y + height * 0.82, name["name"], size=size, fill=colour, weight=weight))
    alt = f"{period}の取組の名称：" + "、".join(name["name"] for name in names)
    return svg(WIDTH, HEIGHT, alt, body)


def _place(names: list[dict[str, Any]], scale: float) -> list[tuple[dict[str, Any], int, Box]]:
    """Every name with its size and box (x, y, width, height); nothing when one does not fit."""
    boxes: list[Box] = []
    placed = []
    for name in sorted(names, key=rank_of):
        size = round(SIZES[rank_of(name)] * scale)
        width = fonts.text_width(name["name"], size, 700 if name["bold"] else 400)
        box = _free(boxes, width, size * 1.05, turn=len(boxes))
        if box is None:
            return []
        boxes.append(box)
        placed.append((name, size, box))
    return placed


def _free(boxes: list[Box], width: float, height: float, *, turn: int) -> Box | None:
    """The first free place on a flat spiral from the middle; each name begins at another angle."""
    begin, in_the_way = turn * 2.4, None
    for step in range(2600):
        angle = begin + step * 0.13
        radius = step * 0.19
        x = WIDTH / 2 + radius * math.cos(angle) * 1.3 - width / 2
        y = HEIGHT / 2 + radius * math.sin(angle) * 0.52 - height / 2
        box = (x, y, width, height)
        is_outside = not (0 <= x <= WIDTH - width and 0 <= y <= HEIGHT - height)
        # The next place on the spiral is mostly blocked by the same name: asked first, it saves most questions.
        if is_outside or (in_the_way and _touch(box, in_the_way)):
            continue
        in_the_way = next((other for other in boxes if _touch(box, other)), None)
        if in_the_way is None:
            return box
    return None


def _touch(a: Box, b: Box) -> bool:
    return (
        a[0] < b[0] + b[2] + GAP_X
        and b[0] < a[0] + a[2] + GAP_X
        and a[1] < b[1] + b[3] + GAP_Y
        and b[1] < a[1] + a[3] + GAP_Y
    )
