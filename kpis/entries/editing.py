"""How an entry is written: what was typed in a cell, kept as a draft."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from approvals.conflict import Conflict
from japan.digits import plain_number
from kpis.entries.procedure import ENTRIES
from kpis.models import Entry, Measurement, Revision
from kpis.models.columns import check_value_digits
from kpis.values.closed import check_open, hold_series, month_of
from kpis.values.reading import both_said
from kpis.values.statement import Slot, Statement
from kpis.values.who_answers import who_answers

if TYPE_CHECKING:
    from accounts.access import Access

COMMENT_LENGTH = 1000


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
    Raises Conflict, PermissionDenied, ValidationError (MonthIsClosed for a closed month).
    """
    if not access.may_enter(department_id):
        raise PermissionDenied
    if len(comment) > COMMENT_LENGTH:
        raise ValidationError(f"コメントは{COMMENT_LENGTH}字以内で入力してください。", code="length")
    if statement.value is not None:
        check_value_digits(statement.value)
        if statement.missing_reason:
            raise both_said(plain_number(statement.value), statement.missing_reason)
    with transaction.atomic():
        hold_series([slot.series_id])
        if not _reports(department_id, slot):
            raise PermissionDenied
        reopened = check_open([slot], access.on)
        place = {"series_id": slot.series_id, "span": slot.span, "period": slot.period}
        entry = Entry.objects.select_for_update().filter(**place).open().first()
        measurement = Measurement.objects.filter(**place).first()
        stored_version = measurement.version if measurement else 0
        if seen_version is not None and seen_version != (entry.version if entry else 0):
            raise Conflict(entry, measurement)
        if seen_measurement is not None and seen_measurement != stored_version:
            raise Conflict(entry, measurement)
        if entry is None:
            entry = Entry(**place, version=0)
        elif entry.state == Entry.State.SUBMITTED:
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
        return ENTRIES.save(entry, access=access)


def _reports(department_id: int, slot: Slot) -> bool:
    """Whether the department reports the series with the last month of the period, or registers it for everybody."""
    row = who_answers([slot.series_id]).row(slot.series_id, month_of(slot))
    return row is not None and row.answering_id == department_id
