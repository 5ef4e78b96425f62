"""代決者の登録: whoever decides reports names who decides while they are away."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.acts import days_of_decisions
from accounts.models import Assignment, Deputy, User
from accounts.models.routing import RouteStep

if TYPE_CHECKING:
    from accounts.access import Access

DECIDING = tuple(role.value for role in RouteStep.ROLES)


def deciding_posts(access: Access) -> list[Assignment]:
    """The person's own posts in which reports are decided: those a deputy can be named for."""
    return [post for post in access.assignments if post.role in DECIDING and post.acts_as is None]


def deputies_of(access: Access) -> list[Deputy]:
    """The deputies of the person's posts that stand in today or later, the next first."""
    return list(
        Deputy.objects.filter(principal__in=deciding_posts(access), valid_to__gte=access.on)
        .select_related("principal__department", "deputy")
        .order_by("valid_from", "pk")
    )


def candidates(access: Access) -> list[User]:
    """Who can stand in: everybody with a post today, but the person themself."""
    holders = Assignment.objects.in_force(access.on).values("user")
    found = User.objects.filter(pk__in=holders, is_active=True).exclude(pk=access.user.pk or 0)
    return list(found.order_by("employee_number"))


def name_deputy(post: Assignment, deputy: User, *, first: date, last: date, reason: str, access: Access) -> Deputy:
    """Names a deputy for the days from `first` to `last`. For one's own post, and for no day that is over.

    Raises ValidationError for a period that is over, ends before it begins, or in which the post has a deputy already.
    """
    if post not in deciding_posts(access):
        raise PermissionDenied
    if first < access.on:
        raise ValidationError({"first": "開始日は、今日以後の日付にしてください。"}, code="past")
    with transaction.atomic():
        # Two forms sent at once for one post are looked at one after the other.
        Assignment.objects.select_for_update(of=("self",)).get(pk=post.pk)
        taken = Deputy.objects.filter(principal=post, valid_from__lte=last, valid_to__gte=first).first()
        if taken is not None:
            message = (
                f"この期間には、{taken.deputy}が代決者に登録されています。期間を変えるか、先に取り消してください。"
            )
            raise ValidationError({"first": message}, code="taken")
        named = Deputy(principal=post, deputy=deputy, valid_from=first, valid_to=last, reason=reason)
        named.full_clean()
        named.save()
    return named


def note_used(principal: Assignment, user_id: int, day: date) -> None:
    """Marks the appointment under which the user decided in the place of the post: it is ended now, never deleted."""
    Deputy.objects.in_force(day).filter(principal=principal, deputy=user_id, is_used=False).update(is_used=True)


def cancel(deputy: Deputy, *, access: Access) -> bool:
    """Ends a deputy: one that did not begin is taken away, one that began keeps the days that are over, and today where
    something was decided today.

    Returns whether there was something to end.
    """
    if deputy.principal not in deciding_posts(access):
        raise PermissionDenied
    with transaction.atomic():
        current = Deputy.objects.select_for_update(of=("self",)).filter(pk=deputy.pk).first()
        if current is None or current.valid_to < access.on:
            return False
        used = days_of_decisions(current)
        yesterday = date.fromordinal(access.on.toordinal() - 1)
        if used is None and current.valid_from >= access.on:
            current.delete()
        else:
            current.valid_to = max(yesterday, used[1]) if used else yesterday
            current.save(update_fields=["valid_to"])
    return True
