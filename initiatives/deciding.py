"""進捗状況調書 that wait for somebody's decision, and what deputies decided in somebody's place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import Assignment
from initiatives import reporting
from initiatives.models import ProgressEvent, ProgressRecord

if TYPE_CHECKING:
    from accounts.access import Access

Action = ProgressEvent.Action
DECIDED = (Action.CONFIRMED, Action.APPROVED, Action.RETURNED)
AUTHORED = (Action.SAVED, Action.SUBMITTED)


@dataclass(frozen=True)
class Waiting:
    """A record whose turn it is at a step of this person's."""

    record: ProgressRecord
    is_own: bool


def records_in_turn(access: Access) -> list[Waiting]:
    """The records that wait for this person now, in an own post or as a deputy: oldest quarter first, in 建制順."""
    reached = ProgressRecord.objects.in_reach_of(access.deciding_posts).in_order()
    found = reached.select_related("initiative", "department", "author").prefetch_related("events")
    return [Waiting(r, _is_own(r, access)) for r in found if reporting.authority_over(r, access) is not None]


def _is_own(record: ProgressRecord, access: Access) -> bool:
    """The person wrote it or handed it in (read from events that are at hand)."""
    wrote = any(event.actor_id == access.user.pk and event.action in AUTHORED for event in record.events.all())
    return wrote or record.author_id == access.user.pk


def to_review(access: Access) -> list[ProgressEvent]:
    """後閲: what deputies decided in this person's place (or in a post taken over) and was not looked at yet."""
    in_my_place = Assignment.objects.of_or_taken_over_by(access.user).values("pk")
    looked_at = ProgressEvent.objects.filter(
        record=OuterRef("record"), principal=OuterRef("principal"), action=Action.REVIEWED, at__gt=OuterRef("at")
    )
    decided = ProgressEvent.objects.filter(principal__in=in_my_place, action__in=DECIDED).exclude(Exists(looked_at))
    return list(decided.select_related("record__initiative", "record__department").order_by("at", "pk"))


def review(event_ids: Iterable[int], access: Access) -> int:
    """Notes as looked at what still has to be; returns how many decisions."""
    wanted = set(event_ids)
    chosen = [event for event in to_review(access) if event.pk in wanted]
    with transaction.atomic():
        for event in {(event.record_id, event.principal_id): event for event in chosen}.values():
            reporting.note_review(event, access=access)
    return len(chosen)
