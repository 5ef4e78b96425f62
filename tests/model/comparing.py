"""Holds what the pages print against the model, number by number and claim by claim."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from django.test import Client

from tests.model import surface
from tests.model.rules import FACTORS, Cell, Kpi, Model, Period, State, Year

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


def change(tally: Tally, where: str, text: str, exact: Fraction | None, unit: str = "") -> None:
    """A change, its sign, and the words that say it is none: exactly none, or almost."""
    if exact is not None and text.startswith("ほぼ増減なし"):
        tally.number(where, text, exact, unit)
        tally.same(where + " is not none", exact == 0, False)
    elif exact is not None and "増減なし" in text:
        tally.same(where, Fraction(0), exact)
    else:
        tally.number(where, text, exact, unit)


def compare_world(client: Client, today: date) -> Tally:
    """Every KPI's page and file."""
    tally, model = Tally(), Model(today)
    cards = surface.cards_of(client)
    for kpi in model.kpis.values():
        page = surface.look(client, kpi.code)
        _file(tally, kpi, surface.file_of(client, kpi.code), model)
        _periods(tally, kpi, page.months, model)
        _lines(tally, kpi, page, model)
        _years(tally, kpi, page.years, model)
        _card(tally, f"{kpi.code} card", page.number, page.card, kpi, model.latest(kpi))
        if kpi.code in cards:
            number = surface.number_on_card(cards[kpi.code])
            _card(tally, f"{kpi.code} overview", number, cards[kpi.code], kpi, model.latest(kpi))
    return tally


def _card(tally: Tally, where: str, number: str, text: str, kpi: Kpi, newest: tuple[Period, Cell] | None) -> None:
    """The newest value that is whole, its period, its marks."""
    if newest is None:
        tally.same(f"{where} number", number, "")
        return
    period, cell = newest
    tally.number(f"{where} of {period}", number, cell.value, kpi.unit)
    for mark in ("推計", "算出値", "概数", "速報値", "架空値"):
        tally.same(f"{where} {mark}", mark in surface.marks_in(text), mark in cell.marks)
    if kpi.direction == "none":
        tally.same(f"{where} judges nothing", re.search("達成|未達|順調|遅れ", surface.text_of(text)), None)


def _file(tally: Tally, kpi: Kpi, printed: list[dict[str, str]], model: Model) -> None:
    reported = [row for row in printed if row["内訳コード"] != "computed"]
    stored = [fact for part in kpi.parts for fact in part.facts.values()]
    values = sorted(Fraction(row["値"]) for row in reported if row["値"])
    tally.same(f"{kpi.code} file values", values, sorted(fact.value for fact in stored if fact.value is not None))
    reasons = sorted(row["値なしの理由"] for row in reported if row["値なしの理由"])
    tally.same(f"{kpi.code} file reasons", reasons, sorted(REASONS[f.reason] for f in stored if f.reason))
    for mark in ("算出値", "概数", "速報値", "架空値"):
        marked = sum(row[mark] == "1" for row in reported)
        tally.same(f"{kpi.code} file {mark}", marked, sum(mark in fact.marks for fact in stored))


def _periods(tally: Tally, kpi: Kpi, printed: list[list[str]], model: Model) -> None:
    for row in printed:
        period = surface.period_in(row[0])
        if period is None or len(row) < 4 or not (kpi.adds_up or kpi.numerator or len(kpi.parts) == 1):
            continue
        where, cell = f"{kpi.code} {row[0]}", model.cell(kpi, period)
        _value(tally, where, row[1], cell, kpi.unit)
        then = model.cell(kpi, period.before())
        both = cell.is_comparable and then.is_comparable
        exact = cell.value - then.value if both and cell.value is not None and then.value is not None else None
        change(tally, f"{where} change", row[3], exact, kpi.unit)
        tally.number(f"{where} a year before", row[2], then.value if both else None, kpi.unit)


def _value(tally: Tally, where: str, text: str, cell: Cell, unit: str) -> None:
    tally.number(f"{where} value", text.split("（")[0], cell.value, unit)
    if cell.value is not None:
        tally.same(f"{where} says what is left out", "を除く" in text, bool(cell.withheld))
        is_partial = not cell.is_in and not cell.is_projected and not cell.is_published
        tally.same(f"{where} says it is partial", "途中の計" in text, is_partial)


