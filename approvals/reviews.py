"""Questions asked of events: who wrote a report, what was decided, and 後閲 - what deputies decided is looked at by those
whose place they took."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Assignment
from approvals.models import AUTHORED, DECIDED, Action, Event, Report

if TYPE_CHECKING:
    from accounts.access import Access

E = TypeVar("E", bound=Event)
#: Who sees what others decided in their department, or in those of their division.
DECIDING = (Assignment.Role.CHECKER, Assignment.Role.APPROVER, Assignment.Role.COORDINATOR)


def is_own(report: Report, access: Access) -> bool:
    """The person wrote the report or handed it in, be it that a colleague went on with it: somebody else decides.

    Read from all its events, which a list fetches for all reports at once.
    """
    wrote = any(event.actor_id == access.user.pk and event.action in AUTHORED for event in report.events.all())
    return wrote or report.author_id == access.user.pk


def unreviewed(events: QuerySet[E]) -> QuerySet[E]:
    """The decisions among the events that no 後閲 followed."""
    of = events.model.OF
    looked_at = events.model._default_manager.filter(
        **{of: OuterRef(of)}, principal=OuterRef("principal"), action=Action.REVIEWED, at__gt=OuterRef("at")
    )
    return events.filter(action__in=DECIDED).exclude(Exists(looked_at))


def unseen_by(events: QuerySet[E], access: Access) -> QuerySet[E]:
    """What deputies decided in a person's place (or in a post taken over) and was not looked at yet, oldest first."""
    in_my_place = Assignment.objects.of_or_taken_over_by(access.user).values("pk")
    return unreviewed(events.filter(principal__in=in_my_place)).order_by("at", "pk")


def decided(events: QuerySet[E], access: Access) -> QuerySet[E]:
    """The decisions in the departments this person decides for, whoever decided, and their own elsewhere, newest first."""
    departments = {post.department_id for post in access.deciding_posts if post.role in DECIDING and post.department_id}
    of = events.model.OF
    in_reach = Q(**{f"{of}__department__in": departments}) | Q(**{f"{of}__department__parent__in": departments})
    return events.filter(in_reach | Q(actor=access.user.pk), action__in=DECIDED).order_by("-at", "-pk")


def one_of_each(events: Iterable[E]) -> list[E]:
    """One 後閲 covers every decision about a report in one post: the last of them stands for all."""
    return list({(event.report_id, event.principal_id): event for event in events}.values())
