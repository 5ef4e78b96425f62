"""Holds what is printed against what the rules say, number by number and claim by claim."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tests.model import surface
from tests.model.stored import Kpi

MARKS = ("推計", "算出値", "概数", "速報値", "架空値")
REASONS = {"withheld": "非公開", "pending": "集計中", "not_applicable": "該当なし", "before_start": "導入前"}


@dataclass
class Tally:
    """How much was compared, and where the two differ."""

    compared: int = 0
    differences: list[str] = field(default_factory=list)

    def same(self, where: str, said: Any, right: Any) -> None:
        self.compared += 1
        if said != right:
            self.differences.append(f"{where}: prints {said!r}, the rules say {right!r}")

    def number(self, where: str, text: str, exact: Fraction | None, unit: str = "") -> None:
        """A text's number is the exact one, rounded; without one the text has none. A unit of its own size (千円) is
        counted in what it is printed in (万円)."""
        self.compared += 1
        printed = surface.number_in(text)
        if exact is not None and unit == "千円" and "千円" not in text:
            exact *= 1000
        right = printed is None if exact is None else printed is not None and printed.stands_for(exact, text)
        if not right:
            shown = None if exact is None else float(exact)
            self.differences.append(f"{where}: prints {text!r}, the rules say {shown!r}")

    def change(self, where: str, text: str, kpi: Kpi, now: Fraction | None, then: Fraction | None) -> None:
        """A change and its sign, or the words that say it is none: where both print alike, or almost none (rule 11)."""
        if now is None or then is None:
            self.number(where, text, None)
            return
        if "増減なし" in text:
            is_alike = written(now, kpi) == written(then, kpi)
            self.same(f"{where} ({text}) is of two that print alike", "ほぼ" not in text, is_alike)
        if "増減なし" not in text or "ほぼ" in text:
            self.number(where, text, now - then, kpi.unit)

    def rate(self, where: str, text: str, exact: Fraction | None) -> None:
        """A share of 1, printed in percent."""
        self.number(where, text, None if exact is None else exact * 100)

    def marks(self, where: str, said: set[str] | str, right: frozenset[str]) -> None:
        for mark in MARKS:
            # 将来推計 is another word.
            said = said.replace("将来推計", "") if isinstance(said, str) else said
            self.same(f"{where} {mark}", mark in said, mark in right)


def written(exact: Fraction, kpi: Kpi) -> int:
    """In steps of the last decimal, half up (away from zero); what does not reach 100 % is never 100 % (rule 11)."""
    steps = int(abs(exact) * 10**kpi.decimals + Fraction(1, 2))
    if "%" in kpi.unit and exact < 100:
        steps = min(steps, 100 * 10**kpi.decimals - 1)
    return -steps if exact < 0 else steps
