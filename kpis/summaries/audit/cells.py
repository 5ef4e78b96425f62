"""What a summary is made of here: a dictionary of columns, with fractions where the model has amounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import prefetch_related_objects

from japan.fiscal import add_months, fiscal_months, month_end
from japan.periods import Period, Span
from kpis.models import Kpi, Measurement, Series

Cell = dict[str, Any]
Table = dict[tuple[str, date], Cell]

M, Q, FY, CY = "month", "quarter", "fiscal_year", "calendar_year"
LENGTH = {M: 1, Q: 3, FY: 12, CY: 12}
FLAGS = ("is_derived", "is_rounded", "is_provisional", "is_synthetic")


def blank(span: str, basis: str) -> Cell:
    """A cell of which nothing is known."""
    unknown = (
        "value", "numerator", "denominator", "value_period", "parts_total", "cumulative", "last_year_value",
        "compared_value", "ratio_to_baseline", "target_value", "progress", "achievement", "as_of",
        "first_month", "final_month", "newest_month", "computed_value",
    )  # fmt: skip
    counts = ("reported", "expected", "withheld", "cumulative_months", "compared_months")
    return (
        dict.fromkeys(unknown)
        | dict.fromkeys(counts, 0)
        | dict.fromkeys((*FLAGS, "lost_before", "lost_last_year", "lost_baseline"), False)
        | {"basis": basis, "months": LENGTH[span], "months_expected": LENGTH[span]}
        | {"nature": "observed", "missing_reason": "", "as_of_wording": "", "computed_from": []}
        | {"published": "", "compared_marks": ""}
    )


def mark(cell: Cell, used: Sequence[Measurement]) -> Cell:
    """Takes over flags and origins of measurements."""
    for flag in FLAGS:
        cell[flag] = any(getattr(m, flag) for m in used)
    if any(m.nature == "estimated" for m in used):
        cell["nature"] = "estimated"
    cell["computed_from"] = sorted([m.pk, m.version] for m in used)
    return cell


def inherit(cell: Cell, used: Sequence[Cell]) -> Cell:
    """Takes over flags and origins of other cells."""
    for flag in FLAGS:
        cell[flag] = any(c[flag] for c in used)
    if any(c["nature"] == "estimated" for c in used):
        cell["nature"] = "estimated"
    pairs = {tuple(pair) for c in used for pair in c["computed_from"]}
    cell["computed_from"] = [list(pair) for pair in sorted(pairs)]
    return cell


def total(measurements: Sequence[Measurement]) -> Fraction | None:
    values = [Fraction(m.value) for m in measurements if m.value is not None]
    return sum(values, Fraction(0)) if values else None


def is_full(cell: Cell) -> bool:
    """Everything due was reported."""
    return 0 < cell["expected"] == cell["reported"] and cell["months"] == cell["months_expected"]


def whole(cell: Cell | None) -> Fraction | None:
    """The value of a full cell that is no projection and leaves nothing out."""
    if cell is None or cell["nature"] == "projected" or not is_full(cell) or cell["withheld"]:
        return None
    value: Fraction | None = cell["value"]
    return value


def is_answered(cell: Cell | None) -> bool:
    """Nothing is open or withheld in it; 該当なし is an answer, 導入前 is none."""
    if cell is None or cell["nature"] == "projected":
        return False
    return is_full(cell) and not cell["withheld"] and cell["missing_reason"] != "before_start"


def is_exact(cell: Cell) -> bool:
    """Measured, and neither worked back nor rounded."""
    return cell["nature"] == "observed" and not (cell["is_derived"] or cell["is_rounded"])


def is_of_a_day(kpi: Kpi) -> bool:
    """Its value is a level: a stock's, that of two stocks, or one that was stated with a day."""
    if kpi.kind == "stock":
        return True
    if kpi.kind != "ratio":
        return False
    if kpi.numerator is None or kpi.denominator is None:
        return kpi.as_of_rule != "during"
    return kpi.numerator.kind == kpi.denominator.kind == "stock"


def is_short(cell: Cell, span: str) -> bool:
    """It speaks of fewer months than such a period has, because its KPI did not live through it."""
    return cell["value_period"] is None and cell["first_month"] is not None and cell["months_expected"] < LENGTH[span]


def has_gap(cell: Cell, span: str) -> bool:
    """A month is missing before one that is there, or a part of the only period it speaks of."""
    if is_full(cell):
        return False
    if span not in (FY, CY) or cell["value_period"] or not cell["newest_month"] or not cell["first_month"]:
        return True
    return len(run(cell["first_month"], cell["newest_month"])) != cell["months"]


def run(first: date, last: date) -> list[date]:
    """Every month from one to another."""
    days = [first]
    while days[-1] < last:
        days.append(add_months(days[-1], 1))
    return days


def end_of(span: str, start: date) -> date:
    """The last month of a period."""
    return add_months(start, LENGTH[span] - 1)


def spanned(kpi: Kpi, span: str, start: date) -> list[date]:
    """The months of a period in which a KPI is in use."""
    return [m for m in run(start, end_of(span, start)) if _is_used(kpi, m)]


def _is_used(kpi: Kpi, month: date) -> bool:
    """In use itself, and one of its series too (a computed ratio has none)."""
    prefetch_related_objects([kpi], "series")  # once for each KPI
    return _lives(kpi, month) and (not kpi.series.all() or any(_lives(s, month) for s in kpi.series.all()))


def _lives(one: Kpi | Series, month: date) -> bool:
    return (one.starts_on or date.min) <= month_end(month) and month <= (one.ends_on or date.max)


def live(kpi: Kpi, span: str, start: date, cell: Cell) -> Cell:
    """What is said of a longer period is said of the months lived in it."""
    months = [] if span == M else spanned(kpi, span, start)
    if months:
        cell.update(first_month=months[0], final_month=months[-1])
        if not is_of_a_day(kpi):
            cell.update(months=len(months), months_expected=len(months))
    return cell


MARKS = ("derived", "estimated", "projected", "rounded", "provisional", "synthetic")


def marks(used: Sequence[Cell]) -> str:
    """The names of the marks that one of the cells carries."""
    found = {c["nature"] for c in used} | {f.removeprefix("is_") for c in used for f in FLAGS if c[f]}
    return ",".join(m for m in MARKS if m in found)


def seen(cells: Table, span: str, start: date) -> Cell | None:
    """The cell of a period, unless it is a projection."""
    cell = cells.get((span, start))
    return None if cell is None or cell["nature"] == "projected" else cell


def stops_within(kpi: Kpi, span: str, start: date) -> bool:
    """It is in use in a period and not any more at its end."""
    months = spanned(kpi, span, start)
    return bool(months) and months[-1] < end_of(span, start)


def life(kpi: Kpi, year: int) -> list[date]:
    """The months of a fiscal year in which a KPI is in use."""
    return [m for m in fiscal_months(year) if _is_used(kpi, m)]


def introduced(cells: Table, months: list[date]) -> list[date]:
    """Those months that are not 導入前, nor in a quarter that is."""

    def reason(span: Span, month: date) -> str:
        return str(cells.get((span.value, Period.containing(span, month).start), {}).get("missing_reason"))

    return [m for m in months if "before_start" not in (reason(Span.MONTH, m), reason(Span.QUARTER, m))]


def quarters(months: list[date]) -> list[date]:
    return sorted({Period.containing(Span.QUARTER, m).start for m in months})