def _lines(tally: Tally, kpi: Kpi, page: surface.Page, model: Model) -> None:
    """The chart draws what is in, a break elsewhere; beside it the same period of the year before."""
    points = page.lines.get("実績", [])
    by_label = {label.split(" ")[0]: height for label, height in points}
    for label, height in by_label.items():
        found = re.fullmatch(r"R(\d+)\.(\d+)", label)
        if not found or kpi.frequency != "month":
            continue
        month = date(2018 + int(found[1]), int(found[2]), 1)
        cell = model.cell(kpi, Period("month", month))
        right = cell.value if cell.is_comparable else None
        tally.same(f"{kpi.code} {label} is drawn", height is not None, right is not None)
        if height is not None and right is not None:
            # What does not reach 100 % is drawn as it is printed (rule 11); an axis in 万円 counts yen, not 千円.
            per = FACTORS[kpi.unit] if kpi.unit == "千円" and kpi.scale != "one" else 1
            drawn = Fraction(height) / per
            near = abs(drawn - right) < Fraction(1, 10**6) or ("%" in kpi.unit and 99 < right < 100 and drawn <= right)
            tally.same(f"{kpi.code} {label} height ({height}, {float(right)})", near, True)


def _years(tally: Tally, kpi: Kpi, printed: list[list[str]], model: Model) -> None:
    for row in printed:
        period = surface.period_in(row[0])
        if period is None or period.span != "fiscal_year" or kpi.frequency != "month":
            continue
        if kpi.kind == "stock":
            _year_of_levels(
                tally, f"{kpi.code} {row[0]}", row, model.level(kpi, period), kpi.unit, model.dated_month(kpi, period)
            )
        if kpi.kind == "flow" or kpi.numerator:
            _year_of_amounts(tally, f"{kpi.code} {row[0]}", row, model.year(kpi, period.start.year), kpi.unit)


def _year_of_levels(
    tally: Tally, where: str, row: list[str], newest: tuple[Period, Cell] | None, unit: str, month: int
) -> None:
    """A level's year is its last one, and the row says of which month it is."""
    tally.number(f"{where} level", row[1].split("（")[0].split(" ")[0], newest[1].value if newest else None, unit)
    if newest and newest[1].value is not None:
        tally.same(f"{where} partial", "途中の計" in row[1], not newest[1].is_in)
        tally.same(f"{where} month ({row[1]})", f"年{month}月" in row[1], True)


def _year_of_amounts(tally: Tally, where: str, row: list[str], year: Year, unit: str) -> None:
    value = row[1].split(" ", 1)[0]
    where = f"{where} [{year.state.value} {year.count}/{len(year.lived)}]"
    tally.number(f"{where} value", value.split("（")[0], year.value, unit)
    if year.value is None:
        return
    tally.same(f"{where} n／m ({row[1]})", "／" in row[1], year.count < len(year.lived))
    if year.count < len(year.lived):
        tally.same(f"{where} n", f"{year.count}／{len(year.lived)}か月分" in row[1], True)
    tally.same(f"{where} 除く", "を除く" in row[1], bool(year.withheld))
    change(tally, f"{where} change", row[2], year.change, unit)
    if row[2] and year.compared < 12:
        tally.same(f"{where} same months", f"同じ{year.compared}か月どうし" in row[2], True)
    tally.number(f"{where} ratio", row[3], year.ratio)
    if row[4]:
        tally.number(f"{where} target", row[4], year.target, unit)
    if year.state is not State.TO_DATE:
        for word, right in (("進捗率", year.progress), ("達成率", year.achievement)):
            found = re.search(word + r" (\S+?)%", row[5])
            tally.number(f"{where} {word}", found[1] if found else "", None if right is None else right * 100)
    else:
        tally.same(f"{where} no achievement", "達成" in row[5], False)
    for mark in ("推計", "算出値", "概数", "速報値", "架空値"):
        tally.same(f"{where} {mark}", mark in row[6], mark in year.marks)
