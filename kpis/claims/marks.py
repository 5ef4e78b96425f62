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


def names(marks: Iterable[Mark]) -> str:
    """As a summary stores them: "rounded,synthetic"."""
    found = set(marks)
    return ",".join(_NAMES[mark] for mark in Mark if mark in found)


def from_names(text: str) -> Marks:
    """Reads what `names` writes."""
    return frozenset(mark for mark, name in _NAMES.items() if name in text.split(","))
