"""期限の延長: asked for by a department and decided by the office, or given to all at once (disaster, election)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from inquiries.models import Extension, Inquiry, Recipient
from inquiries.standing import standings_of

if TYPE_CHECKING:
    from accounts.access import Access


#: A slip of the year, not an extension. (Every page counts the working days up to it.)
LONGEST = timedelta(days=366)


def ask(recipient: Recipient, *, until: date, reason: str, access: Access) -> Extension:
    """Asks the office for more time. Once at a time; a later day than the due date now."""
    if not access.may_enter(recipient.department_id):
        raise PermissionDenied
    _check(recipient.inquiry, until, reason, current_due(recipient, access.on))
    try:
        with transaction.atomic():
            return Extension.objects.create(
                inquiry=recipient.inquiry,
                recipient=recipient,
                until=until,
                reason=reason.strip(),
                asked_by=access.user,  # type: ignore[misc]
                asked_at=access.now(),
            )
    except IntegrityError as error:
        raise ValidationError("延長を申請中です。決定をお待ちください。", code="asked") from error


def decide(extension: Extension, *, grant: bool, note: str, access: Access) -> Extension:
    """Grants or refuses; a granted one moves the department's due date, everywhere it is shown."""
    _office_only(access)
    if not grant and not note.strip():
        raise ValidationError("認めない理由を入力してください。", code="note")
    with transaction.atomic():
        current = Extension.objects.select_for_update(of=("self",)).get(pk=extension.pk)
        if current.state != Extension.State.ASKED:
            raise ValidationError("この申請は決定済みです。", code="decided")
        current.state = Extension.State.GRANTED if grant else Extension.State.REFUSED
        current.decided_by, current.decided_at = access.user, access.now()  # type: ignore[assignment]
        current.decision_note = note.strip()[:300]
        current.save()
        if grant and current.recipient_id is not None:
            Recipient.objects.filter(pk=current.recipient_id).update(extended_to=current.until)
    return current


def extend_all(inquiry: Inquiry, *, until: date, reason: str, access: Access) -> int:
    """More time for everybody who would have less. Returns for how many departments the due date moved."""
    _office_only(access)
    _check(inquiry, until, reason, inquiry.due_on)
    with transaction.atomic():
        recipients = inquiry.recipients.select_for_update(of=("self",)).select_related("inquiry", "department")
        moved = [each for each in recipients if current_due(each, access.on) < until]
        Recipient.objects.filter(pk__in=[each.pk for each in moved]).update(extended_to=until)
        Extension.objects.create(
            inquiry=inquiry,
            until=until,
            reason=reason.strip(),
            state=Extension.State.GRANTED,
            asked_by=access.user,  # type: ignore[misc]
            asked_at=access.now(),
            decided_by=access.user,
            decided_at=access.now(),
        )
    return len(moved)


def current_due(recipient: Recipient, today: date) -> date:
    [standing] = standings_of([recipient], today)
    return standing.due_on


def _check(inquiry: Inquiry, until: date, reason: str, due_on: date) -> None:
    if inquiry.closed_at is not None:
        raise ValidationError("この照会は締め切られています。", code="closed")
    if not reason.strip():
        raise ValidationError("延長する理由を入力してください。", code="reason")
    if until <= due_on:
        raise ValidationError(
            f"いまの回答期限（{due_on.month}月{due_on.day}日）より後の日付にしてください。", code="until"
        )
    if until > due_on + LONGEST:
        raise ValidationError("延長は、いまの回答期限から1年以内にしてください。年を確かめてください。", code="until")


def _office_only(access: Access) -> None:
    if not access.is_reform_office:
        raise PermissionDenied
