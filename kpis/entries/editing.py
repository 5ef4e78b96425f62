"""What the people who enter do with an entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts.models import RouteUse
from approvals.routes import route_for, steps_of
from japan.digits import plain_number
from kpis.checks import Finding, findings_for, refuse
from kpis.entries.storing import Action, Role, State, check_length, locked, measurement_of, open_entry, store
from kpis.models import Entry, Measurement, Revision
from kpis.models.value import check_value_digits
from kpis.values.closed import check_open, hold_series, month_of
from kpis.values.reading import both_said
from kpis.values.statement import EntryConflict, Slot, Statement, is_unchanged, needs_reason, statement_of
from kpis.values.who_answers import who_answers

if TYPE_CHECKING:
    from accounts.access import Access


def may_write(access: Access, entry: Entry) -> bool:
    """Whether a person may go on with an entry: an editor of the department that reports it."""
    return access.may_enter(entry.department_id)


def save_draft(
    slot: Slot,
    statement: Statement,
    *,
    access: Access,
    department_id: int,
    typed: str = "",
    comment: str = "",
    change_kind: str | None = None,
    imported_file_id: int | None = None,
    seen_version: int | None = None,
    seen_measurement: int | None = None,
) -> Entry:
    """Stores what was typed so far, in the open entry of the slot or a new one.

    `change_kind` says whether a value of a re-opened month is corrected (訂正, the usual) or restated (遡及改定); None
    leaves what was said before.
    `seen_version` is the entry version the form showed (0: it showed none), `seen_measurement` the version of the
    approved value it showed. None skips the check, for callers that read both in the same transaction.
    Raises EntryConflict, PermissionDenied, ValidationError (MonthIsClosed for a closed month).
    """
    if not access.may_enter(department_id):
        raise PermissionDenied
    check_length("コメント", comment)
    if statement.value is not None:
        check_value_digits(statement.value)
        if statement.missing_reason:
            raise both_said(plain_number(statement.value), statement.missing_reason)
    with transaction.atomic():
        hold_series([slot.series_id])
        if not _reports(department_id, slot):
            raise PermissionDenied
        reopened = check_open([slot], access.on)
        entry = open_entry(slot)
        measurement = measurement_of(slot)
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
        change_kind = entry.change_kind if change_kind is None else change_kind
        if reopened and measurement is not None:
            change_kind = change_kind or Revision.Kind.CORRECTION
        entry.typed, entry.comment, entry.change_kind = typed, comment, change_kind
        entry.imported_file_id = imported_file_id
        entry.author = access.user  # type: ignore[assignment]
        entry.author_post = access.post_in(entry.department_id, Role.EDITOR)
        entry.clean_fields(exclude=["series", "department", "author", "updated_at"])
        try:
            with transaction.atomic():
                store(entry, Action.SAVED, access)
        except IntegrityError as error:
            raise EntryConflict(open_entry(slot), measurement) from error
    return entry


def submit(
    entry: Entry, *, access: Access, seen_version: int | None = None, findings: Sequence[Finding] | None = None
) -> Entry:
    """Hands a draft or returned entry to the first step of its route (課長確認待ち).

    `findings` are those of the checks, where the caller gathered them for many entries in this transaction; without
    them they are gathered here. Raises Unanswered (a ValidationError) for a broken rule or an unanswered doubt.
    """
    with transaction.atomic():
        entry = locked(entry, seen_version, allowed=(State.DRAFT, State.RETURNED))
        if not may_write(access, entry):
            raise PermissionDenied
        if entry.value is None and not entry.missing_reason:
            raise ValidationError("提出するには、値か値なしの理由を入力してください。", code="blank")
        said = statement_of(entry)
        refuse(findings_for([entry], [said]).get(entry, []) if findings is None else findings, said)
        reopened = check_open([entry], access.on)
        measurement = measurement_of(Slot(entry.series_id, entry.period, entry.span))
        if entry.base_version != (measurement.version if measurement else 0):
            raise EntryConflict(entry, measurement)
        if not entry.comment.strip():
            _refuse_without_reason(said, measurement, was_closed=bool(reopened))
        entry.state, entry.steps_passed = State.SUBMITTED, 0
        entry.route = route_for(entry.department, RouteUse.Subject.MEASUREMENT)
        entry.steps = ",".join(steps_of(entry.route))
        entry.submitted_at = access.now()
        return store(entry, Action.SUBMITTED, access)


def _refuse_without_reason(said: Statement, counting: Measurement | None, *, was_closed: bool) -> None:
    """Raises ValidationError for an entry without a comment that corrects a value, adds one to a closed month, or would
    change nothing at all."""
    if counting is not None and is_unchanged(said, counting):
        raise ValidationError(
            "承認された値と同じで、変わるところがありません。値を直すか、直さないときは「経過」からこの訂正を取り消してください。",
            code="same",
        )
    if was_closed:
        what = "確定した値を直す" if counting is not None else "確定した月に値を加える"
    elif needs_reason(said, counting):
        what = "承認された値を直す"
    else:
        return
    raise ValidationError(f"{what}理由を、コメントに入力してください。", code="reason")


def withdraw(entry: Entry, *, access: Access, seen_version: int | None = None) -> Entry:
    """Takes a submitted entry back before it is approved (引戻し); its route begins anew."""
    with transaction.atomic():
        entry = locked(entry, seen_version, allowed=(State.SUBMITTED,))
        if not may_write(access, entry):
            raise PermissionDenied
        entry.state, entry.steps_passed = State.DRAFT, 0
        entry.submitted_at = None
        return store(entry, Action.WITHDRAWN, access)


def discard(entry: Entry, *, access: Access, seen_version: int | None = None) -> Entry:
    """Drops a draft or returned entry; what happened to it stays readable."""
    with transaction.atomic():
        entry = locked(entry, seen_version, allowed=(State.DRAFT, State.RETURNED))
        if not may_write(access, entry):
            raise PermissionDenied
        entry.state = State.DISCARDED
        return store(entry, Action.DISCARDED, access)


def _reports(department_id: int, slot: Slot) -> bool:
    """Whether the department reports the series with the last month of the period, or registers it for everybody."""
    row = who_answers([slot.series_id]).row(slot.series_id, month_of(slot))
    return row is not None and row.answering_id == department_id
