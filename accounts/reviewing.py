"""Who wrote a report, and 後閲: what deputies decided is looked at by whose place they took.

The events are of any model of RouteEvent; `report` names the field that says what they happened to.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Assignment, RouteEvent

if TYPE_CHECKING:
    from accounts.access import Access

E = TypeVar("E", bound=RouteEvent)
#: The actions that every model of events calls so.
AUTHORED = ("saved", "submitted")
DECIDED = ("confirmed", "approved", "returned")
REVIEWED = "reviewed"
#: Who sees what others decided in their department, or in those of their division.
DECIDING = (Assignment.Role.CHECKER, Assignment.Role.APPROVER, Assignment.Role.COORDINATOR)


def wrote(events: Iterable[RouteEvent], access: Access) -> bool:
    """Somebody who wrote a report and let a colleague hand it in is still its author (events that are at hand)."""
    return any(event.actor_id == access.user.pk and event.action in AUTHORED for event in events)


def unreviewed(events: QuerySet[E], report: str) -> QuerySet[E]:
    """The decisions among the events that no 後閲 followed."""
    looked_at = events.model._default_manager.filter(
        **{report: OuterRef(report)}, principal=OuterRef("principal"), action=REVIEWED, at__gt=OuterRef("at")
    )
    return events.filter(action__in=DECIDED).exclude(Exists(looked_at))


def to_review(events: QuerySet[E], report: str, access: Access) -> QuerySet[E]:
    """What deputies decided in a person's place (or in a post taken over) and was not looked at yet, oldest first."""
    in_my_place = Assignment.objects.of_or_taken_over_by(access.user).values("pk")
    return unreviewed(events.filter(principal__in=in_my_place), report).order_by("at", "pk")


def decided(events: QuerySet[E], report: str, access: Access) -> QuerySet[E]:
    """The decisions in the departments this person decides for, whoever decided, and their own elsewhere, newest first."""
    departments = {post.department_id for post in access.deciding_posts if post.role in DECIDING and post.department_id}
    in_reach = Q(**{f"{report}__department__in": departments}) | Q(**{f"{report}__department__parent__in": departments})
    return events.filter(in_reach | Q(actor=access.user.pk), action__in=DECIDED).order_by("-at", "-pk")


def one_of_each(events: Iterable[E], report: str) -> list[E]:
    """One 後閲 covers every decision about a report in one post: the last of them stands for all."""
    return list({(getattr(event, f"{report}_id"), event.principal_id): event for event in events}.values())
