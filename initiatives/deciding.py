"""進捗状況調書 that wait for somebody's decision, and what deputies decided in somebody's place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from accounts.first_rows import FirstRows, first_rows
from approvals.reviews import decided, is_own, one_of_each
from approvals.reviews import to_review as unseen_by
from initiatives import reporting
from initiatives.models import ProgressEvent, ProgressRecord

if TYPE_CHECKING:
    from accounts.access import Access


@dataclass(frozen=True)
class Waiting:
    """A record whose turn it is at a step of this person's."""

    record: ProgressRecord
    is_own: bool


def records_in_turn(access: Access) -> list[Waiting]:
    """The records that wait for this person now, in an own post or as a deputy: oldest quarter first, in 建制順."""
    reached = ProgressRecord.objects.in_reach_of(access.deciding_posts).in_order()
    found = reached.select_related("initiative", "department", "author").prefetch_related("events")
    mine = [record for record in found if reporting.authority_over(record, access) is not None]
    return [Waiting(each, is_own(each, access)) for each in mine]


def decided_lately(access: Access, count: int) -> FirstRows[ProgressEvent]:
    """The newest decisions about records that concern this person."""
    events = ProgressEvent.objects.select_related("record__initiative", "record__department")
    return first_rows(decided(events, access), count)


def to_review(access: Access) -> list[ProgressEvent]:
    """後閲: what deputies decided in this person's place (or in a post taken over) and was not looked at yet."""
    found = unseen_by(ProgressEvent.objects.all(), access)
    return list(found.select_related("record__initiative", "record__department", "principal__department"))


def review(event_ids: Iterable[int], access: Access) -> int:
    """Notes as looked at what still has to be; returns how many decisions."""
    wanted = set(event_ids)
    with transaction.atomic():
        # Two who press at once are looked at one after the other.
        list(ProgressRecord.objects.select_for_update(of=("self",)).filter(events__in=wanted).order_by("pk"))
        chosen = [event for event in to_review(access) if event.pk in wanted]
        for event in one_of_each(chosen):
            reporting.note_review(event, access=access)
    return len(chosen)
