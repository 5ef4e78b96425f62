"""事務引継 of one-off inquiries: answers begun, and answers that wait for the post's decision."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from accounts.handing_over import Part, Work
from accounts.models import Assignment
from accounts.routing import holds
from inquiries.models import Inquiry, Recipient

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
        f"{recipient.inquiry}（{recipient.department}、{recipient.get_state_display()}、回答期限 {recipient.due_on:%Y-%m-%d}）",
        f"q{recipient.pk}:{recipient.version}",
    )


def move_requests(giver: Assignment, taker: Assignment) -> None:
    """The successor goes on with the answers the giver had begun."""
    begun = _to_answer(giver).filter(author=giver.user_id)
    # By key: SQL cannot update through a join.
    Recipient.objects.filter(pk__in=[each.pk for each in begun.select_for_update(of=("self",))]).update(
        author=taker.user, author_post=taker.post, version=F("version") + 1
    )
