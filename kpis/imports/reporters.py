"""Which department reports each value of a file: on its route the value goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from accounts.models import Department
from kpis.closing import Dated, months_by_period
from kpis.models import Reporting, Series

Place = tuple[int, str, date]


def place_of(dated: Dated) -> Place:
    return dated.series_id, str(dated.span), dated.period


def reporters_of(places: Sequence[Dated]) -> Mapping[Place, Department]:
    """The office that registers the figure for everybody (一括登録), else the department that reports the series in the
    month; a place nobody reports is left out. Two queries for any number of places."""
    ids = {each.series_id for each in places}
    registrars = {
        series.pk: series.kpi.registrar
        for series in Series.objects.filter(pk__in=ids, kpi__registrar__isnull=False).select_related("kpi__registrar")
    }
    spans: dict[int, list[Reporting]] = {}
    for row in Reporting.objects.filter(series__in=ids).select_related("department"):
        spans.setdefault(row.series_id, []).append(row)
    months = months_by_period(places)
    found = {}
    for each in places:
        department = registrars.get(each.series_id) or _reporting(
            spans.get(each.series_id, []), months[each.span, each.period]
        )
        if department is not None:
            found[place_of(each)] = department
    return found


def _reporting(rows: Sequence[Reporting], month: date) -> Department | None:
    in_force = (row for row in rows if row.valid_from <= month and (row.valid_to is None or month <= row.valid_to))
    row = next(in_force, None)
    return row.department if row else None
