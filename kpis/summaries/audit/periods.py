"""One period from what was measured in it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from japan.periods import Period, Span
from kpis.models import Kpi, Measurement, Series
from kpis.summaries.audit.cells import Cell, Table, blank, live, mark, total


def measured(kpi: Kpi) -> Table:
    """A cell for each period that has measurements."""
    series = list(Series.objects.filter(kpi=kpi))
    groups: dict[tuple[str, date], list[Measurement]] = defaultdict(list)
    for m in Measurement.objects.filter(series__kpi=kpi):
        groups[m.span, m.period].append(m)
    return {
        (span, day): live(kpi, span, day, _period(kpi, series, span, day, found))
        for (span, day), found in groups.items()
    }


def living(series: list[Series], span: str, period: date) -> set[int]:
    """The parts that exist on some day of the period."""
    end = Period(Span(span), period).end
    return {
        s.pk
        for s in series
        if s.kind != "total" and not (s.starts_on and s.starts_on > end) and not (s.ends_on and s.ends_on < period)
    }


def _period(kpi: Kpi, series: list[Series], span: str, period: date, found: list[Measurement]) -> Cell:
    totals = {s.pk for s in series if s.kind == "total"}
    real = [m for m in found if m.nature != "projected"]
    if not real:
        return _projected(kpi, span, totals, found)
    whole = [m for m in real if m.series_id in totals]
    parts = [m for m in real if m.series_id not in totals]
    alive = living(series, span, period)
    if whole and (whole[0].value is not None or not alive):
        return _published(kpi, span, whole[0], parts)
    cell = _added(kpi, span, alive, parts)
    if whole and not parts and whole[0].missing_reason != "before_start":
        cell["missing_reason"] = whole[0].missing_reason
    return cell


def _projected(kpi: Kpi, span: str, totals: set[int], found: list[Measurement]) -> Cell:
    stated = [m for m in found if m.series_id in totals and m.value is not None]
    cell = blank(span, "published" if stated else "parts")
    cell["value"] = total(stated or found) if stated or kpi.aggregation == "sum" else None
    cell["nature"] = "projected"
    if len(found) == 1:
        only = found[0]
        cell.update(as_of=only.as_of, as_of_wording=only.as_of_wording, missing_reason=only.missing_reason)
        cell["published"] = only.published
    return mark(cell, stated or found)


def _published(kpi: Kpi, span: str, one: Measurement, parts: list[Measurement]) -> Cell:
    cell = blank(span, "published")
    cell.update(
        value=total([one]),
        missing_reason=one.missing_reason,
        expected=1,
        reported=0 if one.missing_reason == "pending" else 1,
        withheld=1 if one.missing_reason == "withheld" else 0,
        as_of=one.as_of,
        as_of_wording=one.as_of_wording,
        published=one.published,
        parts_total=total(parts) if kpi.aggregation == "sum" else None,
    )
    return mark(cell, [one])


def _added(kpi: Kpi, span: str, alive: set[int], parts: list[Measurement]) -> Cell:
    parts = [m for m in parts if m.series_id in alive]
    cell = blank(span, "parts" if kpi.aggregation == "sum" else "none")
    cell.update(
        value=total(parts) if kpi.aggregation == "sum" else None,
        expected=len(alive),
        reported=len([m for m in parts if m.missing_reason != "pending"]),
        withheld=len([m for m in parts if m.missing_reason == "withheld"]),
    )
    if cell["value"] is None and len(parts) == len(alive) and len({m.missing_reason for m in parts}) == 1:
        cell["missing_reason"] = parts[0].missing_reason
    if len(parts) == len(alive) == 1:
        cell["published"] = parts[0].published
    if len({(m.as_of, m.as_of_wording) for m in parts}) == 1:
        cell.update(as_of=parts[0].as_of, as_of_wording=parts[0].as_of_wording)
    return mark(cell, parts)
