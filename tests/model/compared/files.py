"""The data file of a KPI: every stored value, reason and mark; then the totals and years that they make."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from tests.model.periods import Period, fiscal_year, year_of
from tests.model.rules import Model
from tests.model.stored import Kpi
from tests.model.tally import REASONS, Tally

#: What a row of a total or of a year is called.
TOTAL = "合計"


@dataclass(frozen=True)
class Summed:
    """A total of parts or a year: its value, its marks, and what has to stand beside it (rules 1, 2, 4 and 8)."""

    value: Fraction
    marks: frozenset[str]
    reach: str = ""
    is_partial: bool = False
    withheld: int = 0


def compare_file(tally: Tally, kpi: Kpi, printed: list[dict[str, str]], model: Model) -> None:
    reported = [row for row in printed if row["内訳コード"] not in ("computed", "printed", TOTAL)]
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
    _totals(tally, kpi, printed, model)


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


def _totals(tally: Tally, kpi: Kpi, printed: list[dict[str, str]], model: Model) -> None:
    said = {(row["期間の種類"], row["期間の初日"]): row for row in printed if row["内訳コード"] == TOTAL}
    right = {} if kpi.numerator or not kpi.has_a_figure else _months_of_parts(kpi, model) | _years(kpi, model)
    tally.same(f"{kpi.code} file totals", sorted(said), sorted(right))
    for key in said.keys() & right.keys():
        where, row, summed = f"{kpi.code} file total {key[1]} of a {key[0]}", said[key], right[key]
        tally.same(f"{where}", Fraction(row["値"]), summed.value)
        reach = row["含む月"]
        tally.same(
            f"{where} reach ({reach})", summed.reach in reach if summed.reach else "月" in reach, bool(summed.reach)
        )
        tally.same(f"{where} partial ({reach})", "途中の計" in reach, summed.is_partial)
        tally.same(f"{where} 除く ({reach})", "を除く" in reach, bool(summed.withheld))
        for mark in ("算出値", "概数", "速報値", "架空値"):
            tally.same(f"{where} {mark}", row[mark] == "1", mark in summed.marks)


def _key(period: Period) -> tuple[str, str]:
    words = {"month": "月", "quarter": "四半期", "fiscal_year": "年度", "calendar_year": "暦年"}
    return words[period.span], f"{period.start}"


def _months_of_parts(kpi: Kpi, model: Model) -> dict[tuple[str, str], Summed]:
    """Of several parts; one alone is its own total, and what a source printed is none of ours."""
    found = {}
    for period in model.periods(kpi):
        cell = model.cell(kpi, period)
        is_sum = cell.value is not None and not cell.is_published and not cell.is_projected
        if is_sum and sum(part.lives_in(period) for part in kpi.breakdown) > 1:
            found[_key(period)] = Summed(cell.value, cell.marks, "", not cell.is_in, cell.withheld)
    return found


def _years(kpi: Kpi, model: Model) -> dict[tuple[str, str], Summed]:
    found: dict[tuple[str, str], Summed] = {}
    if kpi.frequency not in ("month", "quarter") or kpi.kind == "ratio":
        return found
    for number in {year_of(period.start) for period in model.periods(kpi) if period.span in ("month", "quarter")}:
        summed = _level(kpi, model, number) if kpi.kind == "stock" else _amount(kpi, model, number)
        if summed is not None:
            found[_key(fiscal_year(number))] = summed
    return found


def _level(kpi: Kpi, model: Model, number: int) -> Summed | None:
    newest = model.level(kpi, fiscal_year(number))
    if newest is None or newest[1].value is None:
        return None
    period, cell = newest
    return Summed(cell.value, cell.marks, f"年{model.dated(kpi, period).month}月", not cell.is_in, cell.withheld)


def _amount(kpi: Kpi, model: Model, number: int) -> Summed | None:
    year = model.year(kpi, number)
    if year.value is None or model.printed_year(kpi, number) is not None:
        return None
    lived = len(year.lived)
    reach = f"{year.count}か月分" if lived < 12 else ""
    if year.count < lived:
        reach = f"{year.count}／{lived}か月分"
    return Summed(year.value, year.marks, reach, withheld=year.withheld)
