"""A value as a sentence states it: with everything that it may not be told without."""

from __future__ import annotations

from kpis.claims.extent import Extent
from kpis.claims.facts import Figure, Subject
from kpis.claims.marks import words
from kpis.claims.quantities import marks_in_print, written


def stated_value(subject: Subject, figure: Figure, extent: Extent) -> str:
    """600件（4／12か月分）: as written, with how much of its period it holds."""
    return written(subject, figure) + extent.bracket


def stated_number(subject: Subject, figure: Figure, extent: Extent) -> str:
    """The same without its unit: 600（4／12か月分）. Digits alone are a claim too, so a part of a year is never bare."""
    return written(subject, figure).removesuffix(subject.unit) + extent.bracket


def stated_marks(subject: Subject, figure: Figure, extent: Extent) -> list[str]:
    """What stands beside the value, with its unit or without: 速報値, 非公開1件を除く."""
    return words(marks_in_print(subject, figure)) + ([extent.left_out] if extent.left_out else [])


def beside(text: str, marks: list[str]) -> str:
    """40,000人（概数）; 600件（4／12か月分・速報値） where a bracket stands there already."""
    if not text or not marks:
        return text
    listed = "・".join(marks)
    return f"{text[:-1]}・{listed}）" if text.endswith("）") else f"{text}（{listed}）"
