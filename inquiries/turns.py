"""At which steps of their routes the answers to inquiries wait: whoever decides there hears of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from initiatives.models import ProgressRecord
from initiatives.quarters import Quarter, quarter_of
from inquiries.models import Inquiry
from inquiries.standing import Standing
from japan.fiscal import fiscal_year_of
from kpis.models import Entry

Kind = Inquiry.Kind
Roles = set[str]


def roles_in_turn(standings: Iterable[Standing]) -> dict[int, Roles]:
    """Recipient id → the roles that something of its answer waits for. Two queries for any number of them."""
    waiting = [each for each in standings if each.waits_for_approval]
    monthly = _of_values([each for each in waiting if each.inquiry.kind == Kind.MONTHLY])
    quarterly = _of_records([each for each in waiting if each.inquiry.kind == Kind.PROGRESS])
    found = {}
    for each in waiting:
        department, month = each.recipient.department_id, each.inquiry.month
        if month is None:  # a one-off inquiry is about none
            found[each.recipient.pk] = {each.recipient.current_role}
        elif each.inquiry.kind == Kind.MONTHLY:
            found[each.recipient.pk] = monthly.get((department, month), set())
        else:
            found[each.recipient.pk] = quarterly.get((department, quarter_of(month)), set())
    return found


def _of_values(standings: list[Standing]) -> dict[tuple[int, date], Roles]:
    found: dict[tuple[int, date], Roles] = {}
    if standings:
        departments = {each.recipient.department_id for each in standings}
        for entry in Entry.objects.submitted().of_departments(departments):
            found.setdefault((entry.department_id, entry.reported_with), set()).add(entry.current_role)
    return found


def _of_records(standings: list[Standing]) -> dict[tuple[int, Quarter], Roles]:
    found: dict[tuple[int, Quarter], Roles] = {}
    years = {fiscal_year_of(each.inquiry.month) for each in standings if each.inquiry.month}
    if years:
        for record in ProgressRecord.objects.filter(fiscal_year__in=years, state=ProgressRecord.State.SUBMITTED):
            place = (record.department_id, Quarter(record.fiscal_year, record.quarter))
            found.setdefault(place, set()).add(record.current_role)
    return found
