"""事務引継 of one-off inquiries: answers begun, those that wait for a decision, those deputies decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from accounts.handing_over import Part, Work
from accounts.models import Assignment
from accounts.routing import holds
from approvals.reviews import unreviewed
from inquiries.answering import keep_event
from inquiries.models import AnswerEvent, Inquiry, Recipient
from japan.wareki import date_label

if TYPE_CHECKING:
    from accounts.access import Access

State = Recipient.State


def _open() -> QuerySet[Recipient]:
    found = Recipient.objects.open().filter(inquiry__kind=Inquiry.Kind.ONE_OFF)
    return found.select_related("inquiry", "department").order_by("pk")


def _to_answer(giver: Assignment) -> QuerySet[Recipient]:
    """What the editor's department has not handed in: begun by the giver, or by nobody yet."""
    if giver.role != Assignment.Role.EDITOR:
        return _open().none()
    mine = Q(author=giver.user_id) | Q(author__isnull=True)
    return _open().filter(mine, department=giver.department_id, state__in=(State.OPEN, State.RETURNED))


def _to_decide(giver: Assignment) -> list[Recipient]:
    submitted = _open().filter(state=State.SUBMITTED)
    return [each for each in submitted if holds(giver, each.current_role, each.department)]


def requests_part(giver: Assignment) -> Part:
    return Part("回答していない照会", [_work(each) for each in _to_answer(giver)])


def decisions_part(giver: Assignment) -> Part:
    return Part("承認を待っている照会の回答", [_work(each) for each in _to_decide(giver)])


def _work(recipient: Recipient) -> Work:
    return Work(
        f"{recipient.inquiry}（{recipient.department}、{recipient.get_state_display()}、回答期限 {date_label(recipient.due_on)}）",
        f"q{recipient.pk}:{recipient.version}",
    )


def unreviewed_works(giver: Assignment) -> list[Work]:
    """What deputies decided in the post and nobody looked at yet."""
    events = unreviewed(AnswerEvent.objects.filter(principal=giver))
    found = events.select_related("recipient__inquiry", "recipient__department")
    return [Work(f"照会の回答：{event.recipient}", f"a{event.pk}") for event in found]


def move_requests(giver: Assignment, taker: Assignment, access: Access) -> None:
    """The successor goes on with the answers the giver had begun."""
    for recipient in _to_answer(giver).filter(author=giver.user_id).select_for_update(of=("self",)):
        recipient.author, recipient.author_post = taker.user, taker.post
        recipient.version += 1
        recipient.save(update_fields=["author", "author_post", "version"])
        post = access.posts[0] if access.posts else ""
        reason = f"{giver.user}から{taker.user}へ事務引継"
        keep_event(recipient, AnswerEvent.Action.HANDED_OVER, access, post=post, reason=reason)
