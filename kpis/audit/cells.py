"""What a summary is made of here: a dictionary of columns, with fractions where the model has amounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from japan.fiscal import fiscal_months, month_end
from japan.periods import Period, Span
from kpis.models import Kpi, Measurement

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
    )  # fmt: skip
    counts = ("reported", "expected", "withheld", "cumulative_months", "compared_months")
    return (
        dict.fromkeys(unknown)
        | dict.fromkeys(counts, 0)
        | dict.fromkeys(FLAGS, False)
        | {"basis": basis, "months": LENGTH[span], "months_expected": LENGTH[span]}
        | {"nature": "observed", "missing_reason": "", "as_of_wording": "", "computed_from": []}
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


def seen(cells: Table, span: str, start: date) -> Cell | None:
    """The cell of a period, unless it is a projection."""
    cell = cells.get((span, start))
    return None if cell is None or cell["nature"] == "projected" else cell


def life(kpi: Kpi, year: int) -> list[date]:
    """The months of a fiscal year in which a KPI is in use."""
    first, last = kpi.starts_on or date.min, kpi.ends_on or date.max
    return [m for m in fiscal_months(year) if first <= month_end(m) and m <= last]


def introduced(cells: Table, months: list[date]) -> list[date]:
    """Those months that are not 導入前."""
    return [m for m in months if cells.get((M, m), {}).get("missing_reason") != "before_start"]


def quarters(months: list[date]) -> list[date]:
    return sorted({Period.containing(Span.QUARTER, m).start for m in months})
