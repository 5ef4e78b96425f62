"""The marks a reader must see beside a value, and how they travel: a comparison carries those of everything it uses."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Mark(StrEnum):
    """One mark; the value is its word. The order is the order in print."""

    DERIVED = "算出値"
    ESTIMATED = "推計"
    PROJECTED = "将来推計"
    ROUNDED = "概数"
    PROVISIONAL = "速報値"
    SYNTHETIC = "架空値"


Marks = frozenset[Mark]
NO_MARKS: Marks = frozenset()

#: A mark → its name in a stored list of marks.
_NAMES = {mark: mark.name.lower() for mark in Mark}


def marks_from(*, nature: str, is_derived: bool, is_rounded: bool, is_provisional: bool, is_synthetic: bool) -> Marks:
    """The marks of a stored value. `nature` is observed, estimated or projected."""
    flags = {
        Mark.DERIVED: is_derived,
        Mark.ESTIMATED: nature == "estimated",
        Mark.PROJECTED: nature == "projected",
        Mark.ROUNDED: is_rounded,
        Mark.PROVISIONAL: is_provisional,
        Mark.SYNTHETIC: is_synthetic,
    }
    return frozenset(mark for mark, is_set in flags.items() if is_set)


def union(*marks: Iterable[Mark]) -> Marks:
    """Everything that one of them carries."""
    return frozenset(mark for each in marks for mark in each)


def words(marks: Iterable[Mark]) -> list[str]:
    """In the order of print: 算出値, 推計, …"""
    found = set(marks)
    return [mark.value for mark in Mark if mark in found]


def bracket(marks: Iterable[Mark]) -> str:
    """To stand behind a text: （架空値）, （速報値・概数）; "" without marks."""
    listed = words(marks)
    return f"（{'・'.join(listed)}）" if listed else ""


#: What a value is called by how it came about: the first that holds; 実績値 is only what was measured.
_CALLED = ((Mark.SYNTHETIC, "架空値"), (Mark.PROJECTED, "将来推計"), (Mark.ESTIMATED, "推計値"))
MEASURED = "実績値"


def called(marks: Iterable[Mark]) -> str:
    """実績値, 推計値, 将来推計 or 架空値."""
    found = set(marks)
    return next((word for mark, word in _CALLED if mark in found), MEASURED)


def line_name(values: Iterable[Marks]) -> str:
    """What a line in a chart is called by the values it goes through: 実績, 実績・推計値, 架空値."""
    found = {called(marks) for marks in values}
    listed = [word for word in (MEASURED, *(word for _, word in reversed(_CALLED))) if word in found] or [MEASURED]
    return "・".join("実績" if word == MEASURED else word for word in listed)


def names(marks: Iterable[Mark]) -> str:
    """As a summary stores them: "rounded,synthetic"."""
    found = set(marks)
    return ",".join(_NAMES[mark] for mark in Mark if mark in found)


def from_names(text: str) -> Marks:
    """Reads what `names` writes."""
    return frozenset(mark for mark, name in _NAMES.items() if name in text.split(","))
