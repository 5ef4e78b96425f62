"""質問と回答 on an inquiry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Assignment
from inquiries.models import Inquiry, Message, Recipient

if TYPE_CHECKING:
    from accounts.access import Access

TEXT_LENGTH = 2000


def ask(recipient: Recipient, text: str, *, access: Access) -> Message:
    """A department's question; the office and the department see it."""
    if not access.may_enter(recipient.department_id):
        raise PermissionDenied
    return Message.objects.create(
        inquiry=recipient.inquiry,
        department=recipient.department,
        text=_checked(text),
        author=access.user,  # type: ignore[misc]
        post=access.post_in(recipient.department_id, Assignment.Role.EDITOR),
        at=access.now(),
    )


def reply(inquiry: Inquiry, question: Message | None, text: str, *, for_all: bool, access: Access) -> Message:
    """The office's answer to a question, for its asker alone or for all; without a question a notice to all."""
    if not access.is_reform_office:
        raise PermissionDenied
    return Message.objects.create(
        inquiry=inquiry,
        department=question.department if question else None,
        answers=question,
        text=_checked(text),
        is_for_all=for_all or question is None,
        author=access.user,  # type: ignore[misc]
        post=access.post_in(None, Assignment.Role.REFORM_OFFICE),
        at=access.now(),
    )


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise ValidationError("本文を入力してください。", code="blank")
    if len(text) > TEXT_LENGTH:
        raise ValidationError(f"本文は{TEXT_LENGTH}字以内で入力してください。", code="length")
    return text


def thread_of(inquiry: Inquiry, department_id: int | None = None) -> list[Message]:
    """Questions, each with its answers in `shown_replies`, and notices to all.

    With a department: its own, and what was answered for all. Who asked stays unnamed to other departments.
    """
    found = list(inquiry.messages.select_related("department", "author", "answers").order_by("at", "pk"))
    own = department_id is None
    seen = [m for m in found if own or m.department_id == department_id or m.is_for_all]
    wanted = {m.pk for m in seen} | {m.answers_id for m in seen if m.answers_id}
    shown = [m for m in found if m.pk in wanted]
    for message in shown:
        message.shown_replies = [m for m in shown if m.answers_id == message.pk]  # type: ignore[attr-defined]
        message.shows_asker = own or message.department_id == department_id  # type: ignore[attr-defined]
    return [m for m in shown if m.answers_id is None]
