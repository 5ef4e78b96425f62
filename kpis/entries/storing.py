"""Reads an entry under lock, and writes its new state together with the event that says what happened."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from accounts.deputising import note_used
from accounts.models import Assignment
from approvals.models import DECIDED
from kpis.models import Entry, EntryEvent, Measurement
from kpis.values.closed import hold_series
from kpis.values.statement import EntryConflict, Slot

if TYPE_CHECKING:
    from accounts.access import Access

Action = EntryEvent.Action
State = Entry.State
Role = Assignment.Role
TEXT_LENGTH = 1000


def check_length(label: str, text: str) -> None:
    """Raises ValidationError where a comment or reason is longer than its column."""
    if len(text) > TEXT_LENGTH:
        raise ValidationError(f"{label}は{TEXT_LENGTH}字以内で入力してください。", code="length")


def open_entry(slot: Slot) -> Entry | None:
    """The open entry of a place, locked."""
    return (
        Entry.objects.select_for_update()
        .filter(series_id=slot.series_id, span=slot.span, period=slot.period)
        .open()
        .first()
    )


def measurement_of(slot: Slot) -> Measurement | None:
    return Measurement.objects.filter(series_id=slot.series_id, span=slot.span, period=slot.period).first()


def locked(entry: Entry, seen_version: int | None, *, allowed: Collection[str]) -> Entry:
    """The entry as it is in the database now, locked; raises where it moved on or is not in an allowed state.

    Its series is locked before it, as everywhere: nobody closes its month or chooses another department meanwhile. Who
    acts on several in one transaction holds their series first, all at once.
    """
    hold_series([entry.series_id])
    current = (
        Entry.objects.select_for_update(of=("self",))
        .select_related("series__kpi", "department", "route")
        .get(pk=entry.pk)
    )
    if seen_version is not None and seen_version != current.version:
        raise EntryConflict(current, measurement_of(Slot(current.series_id, current.period, current.span)))
    if current.state not in allowed:
        raise ValidationError(
            f"この回答は「{current.get_state_display()}」のため、この操作はできません。画面を開き直してください。",
            code="state",
        )
    return current


def store(
    entry: Entry,
    action: str,
    access: Access,
    *,
    post: str | None = None,
    principal: Assignment | None = None,
    reason: str = "",
) -> Entry:
    """Writes the entry and the event. `post` is the post acted in (by default the editor's), `principal` whose place a
    deputy took."""
    entry.version += 1
    entry.updated_at = access.now()
    entry.save()
    keep_event(entry, action, access, post=post, principal=principal, reason=reason)
    return entry


def keep_event(
    entry: Entry,
    action: str,
    access: Access,
    *,
    post: str | None = None,
    principal: Assignment | None = None,
    reason: str = "",
) -> EntryEvent:
    """Notes what happened without changing the entry."""
    if principal is not None and action in DECIDED:
        note_used(principal, access.user.pk or 0, access.on)
    return EntryEvent.objects.create(
        entry=entry,
        action=action,
        actor=access.user,  # type: ignore[misc]
        actor_name=access.user.name,  # type: ignore[union-attr]
        post=access.post_in(entry.department_id, Role.EDITOR) if post is None else post,
        principal=principal,
        reason=reason,
        shown=shown_now(entry),
        at=access.now(),
    )


def shown_now(entry: Entry) -> str:
    """What an event of this moment notes of the value: the text as typed, or what is stored."""
    return entry.typed or _plain(entry)


def _plain(entry: Entry) -> str:
    """The value without trailing zeros, or the reason why there is none."""
    return entry.get_missing_reason_display() if entry.value is None else f"{entry.value.normalize():f}"
