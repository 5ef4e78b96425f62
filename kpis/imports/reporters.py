"""Which department reports each value of a file: on its route the value goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from accounts.models import Department
from japan.fiscal import add_months, month_start
from kpis.values.closed import Dated, months_by_period
from kpis.values.who_answers import who_answers

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
    answerers = who_answers(each.series_id for each in places)
    months = months_by_period(places)
    found = {place_of(each): answerers.department(each.series_id, months[each.span, each.period]) for each in places}
    return {place: department for place, department in found.items() if department is not None}
