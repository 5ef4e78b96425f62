"""What people do with an entry: save, submit, withdraw, approve, return, correct, discard.

Each act is one transaction that locks the entry, checks who and in which state, writes the new state and an EntryEvent.
A caller passes the version it saw; a newer one is never overwritten (EntryConflict).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Assignment
from japan.fiscal import month_start
from japan.periods import Period
from japan.periods import Span as CalendarSpan
from kpis.models import Entry, EntryEvent, Measurement, Reporting
from kpis.models.value import Nature, Span, check_value_digits
from kpis.recording import REASON_LENGTH, Change, StaleVersion, record

if TYPE_CHECKING:
    from accounts.access import Access

Action = EntryEvent.Action
State = Entry.State
Role = Assignment.Role
TEXT_LENGTH = 1000


class EntryConflict(Exception):
    """Somebody else changed the entry, or the value it would change, in the meantime.

    `entry` is the entry as it is now (None when there is none), `measurement` the value as it is now.
    """

    def __init__(self, entry: Entry | None, measurement: Measurement | None) -> None:
        super().__init__("ほかの人が先に更新しました。最新の値を確かめて、もう一度入力してください。")
        self.entry = entry
        self.measurement = measurement


@dataclass(frozen=True)
class Statement:
    """What somebody says about a period: a value or a reason for its absence, and marks."""

    value: Decimal | None = None
    missing_reason: str = ""
    nature: str = Nature.OBSERVED
    is_derived: bool = False
    is_rounded: bool = False
    is_provisional: bool = False
    is_synthetic: bool = False
    as_of: date | None = None
    as_of_wording: str = ""

    @property
    def is_blank(self) -> bool:
        return self.value is None and not self.missing_reason


@dataclass(frozen=True)
class Slot:
    """The place an entry is for."""

    series_id: int
    period: date
    span: str = Span.MONTH


def save_draft(
    slot: Slot,
    statement: Statement,
    *,
    access: Access,
    department_id: int,
    typed: str = "",
    comment: str = "",
    seen_version: int | None = None,
    seen_measurement: int | None = None,
) -> Entry:
    """Stores what was typed so far, in the open entry of the slot or a new one.

    `seen_version` is the entry version the form showed (0: it showed none), `seen_measurement` the version of the
    approved value it showed. None skips the check, for callers that read both in the same transaction.
    Raises EntryConflict, PermissionDenied, ValidationError.
    """
    if not access.may_enter(department_id) or not _reports(department_id, slot):
        raise PermissionDenied
    _check_length("コメント", comment)
    if statement.value is not None:
        check_value_digits(statement.value)
        if statement.missing_reason:
            raise ValidationError("値と値なしの理由は、どちらか一方だけを入力してください。", code="value_or_reason")
    with transaction.atomic():
        entry = _open_entry(slot)
        measurement = _measurement(slot)
        stored_version = measurement.version if measurement else 0
        if seen_version is not None and seen_version != (entry.version if entry else 0):
            raise EntryConflict(entry, measurement)
        if seen_measurement is not None and seen_measurement != stored_version:
            raise EntryConflict(entry, measurement)
        if entry is None:
            entry = Entry(series_id=slot.series_id, span=slot.span, period=slot.period, version=0)
        elif entry.state == State.SUBMITTED:
            raise ValidationError("提出済みの回答です。直すときは、先に引き戻してください。", code="state")
        # After a reorganisation the department that reports now goes on with what its predecessor began.
        entry.department_id = department_id
        entry.base_version = stored_version
        for field in fields(Statement):
            setattr(entry, field.name, getattr(statement, field.name))
        entry.typed, entry.comment = typed, comment
        _sign(entry, access)
        entry.clean_fields(exclude=["series", "department", "author", "updated_at"])
        try:
            with transaction.atomic():
                _store(entry, Action.SAVED, access)
        except IntegrityError as error:
            raise EntryConflict(_open_entry(slot), measurement) from error
    return entry


def submit(entry: Entry, *, access: Access, seen_version: int | None = None) -> Entry:
    """Hands a draft or returned entry to the approver (課長確認待ち)."""
    with transaction.atomic():
        entry = _locked(entry, seen_version, allowed=(State.DRAFT, State.RETURNED))
        if not access.may_enter(entry.department_id):
            raise PermissionDenied
        if entry.value is None and not entry.missing_reason:
            raise ValidationError("提出するには、値か値なしの理由を入力してください。", code="blank")
        measurement = _measurement(Slot(entry.series_id, entry.period, entry.span))
        if entry.base_version != (measurement.version if measurement else 0):
            raise EntryConflict(entry, measurement)
        entry.state = State.SUBMITTED
        entry.submitted_at = timezone.now()
        return _store(entry, Action.SUBMITTED, access)


def withdraw(entry: Entry, *, access: Access, seen_version: int | None = None) -> Entry:
    """Takes a submitted entry back before it is decided (引戻し)."""
    with transaction.atomic():
        entry = _locked(entry, seen_version, allowed=(State.SUBMITTED,))
        if not access.may_enter(entry.department_id):
            raise PermissionDenied
        entry.state = State.DRAFT
        entry.submitted_at = None
        return _store(entry, Action.WITHDRAWN, access)


def send_back(entry: Entry, *, access: Access, reason: str, seen_version: int | None = None) -> Entry:
    """Returns a submitted entry to its author with a reason that is kept (差戻し)."""
    if not reason.strip():
        raise ValidationError({"reason": "差し戻す理由を入力してください。"}, code="reason")
    _check_length("差し戻す理由", reason)
    with transaction.atomic():
        entry = _locked(entry, seen_version, allowed=(State.SUBMITTED,))
        _check_decider(entry, access)
        entry.state = State.RETURNED
        return _store(entry, Action.RETURNED, access, reason=reason.strip())


def approve(entry: Entry, *, access: Access, seen_version: int | None = None) -> Measurement:
    """Moves the submitted value over: from now on it counts. Never by its author.

    Raises EntryConflict where the measurement has moved on since the entry was made.
    """
    with transaction.atomic():
        entry = _locked(entry, seen_version, allowed=(State.SUBMITTED,))
        _check_decider(entry, access)
        post = access.post_in(entry.department_id, Role.APPROVER)
        statement = {field.name: getattr(entry, field.name) for field in fields(Statement)}
        change = Change(
            series_id=entry.series_id,
            span=entry.span,
            period=entry.period,
            expected_version=entry.base_version,
            note=entry.comment[:300],
            source=entry.series.kpi.source,
            **statement,
        )
        try:
            [measurement] = record([change], actor=entry.author, post=entry.author_post, reason=_reason(entry, post))
        except StaleVersion as error:
            raise EntryConflict(entry, error.conflicts[0][1]) from error
        entry.state = State.APPROVED
        entry.decided_at, entry.decided_by = timezone.now(), access.user  # type: ignore[assignment]
        entry.decided_post = post
        _store(entry, Action.APPROVED, access)
    return measurement


def discard(entry: Entry, *, access: Access, seen_version: int | None = None) -> Entry:
    """Drops a draft or returned entry; what happened to it stays readable."""
    with transaction.atomic():
        entry = _locked(entry, seen_version, allowed=(State.DRAFT, State.RETURNED))
        if not access.may_enter(entry.department_id):
            raise PermissionDenied
        entry.state = State.DISCARDED
        return _store(entry, Action.DISCARDED, access)


def _reason(entry: Entry, approver_post: str) -> str:
    """What the history says: correction or first report, whose approval, and as much of the comment as fits."""
    kind = "訂正" if entry.is_correction else "回答"
    comment = f"：{entry.comment}" if entry.comment else ""
    return f"{kind}（{approver_post}が承認）{comment}"[:REASON_LENGTH]


def _check_decider(entry: Entry, access: Access) -> None:
    if not access.may_approve(entry.department_id):
        raise PermissionDenied
    wrote = entry.events.filter(action__in=(Action.SAVED, Action.SUBMITTED), actor=access.user.pk).exists()
    if wrote or entry.author_id == access.user.pk:
        # Somebody who typed a value and let a colleague hand it in is still its author.
        raise ValidationError(
            "自分が入力した回答は承認も差戻しもできません。ほかの確認者に依頼してください。", code="author"
        )


def _open_entry(slot: Slot) -> Entry | None:
    return (
        Entry.objects.select_for_update()
        .filter(series_id=slot.series_id, span=slot.span, period=slot.period)
        .open()
        .first()
    )


def _measurement(slot: Slot) -> Measurement | None:
    return Measurement.objects.filter(series_id=slot.series_id, span=slot.span, period=slot.period).first()


def _check_length(label: str, text: str) -> None:
    if len(text) > TEXT_LENGTH:
        raise ValidationError(f"{label}は{TEXT_LENGTH}字以内で入力してください。", code="length")


def _reports(department_id: int, slot: Slot) -> bool:
    """Whether the department is the one that reports the series with the last month of the period."""
    last_month = month_start(Period(CalendarSpan(slot.span), slot.period).end)
    reportings = Reporting.objects.filter(series=slot.series_id, department=department_id)
    return reportings.in_force(last_month).exists()


def _sign(entry: Entry, access: Access) -> None:
    entry.author = access.user  # type: ignore[assignment]
    entry.author_post = access.post_in(entry.department_id, Role.EDITOR)


def _locked(entry: Entry, seen_version: int | None, *, allowed: Collection[str]) -> Entry:
    """The entry as it is in the database now, locked; raises where it moved on or is not in an allowed state."""
    current = Entry.objects.select_for_update(of=("self",)).select_related("series__kpi").get(pk=entry.pk)
    if seen_version is not None and seen_version != current.version:
        raise EntryConflict(current, _measurement(Slot(current.series_id, current.period, current.span)))
    if current.state not in allowed:
        raise ValidationError(
            f"この回答は「{current.get_state_display()}」のため、この操作はできません。画面を開き直してください。",
            code="state",
        )
    return current


def _store(entry: Entry, action: str, access: Access, *, reason: str = "") -> Entry:
    entry.version += 1
    entry.updated_at = timezone.now()
    entry.save()
    post = access.post_in(entry.department_id, Role.APPROVER, Role.EDITOR)
    if action in (Action.SAVED, Action.SUBMITTED, Action.WITHDRAWN, Action.DISCARDED):
        post = access.post_in(entry.department_id, Role.EDITOR)
    EntryEvent.objects.create(
        entry=entry,
        action=action,
        actor=access.user,  # type: ignore[misc]
        actor_name=access.user.name,  # type: ignore[union-attr]
        post=post,
        reason=reason,
        shown=entry.typed or _plain(entry),
        at=entry.updated_at,
    )
    return entry


def _plain(entry: Entry) -> str:
    """The value without trailing zeros, or the reason why there is none."""
    return entry.get_missing_reason_display() if entry.value is None else f"{entry.value.normalize():f}"
