"""What charts draw: the plotly data, and the alternative text of the SVG."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

from tests.model import surface
from tests.model.cells import FACTORS
from tests.model.periods import Period, fiscal_year, month
from tests.model.rules import Model
from tests.model.stored import Kpi
from tests.model.tally import Tally
from tests.model.years import State

LAST_YEAR = ("前年同月", "前年同期")
ALTERNATIVE = re.compile(r"の推移。(?P<first>.+?)の(?P<from>[\d▲][^。]*?)から(?P<last>.+?)の(?P<to>[\d▲][^。]*?)まで。")


def compare_charts(tally: Tally, kpi: Kpi, page: surface.Page, by_years: surface.Page | None, model: Model) -> None:
    _periods(tally, kpi, page, model)
    if by_years:
        _years(tally, kpi, by_years, model)
    for text in page.alternatives:
        _alternative(tally, kpi, text, model)


def _periods(tally: Tally, kpi: Kpi, page: surface.Page, model: Model) -> None:
    """Drawn is what is in, a break elsewhere; beside it the same period of the year before, and the target."""
    for name, points in page.lines.items():
        for label, height in points:
            period = labelled(label)
            if period is None:
                continue
            where = f"{kpi.code} {name} {label}"
            if name == "目標":
                # Where months have targets of their own, the year's is not drawn beside them.
                if height is not None or period.start in kpi.month_targets:
                    _height(tally, where, height, model.target_beside(kpi, period), kpi)
            else:
                cell = model.cell(kpi, period.before() if name in LAST_YEAR else period)
                _height(tally, where, height, cell.shown if cell.is_comparable else None, kpi)


def _years(tally: Tally, kpi: Kpi, page: surface.Page, model: Model) -> None:
    """A year's bar is a whole year; what is to date or has gaps is none."""
    for label, height in next(iter(page.lines.values()), []):
        period = labelled(label)
        if period is None or period.span != "fiscal_year" or kpi.frequency == "fiscal_year":
            continue
        if kpi.kind == "stock":
            newest = model.level(kpi, period)
            right = newest[1].value if newest and newest[1].is_comparable else None
        else:
            year = model.year(kpi, period.start.year)
            right = year.value if year.state is State.WHOLE and not year.withheld else None
        _height(tally, f"{kpi.code} by years {label}", height, right, kpi)


def _height(tally: Tally, where: str, height: float | None, right: Fraction | None, kpi: Kpi) -> None:
    tally.same(f"{where} is drawn", height is not None, right is not None)
    if height is None or right is None:
        return
    # What does not reach 100 % is drawn as it is printed (rule 11); an axis in 万円 counts yen, not 千円.
    per = FACTORS[kpi.unit] if kpi.unit == "千円" and kpi.scale != "one" else 1
    drawn = Fraction(height) / per
    near = abs(drawn - right) < Fraction(1, 10**6) or ("%" in kpi.unit and 99 < right < 100 and drawn <= right)
    tally.same(f"{where} height ({height}, {float(right)})", near, True)


def _alternative(tally: Tally, kpi: Kpi, text: str, model: Model) -> None:
    """From the first value drawn to the last one, as the lines draw them."""
    found = ALTERNATIVE.search(text)
    if found is None or kpi.frequency == "occasional":
        return
    known = [
        (period, cell)
        for period in sorted(model.periods(kpi), key=lambda each: each.end)
        if period.span == kpi.frequency and (cell := model.cell(kpi, period)).is_comparable
    ]
    if not known:
        tally.same(f"{kpi.code} alternative text", text, "")
        return
    for end, (_, cell) in (("from", known[0]), ("to", known[-1])):
        number = found[end].split("（")[0]
        if cell.printed:
            tally.same(f"{kpi.code} alternative text as printed", number, cell.printed)
        else:
            tally.number(f"{kpi.code} alternative text {end}", number, cell.value, kpi.unit)
        tally.marks(f"{kpi.code} alternative text {end} ({text})", found[end], cell.marks)


def labelled(label: str) -> Period | None:
    """R7.12, 令和6年度Q3 and 令和6年度 in a chart's labels."""
    if found := re.match(r"R(\d+)\.(\d+) ", label):
        return month(date(2018 + int(found[1]), int(found[2]), 1))
    if found := re.match(r"令和(\d+)年度(?:Q(\d))? ", label):
        year = fiscal_year(2018 + int(found[1]))
        return Period("quarter", year.months[3 * int(found[2]) - 3]) if found[2] else year
    return None
