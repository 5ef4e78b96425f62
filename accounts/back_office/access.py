"""Who may open the back office."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from accounts.loading import reform_office_group
from accounts.models import Assignment, User


def may_use_back_office(request: HttpRequest) -> bool:
    """Staff of 取りまとめ課 while an assignment there is in force; a superuser always.

    The day after the assignment ends the pages are closed, whatever flag or group was forgotten.
    """
    user: User | AnonymousUser | None = getattr(request, "user", None)
    if user is None or not (user.is_authenticated and user.is_active and user.is_staff):
        return False
    return user.is_superuser or request.access.is_reform_office  # type: ignore[attr-defined]  # accounts.access.Request


def open_to_holder(post: Assignment) -> None:
    """A new post of 取りまとめ課 opens the back office to its holder, by whatever way the post was given.

    On which days it is open follows from the post (`may_use_back_office`); the flag can be taken away by hand.
    """
    user = post.user
    if post.role == Assignment.Role.REFORM_OFFICE:
        user.is_staff = True
        user.save(update_fields=["is_staff"])
        follow_staff_flag(user)


def follow_staff_flag(user: User) -> None:
    """Staff are members of the group 取りまとめ課, which holds the permissions; others are not."""
    if user.is_staff:
        user.groups.add(reform_office_group())
    else:
        user.groups.remove(reform_office_group())
