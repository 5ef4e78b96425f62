"""Words within a drawing: set so that they fit, and checked where they do not."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree

from reports import fonts

#: By so much two words may touch, in the units of the drawing.
TOUCH = 1.5
_SVG = "{http://www.w3.org/2000/svg}"


def fitting_size(words: str, width: float, *, size: int, smallest: int, weight: int = 400) -> int:
    """The largest size up to `size` at which the words are at most so wide; never below `smallest`."""
    return next(
        (each for each in range(size, smallest, -1) if fonts.text_width(words, each, weight) <= width), smallest
    )


def folded(words: str, width: float, size: int, weight: int = 400) -> list[str]:
    """The words in lines of at most so wide; Japanese may break between any two characters."""
    lines, line = [], ""
    for character in words:
        if line and fonts.text_width(line + character, size, weight) > width:
            lines.append(line)
            line = ""
        line += character
    return [*lines, line] if line else lines


def overruns(svg: str) -> list[str]:
    """The words of a drawing that its edge would cut or that lie over one another, as Japanese sentences."""
    root = ElementTree.fromstring(svg)  # noqa: S314  drawn by this application
    _, _, width, height = (float(each) for each in root.attrib["viewBox"].split())
    placed = [(each.text, _box(each)) for each in root.iter(f"{_SVG}text") if each.text]
    cut = [
        f"図の「{words}」が図の端で切れます"
        for words, (left, top, right, bottom) in placed
        if left < -TOUCH or top < -TOUCH or right > width + TOUCH or bottom > height + TOUCH
    ]
    over = [f"図の「{a}」と「{b}」が重なります" for (a, one), (b, two) in combinations(placed, 2) if _touch(one, two)]
    return [*cut, *over]


def _box(element: ElementTree.Element) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the letters."""
    size, x, y = (float(element.attrib[name]) for name in ("font-size", "x", "y"))
    width = fonts.text_width(element.text or "", size, int(element.get("font-weight", 400)))
    left = x - {"start": 0.0, "middle": width / 2, "end": width}[element.get("text-anchor", "start")]
    return left, y - size * 0.8, left + width, y + size * 0.1


def _touch(one: tuple[float, float, float, float], two: tuple[float, float, float, float]) -> bool:
    wide = min(one[2], two[2]) - max(one[0], two[0])
    high = min(one[3], two[3]) - max(one[1], two[1])
    return wide > TOUCH and high > TOUCH
