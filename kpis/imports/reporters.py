"""Which department reports each value of a file: on its route the value goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from accounts.models import Department
from japan.fiscal import add_months, month_start
from kpis.models import Reporting
from kpis.values.closed import Dated, months_by_period

Place = tuple[int, str, date]
#: What departments report of so many months goes through their approval; only older values are recorded past them.
REPORTED_MONTHS = 12


def goes_through_approval(month: date, on: date) -> bool:
    """Whether a value of the month is too new on a day to be recorded past the department that reports it."""
    return month >= add_months(month_start(on), -REPORTED_MONTHS)


def place_of(dated: Dated) -> Place:
    return dated.series_id, str(dated.span), dated.period


def reporters_of(places: Sequence[Dated]) -> Mapping[Place, Department]:
    """The office that registers the series for everybody (一括登録) in the month, else the department that reports it; a
    place nobody reports is left out. One query for any number of places."""
    rows: dict[int, list[Reporting]] = {}
    of_series = Reporting.objects.filter(series__in={each.series_id for each in places})
    for row in of_series.select_related("department", "registrar"):
        rows.setdefault(row.series_id, []).append(row)
    months = months_by_period(places)
    found = {}
    for each in places:
        month = months[each.span, each.period]
        for row in rows.get(each.series_id, []):
            if row.is_in_force(month):
                found[place_of(each)] = row.registrar or row.department
    return found
