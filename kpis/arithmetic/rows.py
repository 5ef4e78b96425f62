"""All rows of a KPI."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal, localcontext

from japan.digits import fit
from kpis.arithmetic.comparison import compare
from kpis.arithmetic.facts import KpiFacts, Row, Rows
from kpis.arithmetic.points import points
from kpis.arithmetic.ratios import ratio_rows
from kpis.arithmetic.years import add_fiscal_years


def compute(facts: KpiFacts) -> list[Row]:
    """Every month, quarter, fiscal and calendar year that measurements speak of, in order.

    Amounts come out fitted to 15 significant digits (japan.digits.fit), the same on both engines.
    """
    with localcontext() as context:
        context.prec = 60
        rows, tops, bottoms = _rows(facts)
        compare(facts, rows, tops, bottoms)
        for row in rows.values():
            for field in fields(row):
                value = getattr(row, field.name)
                if isinstance(value, Decimal):
                    setattr(row, field.name, fit(value))
    return [rows[key] for key in sorted(rows)]


def _rows(facts: KpiFacts) -> tuple[Rows, Rows, Rows]:
    own = points(facts)
    if facts.kind == "ratio":
        tops = _rows(facts.numerator)[0] if facts.numerator else {}
        bottoms = _rows(facts.denominator)[0] if facts.denominator else {}
        return ratio_rows(facts, own, tops, bottoms), tops, bottoms
    add_fiscal_years(facts, own)
    return own, {}, {}
