"""個別の照会への回答: saved, handed in, taken back, confirmed step by step on its route, or returned with a reason."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.deputising import note_used
from accounts.models import Assignment, RouteUse
from accounts.routing import Authority
from approvals.models import AUTHORED, DECIDED
from approvals.routes import right_to_decide, route_for, steps_of
from inquiries.attachment import Attachment
from inquiries.models import AnswerEvent, Inquiry, Recipient

if TYPE_CHECKING:
    from accounts.access import Access

State = Recipient.State
Action = AnswerEvent.Action
REASON_LENGTH = 1000


class AnswerConflict(ValidationError):
    """Somebody else saved or decided since the page was shown; `recipient` is what is stored now."""

    def __init__(self, recipient: Recipient) -> None:
        super().__init__(
            "表示したあとに、ほかの人が更新しました。いまの内容を確かめて、もう一度操作してください。", code="conflict"
        )
        self.recipient = recipient


def authority_over(recipient: Recipient, access: Access) -> Authority | None:
    """By what right a person may decide about a submitted answer now; None without one."""
    return access.authority(recipient.current_role, recipient.department)


def is_author(recipient: Recipient, access: Access) -> bool:
    """Somebody who wrote an answer and let a colleague go on with it is still its author."""
    wrote = recipient.events.filter(action__in=AUTHORED, actor=access.user.pk).exists()
    return wrote or recipient.author_id == access.user.pk


def save(
    recipient: Recipient,
    text: str,
    *,
    access: Access,
    seen_version: int,
    attachment: Attachment | None = None,
    drop_file: bool = False,
) -> Recipient:
    """Keeps what was written so far. A new file takes the place of the old one; `drop_file` takes it away."""
    with transaction.atomic():
        current = _locked(recipient, seen_version, (State.OPEN, State.RETURNED))
        _editor_only(current, access)
        current.answer = text
        if attachment is not None:
            current.file.save(attachment.stored_name, attachment.content, save=False)
            current.file_name, current.file_sha256 = attachment.name, attachment.sha256
        elif drop_file:
            # The file itself stays where it is: what was handed in once can still be looked up by an administrator.
            current.file, current.file_name, current.file_sha256 = "", "", ""
        current.author = access.user  # type: ignore[assignment]
        current.author_post = access.post_in(current.department_id, Assignment.Role.EDITOR)
        return _store(current, Action.SAVED, access)


def submit(recipient: Recipient, *, access: Access, seen_version: int) -> Recipient:
    """Hands the answer to the first step of the department's route."""
    with transaction.atomic():
        current = _locked(recipient, seen_version, (State.OPEN, State.RETURNED))
        _editor_only(current, access)
        if not current.answer.strip() and not current.file:
            raise ValidationError("提出するには、回答を入力するか、ファイルを添付してください。", code="blank")
        current.state, current.steps_passed = State.SUBMITTED, 0
        current.route = route_for(current.department, RouteUse.Subject.INQUIRY)
        current.steps = ",".join(steps_of(current.route))
        current.submitted_at = access.now()
        return _store(current, Action.SUBMITTED, access)


def withdraw(recipient: Recipient, *, access: Access, seen_version: int) -> Recipient:
    """引戻し before the answer is approved."""
    with transaction.atomic():
        current = _locked(recipient, seen_version, (State.SUBMITTED,))
        _editor_only(current, access)
        current.state, current.steps_passed, current.submitted_at = State.OPEN, 0, None
        return _store(current, Action.WITHDRAWN, access)


def approve(recipient: Recipient, *, access: Access, seen_version: int) -> Recipient:
    """Confirms the answer at the step it has reached; after the last one it is answered. Never by its author."""
    with transaction.atomic():
        current = _locked(recipient, seen_version, (State.SUBMITTED,))
        authority = _authority(current, access)
        current.steps_passed += 1
        if current.steps_passed < len(current.roles):
            return _store(current, Action.CONFIRMED, access, authority=authority)
        current.state, current.decided_at = State.ANSWERED, access.now()
        current.decided_by, current.decided_post = access.user, authority.post  # type: ignore[assignment]
        return _store(current, Action.APPROVED, access, authority=authority)


