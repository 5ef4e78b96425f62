"""Answers to one-off inquiries that wait for somebody's decision, and what deputies decided in somebody's place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from accounts.first_rows import FirstRows, first_rows
from approvals.reviews import decided, is_own, one_of_each
from approvals.reviews import to_review as unseen_by
from inquiries import answering
from inquiries.models import AnswerEvent, Recipient

if TYPE_CHECKING:
    from accounts.access import Access


@dataclass(frozen=True)
class Waiting:
    """An answer whose turn it is at a step of this person's."""

    recipient: Recipient
    is_own: bool


def answers_in_turn(access: Access) -> list[Waiting]:
    """The answers that wait for this person now, in an own post or as a deputy: first due first, in 建制順."""
    reached = Recipient.objects.in_reach_of(access.deciding_posts).in_official_order().prefetch_related("events")
    mine = [each for each in reached if answering.authority_over(each, access) is not None]
    mine.sort(key=lambda each: each.due_on)
    return [Waiting(each, is_own(each, access)) for each in mine]


def decided_lately(access: Access, count: int) -> FirstRows[AnswerEvent]:
    """The newest decisions about answers that concern this person."""
    events = AnswerEvent.objects.select_related("recipient__inquiry", "recipient__department")
    return first_rows(decided(events, access), count)


def to_review(access: Access) -> list[AnswerEvent]:
    """後閲: what deputies decided in this person's place (or in a post taken over) and was not looked at yet."""
    found = unseen_by(AnswerEvent.objects.all(), access)
    return list(found.select_related("recipient__inquiry", "recipient__department", "principal__department"))


def review(event_ids: Iterable[int], access: Access) -> int:
    """Notes as looked at what still has to be; returns how many decisions."""
    wanted = set(event_ids)
    with transaction.atomic():
        # Two who press at once are looked at one after the other.
        list(Recipient.objects.select_for_update(of=("self",)).filter(events__in=wanted).order_by("pk"))
        chosen = [event for event in to_review(access) if event.pk in wanted]
        for event in one_of_each(chosen):
            answering.note_review(event, access=access)
    return len(chosen)
