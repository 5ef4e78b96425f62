"""What the people on an entry's route do with it. Each step confirms, the last one approves: from then on it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.models import Assignment
from accounts.routing import Authority
from approvals.models import AUTHORED
from approvals.routes import right_to_decide
from kpis.entries.storing import Action, State, check_length, keep_event, locked, measurement_of, store
from kpis.models import Entry, EntryEvent, Measurement, Revision
from kpis.values.closed import hold_series
from kpis.values.recording import REASON_LENGTH, Change, StaleVersion, record
from kpis.values.statement import EntryConflict, Slot, statement_of

if TYPE_CHECKING:
    from accounts.access import Access


def authority_over(entry: Entry, access: Access) -> Authority | None:
    """By what right a person may decide about an entry now; None without one."""
    return access.authority(entry.current_role, entry.department)


def is_author(entry: Entry, access: Access) -> bool:
    """Somebody who typed a value and let a colleague hand it in is still its author."""
    wrote = entry.events.filter(action__in=AUTHORED, actor=access.user.pk).exists()
    return wrote or entry.author_id == access.user.pk


def approve(entry: Entry, *, access: Access, seen_version: int | None = None) -> Measurement | None:
    """Confirms the submitted value at the step it has reached; at the last step it moves over and counts.

    Returns the measurement, or None while further steps follow. Never by its author. Raises EntryConflict where the
    measurement has moved on since the entry was made, MonthIsClosed where its month is closed.
    """
    with transaction.atomic():
        entry = locked(entry, seen_version, allowed=(State.SUBMITTED,))
        authority = _authority(entry, access)
        entry.steps_passed += 1
        if entry.steps_passed < len(entry.roles):
            store(entry, Action.CONFIRMED, access, post=authority.post, principal=authority.principal)
            return None
        measurement = _move_over(entry, authority.post, access)
        entry.state = State.APPROVED
        entry.decided_at, entry.decided_by = access.now(), access.user  # type: ignore[assignment]
        entry.decided_post = authority.post
        store(entry, Action.APPROVED, access, post=authority.post, principal=authority.principal)
        return measurement


def send_back(entry: Entry, *, access: Access, reason: str, seen_version: int | None = None) -> Entry:
    """Returns a submitted entry to its author with a reason that is kept (差戻し); its route begins anew."""
    if not reason.strip():
        raise ValidationError({"reason": "差し戻す理由を入力してください。"}, code="reason")
    check_length("差し戻す理由", reason)
    with transaction.atomic():
        entry = locked(entry, seen_version, allowed=(State.SUBMITTED,))
        authority = _authority(entry, access)
        entry.state, entry.steps_passed = State.RETURNED, 0
        entry.is_confirmed = False  # whoever decides doubts it: the author looks again and says so again
        return store(
            entry, Action.RETURNED, access, post=authority.post, principal=authority.principal, reason=reason.strip()
        )


def review(event: EntryEvent, *, access: Access) -> EntryEvent:
    """後閲: the holder of the post looks at what a deputy decided. Noted once; nothing else changes."""
    with transaction.atomic():
        hold_series([event.entry.series_id])
        entry = Entry.objects.select_for_update(of=("self",)).get(pk=event.entry_id)
        if event.principal is None or not _looks_at(event.principal, access):
            raise PermissionDenied
        if entry.events.filter(action=Action.REVIEWED, principal=event.principal_id, at__gt=event.at).exists():
            raise ValidationError("後閲は済んでいます。", code="reviewed")
        return keep_event(entry, Action.REVIEWED, access, post=event.principal.post, principal=event.principal)


def _looks_at(principal: Assignment, access: Access) -> bool:
    """Whose place a deputy took looks at it; after a 事務引継 whoever took the post over."""
    me = access.user.pk
    return principal.user_id == me or principal.handovers_given.filter(taker__user=me).exists()


def _authority(entry: Entry, access: Access) -> Authority:
    found = authority_over(entry, access)
    return right_to_decide(found, is_author=found is not None and is_author(entry, access), what="回答")


def _move_over(entry: Entry, approver_post: str, access: Access) -> Measurement:
    """A department's value names the department as its source: who printed or loaded another number did not say this one.
    A number that stays keeps its source; a note stays. The comment is for those who report and gather: it stands in the
    history and is no note for readers."""
    stored = measurement_of(Slot(entry.series_id, entry.period, entry.span))
    is_same = stored is not None and (stored.value, stored.missing_reason) == (entry.value, entry.missing_reason)
    change = Change(
        series_id=entry.series_id,
        span=entry.span,
        period=entry.period,
        expected_version=entry.base_version,
        note=stored.note if stored else "",
        source=stored.source if stored and is_same else "" if entry.is_synthetic else entry.department.name,
        imported_file_id=entry.imported_file_id,
        **vars(statement_of(entry)),
    )
    try:
        [measurement] = record(
            [change],
            actor=entry.author,
            post=entry.author_post,
            reason=_reason(entry, approver_post),
            kind=entry.change_kind,
            at=access.now(),
            is_remark=bool(entry.comment.strip()),
        )
    except StaleVersion as error:
        raise EntryConflict(entry, error.conflicts[0][1]) from error
    return measurement


def _reason(entry: Entry, approver_post: str) -> str:
    """What the history says: correction or first report, whose approval, and as much of the comment as fits."""
    kind = "回答"
    if entry.is_correction:
        kind = "遡及改定" if entry.change_kind == Revision.Kind.RESTATEMENT else "訂正"
    comment = f"：{entry.comment}" if entry.comment else ""
    return f"{kind}（{approver_post}が承認）{comment}"[:REASON_LENGTH]