def send_back(recipient: Recipient, *, access: Access, reason: str, seen_version: int) -> Recipient:
    """差戻し with a reason; the route begins anew."""
    reason = reason.strip()
    if not reason:
        raise ValidationError("差し戻す理由を入力してください。", code="reason")
    if len(reason) > REASON_LENGTH:
        raise ValidationError(f"差し戻す理由は{REASON_LENGTH}字以内で入力してください。", code="length")
    with transaction.atomic():
        current = _locked(recipient, seen_version, (State.SUBMITTED,))
        authority = _authority(current, access)
        current.state, current.steps_passed = State.RETURNED, 0
        return _store(current, Action.RETURNED, access, authority=authority, reason=reason)


def note_review(event: AnswerEvent, *, access: Access) -> AnswerEvent:
    """後閲: the holder of the post looked at what a deputy decided (inquiries.deciding says whose that is)."""
    if event.principal is None:
        raise PermissionDenied
    return keep_event(event.recipient, Action.REVIEWED, access, post=event.principal.post, principal=event.principal)


def keep_event(
    recipient: Recipient,
    action: str,
    access: Access,
    *,
    post: str,
    principal: Assignment | None = None,
    reason: str = "",
) -> AnswerEvent:
    """Notes what happened, with the answer as it is now."""
    if principal is not None and action in DECIDED:
        note_used(principal, access.user.pk or 0, access.on)
    return AnswerEvent.objects.create(
        recipient=recipient,
        action=action,
        actor=access.user,  # type: ignore[misc]  # signed in
        actor_name=str(access.user.name),  # type: ignore[union-attr]
        post=post,
        principal=principal,
        reason=reason,
        answer=recipient.answer,
        file=recipient.file.name or "",
        file_name=recipient.file_name,
        file_sha256=recipient.file_sha256,
        at=access.now(),
    )


def _locked(recipient: Recipient, seen_version: int, allowed: Collection[str]) -> Recipient:
    current = (
        Recipient.objects.select_for_update(of=("self",))
        .select_related("inquiry", "department", "route")
        .get(pk=recipient.pk)
    )
    if current.inquiry.kind != Inquiry.Kind.ONE_OFF:
        raise ValidationError("定例の照会は、それぞれの入力画面で回答してください。", code="kind")
    if current.inquiry.closed_at is not None:
        raise ValidationError("この照会は締め切られています。取りまとめ課に連絡してください。", code="closed")
    if current.version != seen_version:
        raise AnswerConflict(current)
    if current.state not in allowed:
        raise ValidationError(
            f"この回答は「{current.get_state_display()}」のため、この操作はできません。画面を開き直してください。",
            code="state",
        )
    return current


def _editor_only(recipient: Recipient, access: Access) -> None:
    if not access.may_enter(recipient.department_id):
        raise PermissionDenied


def _authority(recipient: Recipient, access: Access) -> Authority:
    found = authority_over(recipient, access)
    return right_to_decide(found, is_author=found is not None and is_author(recipient, access), what="回答")


def _store(
    recipient: Recipient, action: str, access: Access, *, authority: Authority | None = None, reason: str = ""
) -> Recipient:
    """Writes the answer and the event that says what happened; without an authority an editor acts."""
    recipient.version += 1
    recipient.full_clean(exclude=["inquiry", "department", "author", "decided_by", "route", "file"])
    recipient.save()
    post = authority.post if authority else access.post_in(recipient.department_id, Assignment.Role.EDITOR)
    principal = authority.principal if authority else None
    keep_event(recipient, action, access, post=post, principal=principal, reason=reason)
    return recipient
