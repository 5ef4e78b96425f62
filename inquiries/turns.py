"""At which steps of their routes the answers to inquiries wait: whoever decides there hears of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from initiatives.models import ProgressRecord
from initiatives.quarters import Quarter, quarter_of
from inquiries.models import Inquiry, Recipient
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
        if each.inquiry.kind == Kind.ONE_OFF:
            found[each.recipient.pk] = _of_answer(each.recipient)
        elif month is not None:
            known: Roles | None = monthly.get((department, month))
            if each.inquiry.kind == Kind.PROGRESS:
                known = quarterly.get((department, quarter_of(month)))
            found[each.recipient.pk] = known or set()
    return found


def _of_answer(recipient: Recipient) -> Roles:
    return {recipient.current_role}


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
