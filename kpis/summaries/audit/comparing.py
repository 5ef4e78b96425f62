"""Holds every stored summary against the table this package works out."""

from __future__ import annotations

from collections.abc import Iterator

from kpis.models import Kpi, Summary
from kpis.summaries.audit.against import hold_against
from kpis.summaries.audit.cells import Table
from kpis.summaries.audit.difference import Difference
from kpis.summaries.audit.endings import note_endings
from kpis.summaries.audit.periods import measured
from kpis.summaries.audit.ratios import ratio
from kpis.summaries.audit.writing import digest, settled, text
from kpis.summaries.audit.years import add_years


def audit(kpi: Kpi) -> Iterator[Difference]:
    """Every difference between the stored summaries of a KPI and this computation of them."""
    expected = table(kpi)
    stored = {(summary.span, summary.period): summary for summary in Summary.objects.filter(kpi=kpi)}
    for span, period in sorted(set(expected) | set(stored)):
        summary, cell = stored.get((span, period)), expected.get((span, period))
        if summary is None or cell is None:
            yield Difference(kpi.code, span, period, "行", "あり" if summary else "", "あり" if cell else "")
            continue
        for column, value in cell.items():
            want, have = text(settled(value)), text(getattr(summary, column))
            if want != have:
                yield Difference(kpi.code, span, period, column, have, want)
        if (own := digest(summary)) != summary.digest:
            yield Difference(kpi.code, span, period, "digest", summary.digest, own)


def table(kpi: Kpi) -> Table:
    """All cells of a KPI with every column of the model that is not bookkeeping."""
    top = _with_years(kpi.numerator) if kpi.numerator else {}
    bottom = _with_years(kpi.denominator) if kpi.denominator else {}
    cells = ratio(kpi, measured(kpi), top, bottom) if kpi.kind == "ratio" else _with_years(kpi)
    hold_against(kpi, cells, top, bottom, note_endings(kpi, cells, top, bottom))
    return cells


def _with_years(kpi: Kpi) -> Table:
    cells = measured(kpi)
    if kpi.kind != "ratio":
        add_years(kpi, cells)
    return cells
