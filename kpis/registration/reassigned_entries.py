"""Entries under way that went to another office with the choice of who registers a figure (一括登録): who began one, and
whose value it is, go on reading it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from accounts.models import Department
from approvals.models import Action
from kpis.models import Entry, EntryEvent
from kpis.registration.values import Registered
from kpis.values.who_answers import who_answers

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.access import Access


def department_read(entry: Entry, access: Access) -> Department | None:
    """The department in whose month a person reads an entry: the one that answers it, else the one the value is about.

    None where they may see neither.
    """
    if access.may_see_entries(entry.department):
        return entry.department
    row = who_answers([entry.series_id]).row(entry.series_id, entry.reported_with)
    return row.department if row is not None and access.may_see_entries(row.department) else None


def moved_away(registered: Sequence[Registered], department: Department) -> list[EntryEvent]:
    """Who handed over what was begun of the values that another office registers for a department now, and when."""
    if not registered:
        return []
    places = {(each.series.pk, each.period.span.value, each.period.start) for each in registered}
    events = _moves().filter(
        entry__series__in={series for series, _, _ in places}, entry__period__in={start for _, _, start in places}
    )
    found = _newest(events.exclude(entry__department=department))
    return [event for event in found if (event.entry.series_id, event.entry.span, event.entry.period) in places]


def moved_from(access: Access) -> list[EntryEvent]:
    """What a person had begun and another office goes on with now."""
    begun = _moves().filter(entry__author=access.user.pk, entry__state__in=Entry.OPEN)
    return _newest(begun.exclude(entry__department__in=access.editor_department_ids))


def _moves() -> QuerySet[EntryEvent]:
    events = EntryEvent.objects.filter(action=Action.REASSIGNED)
    return events.select_related("entry__series__kpi", "entry__department").order_by("at", "pk")


def _newest(events: Iterable[EntryEvent]) -> list[EntryEvent]:
    """The last move of each entry."""
    return list({event.entry_id: event for event in events}.values())
