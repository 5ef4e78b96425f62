"""事務引継 of progress records (進捗状況調書): those begun, those that wait for a decision, those deputies decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils import timezone

from accounts.handing_over import Part, Work
from accounts.models import Assignment
from accounts.routing import holds
from approvals.reviews import unreviewed
from initiatives.models import ProgressEvent, ProgressRecord

if TYPE_CHECKING:
    from accounts.access import Access

State = ProgressRecord.State


def _begun(giver: Assignment) -> QuerySet[ProgressRecord]:
    found = ProgressRecord.objects.filter(
        author=giver.user_id, department=giver.department_id, state__in=(State.DRAFT, State.RETURNED)
    )
    return found.order_by("pk") if giver.role == Assignment.Role.EDITOR else found.none()


def records_part(giver: Assignment) -> Part:
    return Part("作成中・差戻しの進捗状況調書", [_work(each) for each in _begun(giver).select_related("initiative")])


def decisions_part(giver: Assignment) -> Part:
    """What waits for the post's decision."""
    reached = ProgressRecord.objects.in_reach_of([giver]).in_order().select_related("initiative", "department")
    waiting = [each for each in reached if holds(giver, each.current_role, each.department)]
    return Part("承認を待っている進捗状況調書", [_work(each) for each in waiting])


def unreviewed_works(giver: Assignment) -> list[Work]:
    """What deputies decided in the post and nobody looked at yet."""
    events = unreviewed(ProgressEvent.objects.filter(principal=giver)).select_related("record__initiative")
    return [Work(f"進捗状況調書：{event.record}", f"w{event.pk}") for event in events]


def _work(record: ProgressRecord) -> Work:
    return Work(f"{record}（{record.get_state_display()}）", f"r{record.pk}:{record.version}")


def move_records(giver: Assignment, taker: Assignment, access: Access) -> None:
    """The successor becomes the author of what the giver had not handed in."""
    now = timezone.now()
    for record in _begun(giver).select_for_update(of=("self",)):
        record.author, record.author_post = taker.user, taker.post
        record.version += 1
        record.updated_at = now
        record.save(update_fields=["author", "author_post", "version", "updated_at"])
        ProgressEvent.objects.create(
            record=record,
            action=ProgressEvent.Action.HANDED_OVER,
            actor=access.user,  # type: ignore[misc]  # signed in
            actor_name=str(access.user),
            post=access.posts[0] if access.posts else "",
            reason=f"{giver.user}から{taker.user}へ事務引継",
            at=now,
        )
