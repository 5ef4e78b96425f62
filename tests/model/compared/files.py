"""The data file of a KPI: every stored value, reason and mark, and nothing else."""

from __future__ import annotations

from fractions import Fraction

from tests.model.rules import Model
from tests.model.stored import Kpi
from tests.model.tally import REASONS, Tally


def compare_file(tally: Tally, kpi: Kpi, printed: list[dict[str, str]], model: Model) -> None:
    reported = [row for row in printed if row["内訳コード"] not in ("computed", "printed")]
    stored = [fact for part in kpi.parts for fact in part.facts.values()]
    values = sorted(Fraction(row["値"]) for row in reported if row["値"])
    tally.same(f"{kpi.code} file values", values, sorted(fact.value for fact in stored if fact.value is not None))
    reasons = sorted(row["値なしの理由"] for row in reported if row["値なしの理由"])
    tally.same(f"{kpi.code} file reasons", reasons, sorted(REASONS[f.reason] for f in stored if f.reason))
    said = sorted(row["公表された比較"] for row in reported if row["公表された比較"])
    tally.same(f"{kpi.code} file published", said, sorted(fact.published for fact in stored if fact.published))
    for mark in ("算出値", "概数", "速報値", "架空値"):
        marked = sum(row[mark] == "1" for row in reported)
        tally.same(f"{kpi.code} file {mark}", marked, sum(mark in fact.marks for fact in stored))
    if kpi.numerator:
        _quotients(tally, kpi, printed, model)


def _quotients(tally: Tally, kpi: Kpi, printed: list[dict[str, str]], model: Model) -> None:
    """What is worked out from two other KPIs, of every month in which both are in; what was printed, as printed."""
    said = {row["期間の初日"]: row["値"] for row in printed if row["期間の種類"] == "月" and row["値"]}
    cells = {f"{each.start}": model.cell(kpi, each) for each in model.periods(kpi) if each.span == "month"}
    tally.same(
        f"{kpi.code} file months", sorted(said), sorted(day for day, cell in cells.items() if cell.shown is not None)
    )
    for day in said.keys() & cells.keys():
        right = cells[day].shown
        near = right is not None and abs(Fraction(said[day]) - right) < Fraction(1, 10**8)
        tally.same(f"{kpi.code} file {day} ({said[day]})", near, True)
