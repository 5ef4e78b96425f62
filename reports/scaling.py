"""The same style sheet, set smaller: for a page that does not fit at its usual size."""

from __future__ import annotations

import re

#: By how much each step sets a page smaller; the last one still reads well (body text of 18 px becomes 13.7 px).
STEPS = (1.0, 0.92, 0.84, 0.76)
#: No letters below this, in px: about 10 points on paper.
SMALLEST = 13.5
#: What keeps its size: lines, and the drawings whose own labels would become too small.
_KEPT = re.compile(r"border|box-shadow")
_DRAWINGS = re.compile(r"-chart\b")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_LENGTH = re.compile(r"(-?\d+(?:\.\d+)?)px")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def scaled(css: str, step: int) -> str:
    """The rules of a flat style sheet (no @rules) with every length in px times the step's factor.

    They hold within an element of the class `set-STEP`.
    """
    rules = []
    for selectors, block in _RULE.findall(_COMMENT.sub("", css)):
        lengths = [smaller for each in block.split(";") if (smaller := _declaration(each.strip(), STEPS[step]))]
        if lengths and not _DRAWINGS.search(selectors):
            scope = ",".join(f".set-{step} {selector.strip()}" for selector in selectors.split(","))
            rules.append(f"{scope}{{{';'.join(lengths)}}}")
    return "\n".join(rules)


def _declaration(text: str, factor: float) -> str:
    """The declaration made smaller; nothing where it has no length to change."""
    name, _, value = text.partition(":")
    if "px" not in value or _KEPT.match(name.strip()):
        return ""
    floor = SMALLEST if name.strip() == "font-size" else 0.0

    def smaller(match: re.Match[str]) -> str:
        size = float(match[1])
        wanted = size * factor
        return f"{max(wanted, min(size, floor)):.2f}px" if floor else f"{wanted:.2f}px"

    return f"{name.strip()}:{_LENGTH.sub(smaller, value.strip())}"
