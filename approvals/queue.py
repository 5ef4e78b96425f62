"""What waits for somebody's decision, what was decided lately, and what deputies decided in somebody's place (後閲)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.first_rows import FirstRows, first_rows
from accounts.models import Assignment
from accounts.routing import Authority
from approvals.kinds import R
from approvals.models import Action, Event
from approvals.procedure import Procedure, authority_over
from approvals.reviews import decided, is_own, one_of_each, unseen_by

if TYPE_CHECKING:
    from accounts.access import Access


@dataclass(frozen=True)
class Waiting(Generic[R]):
    """A report whose turn it is at a step of this person's."""

    report: R
    is_own: bool


def waiting_for(procedure: Procedure[R], access: Access) -> list[Waiting[R]]:
    """The reports that wait for this person now, in an own post or as a deputy."""
    reached = procedure.in_turn(access.deciding_posts)
    mine = [report for report in reached if authority_over(report, access) is not None]
    return [Waiting(report, is_own(report, access)) for report in mine]


def decided_lately(procedure: Procedure[R], access: Access, count: int) -> FirstRows[Any]:
    """The newest decisions that concern this person."""
    return first_rows(decided(procedure.events(), access), count)


def to_review(procedure: Procedure[R], access: Access) -> list[Any]:
    """後閲: what deputies decided in this person's place (or in a post taken over) and was not looked at yet."""
    return list(unseen_by(procedure.events(), access))


def review_picked(procedure: Procedure[R], event_ids: Iterable[int], access: Access) -> int:
    """Notes as looked at what still has to be among the events on a page; returns how many."""
    wanted = set(event_ids)
    chosen = [event for event in to_review(procedure, access) if event.pk in wanted] if wanted else []
    try:
        return review(procedure, chosen, access=access)
    except ValidationError:  # a colleague pressed a moment before
        return 0


def review(procedure: Procedure[R], events: Iterable[Event], *, access: Access) -> int:
    """後閲: the holder of the post looked at what a deputy decided. Noted once; returns how many decisions it covers.

    Raises PermissionDenied for what was not decided in this person's place, ValidationError where nothing is left.
    """
    asked = list(events)
    if not asked:
        return 0
    mine = set(Assignment.objects.of_or_taken_over_by(access.user).values_list("pk", flat=True))
    if any(event.principal_id not in mine for event in asked):
        raise PermissionDenied
    with transaction.atomic():
        # Two who press at once are looked at one after the other.
        reports = list(procedure.model._default_manager.filter(pk__in={event.report_id for event in asked}))
        procedure.hold(reports)
        locked = {report.pk: report for report in procedure.locked().filter(pk__in=[each.pk for each in reports])}
        left = [event for event in to_review(procedure, access) if event in asked]
        if not left:
            raise ValidationError("後閲は済んでいます。", code="reviewed")
        for event in one_of_each(left):
            assert event.principal is not None
            right = Authority(event.principal.post, event.principal)
            report = locked[event.report_id]
            procedure.note([report], Action.REVIEWED, access, rights={report.pk: right})
    return len(left)
