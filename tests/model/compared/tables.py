"""The table beside the chart and the table of years on a KPI's page."""

from __future__ import annotations

import re
from fractions import Fraction

from tests.model import surface
from tests.model.cells import Cell, stopped_since_baseline
from tests.model.judging import times
from tests.model.periods import Period
from tests.model.rules import Model
from tests.model.stored import Kpi
from tests.model.tally import REASONS, Tally
from tests.model.years import State


def compare_periods(tally: Tally, kpi: Kpi, printed: list[list[str]], model: Model) -> None:
    for row in printed:
        period = surface.period_in(row[0])
        if period is None or len(row) < 5 or not kpi.has_a_figure:
            continue
        where, cell = f"{kpi.code} {row[0]}", model.cell(kpi, period)
        _value(tally, where, row[1], cell, kpi.unit)
        then = model.cell(kpi, period.before())
        both = model.may_compare(kpi, period, period.before()) and None not in (cell.shown, then.shown)
        tally.change(f"{where} change", row[3], kpi, cell.shown if both else None, then.shown)
        # What stopped being counted leaves the number of the year before alone: it is no change.
        if row[2] or both:
            is_known = cell.is_comparable and then.is_comparable
            tally.number(f"{where} a year before", row[2], then.shown if is_known else None, kpi.unit)
        if both:
            tally.marks(f"{where} change", row[3], cell.marks | then.marks)
        if row[4] or cell.is_comparable:
            tally.number(f"{where} target", row[4], model.target_beside(kpi, period), kpi.unit)
        if cell.expected > 1 and not kpi.numerator and "／" in row[5]:
            answered, expected = row[5].split("／")
            tally.same(f"{where} all answered ({row[5]})", answered == expected, cell.answered == cell.expected)


def _value(tally: Tally, where: str, text: str, cell: Cell, unit: str) -> None:
    if cell.printed:
        tally.same(f"{where} as printed", text.split("（")[0], cell.printed)
        return
    if cell.is_projected and surface.number_in(text) is None:
        return  # A projection of what is over is not shown.
    tally.number(f"{where} value", text.split("（")[0], cell.value, unit)
    if cell.value is not None:
        tally.same(f"{where} says what is left out", "を除く" in text, bool(cell.withheld))
        is_partial = not cell.is_in and not cell.is_projected and not cell.is_published
        tally.same(f"{where} says it is partial", "途中の計" in text, is_partial)
        tally.marks(where, text, cell.marks)
    elif cell.reason in REASONS:
        tally.same(f"{where} says why ({text})", REASONS[cell.reason] in text, True)


def compare_years(tally: Tally, kpi: Kpi, printed: list[list[str]], model: Model) -> None:
    for row in printed:
        period = surface.period_in(row[0])
        if period is None or period.span != "fiscal_year" or kpi.frequency not in ("month", "quarter"):
            continue
        where = f"{kpi.code} {row[0]}"
        if kpi.kind == "stock":
            _year_of_levels(tally, where, row, kpi, model, period)
        if kpi.kind == "flow" or kpi.numerator:
            _year_of_amounts(tally, where, row, kpi, model, period)


def _year_of_levels(tally: Tally, where: str, row: list[str], kpi: Kpi, model: Model, year: Period) -> None:
    """A level's year is its last one, and the row says of which month it is."""
    newest = model.level(kpi, year)
    tally.number(
        f"{where} level", row[1].split("（")[0].split(" ")[0], newest[1].value if newest else None, kpi.unit
    )  # fmt: skip
    if newest is None or newest[1].value is None:
        return
    period, cell = newest
    tally.same(f"{where} partial", "途中の計" in row[1], not cell.is_in)
    tally.same(f"{where} month ({row[1]})", f"年{model.dated(kpi, period).month}月" in row[1], True)
    both = model.may_compare(kpi, period, period.before())
    tally.change(f"{where} change", row[2], kpi, cell.value if both else None, model.cell(kpi, period.before()).value)
    if row[4]:
        tally.number(f"{where} target", row[4], model.target_of(kpi, year), kpi.unit)
    if "倍" in cell.published:
        tally.same(f"{where} ratio as printed", row[3].split("（")[0], cell.published)
    else:
        is_measured = cell.is_comparable and (cell.is_published or not stopped_since_baseline(kpi, period))
        tally.number(f"{where} ratio", row[3], times(cell.value, kpi.baseline) if is_measured else None)
    _rates(tally, where, row[5], model.rates(kpi, period, year))
    tally.marks(where, row[6], cell.marks)


def _year_of_amounts(tally: Tally, where: str, row: list[str], kpi: Kpi, model: Model, period: Period) -> None:
    year, unit, value = model.year(kpi, period.start.year), kpi.unit, row[1].split(" ", 1)[0]
    where = f"{where} [{year.state.value} {year.count}/{len(year.lived)}]"
    tally.number(f"{where} value", value.split("（")[0], year.value, unit)
    if year.value is None:
        return
    tally.same(f"{where} n／m ({row[1]})", "／" in row[1], year.count < len(year.lived))
    if year.count < len(year.lived):
        tally.same(f"{where} n", f"{year.count}／{len(year.lived)}か月分" in row[1], True)
    elif len(year.lived) < 12:
        tally.same(f"{where} months ({row[1]})", f"{len(year.lived)}か月分" in row[1], True)
    tally.same(f"{where} 除く", "を除く" in row[1], bool(year.withheld or year.months_left_out))
    # Of a year to date that began within the year, the same months may be left uncompared.
    if row[2] or year.state is not State.TO_DATE or len(year.lived) == 12:
        tally.change(f"{where} change", row[2], kpi, year.now, year.then)
    if row[2] and year.now is not None and year.then is not None and year.compared < 12:
        tally.same(f"{where} same months", f"同じ{year.compared}か月どうし" in row[2], True)
    if row[2] and year.now is not None and year.then is not None:
        tally.marks(f"{where} change", row[2], year.compared_marks)
    tally.number(f"{where} ratio", row[3], year.ratio)
    if year.ratio is not None:
        tally.marks(f"{where} ratio", row[3], year.marks)
    if row[4]:
        tally.number(f"{where} target", row[4], model.target_of(kpi, period), unit)
    if year.state is State.TO_DATE:
        tally.same(f"{where} no achievement", "達成" in row[5], False)
    else:
        _rates(tally, where, row[5], {"進捗率": year.progress, "達成率": year.achievement})
    tally.marks(where, row[6], year.marks)


def _rates(tally: Tally, where: str, text: str, rates: dict[str, Fraction | None]) -> None:
    for word, right in rates.items():
        found = re.search(word + r" (\S+?%)", text)
        tally.rate(f"{where} {word}", found[1] if found else "", right)
