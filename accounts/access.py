"""Who may do what: one rule per question, read from the assignments in force, used by every page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from accounts.inheriting import with_closed_departments
from accounts.models import Assignment, Deputy, Succession
from accounts.routing import Authority, holds

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import Department, User

P = ParamSpec("P")


class Request(HttpRequest):
    """A request as every page gets it: AccessMiddleware has said what the asking person may do. For annotations."""

    access: Access


#: As much of a post as history has room for.
POST_LENGTH = 120

View = Callable[Concatenate[Request, P], HttpResponseBase]


class Access:
    """The rights of one person on one day. Reading it costs one query, however many questions are asked.

    `now` tells when the person acts: history keeps that moment and never another.
    """

    def __init__(self, user: User | AnonymousUser, on: date, now: Callable[[], datetime] | None = None) -> None:
        self.user = user
        self.on = on
        self.now = now or timezone.now

    @cached_property
    def _in_reach(self) -> list[Assignment]:
        """The posts in force that this person holds or stands in for, in the official order of their departments; after
        them the same for closed departments they took over."""
        if not self.user.is_authenticated:
            return []
        stood_in_for = Deputy.objects.in_force(self.on).filter(deputy=self.user).values("principal")
        taken_over = Exists(Succession.objects.filter(successor=OuterRef("department")))
        posts: list[Assignment] = list(
            Assignment.objects.in_force(self.on)
            .filter(Q(user=self.user) | Q(pk__in=stood_in_for))
            .select_related("department")
            .annotate(takes_over=taken_over)
            .order_by("department__order", "role")
        )
        takes_over = any(post.takes_over for post in posts)  # type: ignore[attr-defined]  # annotated
        return with_closed_departments(posts, self.on) if takes_over else posts

    @cached_property
    def assignments(self) -> list[Assignment]:
        """The assignments in force."""
        return [post for post in self._in_reach if post.user_id == self.user.pk]

    def _has(self, role: Assignment.Role) -> bool:
        return any(assignment.role == role for assignment in self.assignments)

    def _department_ids(self, role: Assignment.Role) -> frozenset[int]:
        return frozenset(a.department_id for a in self.assignments if a.role == role and a.department_id is not None)

    @property
    def is_reform_office(self) -> bool:
        """取りまとめ課: sees all entries, administers, publishes."""
        return self._has(Assignment.Role.REFORM_OFFICE)

    @property
    def is_viewer(self) -> bool:
        return self._has(Assignment.Role.VIEWER)

    @cached_property
    def editor_department_ids(self) -> frozenset[int]:
        return self._department_ids(Assignment.Role.EDITOR)

    @cached_property
    def approver_department_ids(self) -> frozenset[int]:
        return self._department_ids(Assignment.Role.APPROVER)

    @cached_property
    def checker_department_ids(self) -> frozenset[int]:
        return self._department_ids(Assignment.Role.CHECKER)

    @cached_property
    def coordinator_department_ids(self) -> frozenset[int]:
        """The 部 (or 課) whose reports this person gathers."""
        return self._department_ids(Assignment.Role.COORDINATOR)

    @cached_property
    def principals(self) -> list[Assignment]:
        """The posts in whose place this person decides today (代決)."""
        return [post for post in self._in_reach if post.user_id != self.user.pk]

    def authority(self, role: str, department: Department) -> Authority | None:
        """By what right this person decides at a step of this role: an own post first, else as a deputy, else none."""
        for assignment in self.assignments:
            if holds(assignment, role, department):
                return Authority(assignment.post)
        for principal in self.principals:
            if holds(principal, role, department):
                own = self.posts[0] if self.posts else str(self.user)
                return Authority(f"{principal.post}の代決（{own}）"[:POST_LENGTH], principal)
        return None

    @property
    def is_decider(self) -> bool:
        """Somebody whose post approves reports at a step of a route. Deputies are asked for by `principals`."""
        steps = (Assignment.Role.CHECKER, Assignment.Role.APPROVER, Assignment.Role.COORDINATOR)
        return any(self._has(role) for role in steps)

    @property
    def deciding_posts(self) -> list[Assignment]:
        """The posts this person decides in: their own, and those of people they stand in for today."""
        return [*self.assignments, *self.principals]

    @property
    def is_editor(self) -> bool:
        return bool(self.editor_department_ids)

    @property
    def is_approver(self) -> bool:
        return bool(self.approver_department_ids)

    def may_enter(self, department_id: int) -> bool:
        """May write entries of this department."""
        return department_id in self.editor_department_ids

    def may_approve(self, department_id: int) -> bool:
        """May approve or return entries of this department (never one's own: that is asked of the entry)."""
        return department_id in self.approver_department_ids

    def may_see_entries(self, department: Department) -> bool:
        """May see what a department is reporting before it is approved: its own people, and those of the 部 above it who
        gather its reports."""
        if self.is_reform_office or self.may_enter(department.pk) or self.may_approve(department.pk):
            return True
        if department.pk in self.checker_department_ids:
            return True
        if self.coordinator_department_ids & {department.pk, department.parent_id}:
            return True
        return any(_sees(principal, department) for principal in self.principals)

    def post_in(self, department_id: int | None, *roles: Assignment.Role) -> str:
        """The post in which this person acts for a department, as history keeps it; "" without one.

        With `roles` only posts of those roles count, in that order of preference.
        """
        candidates = [a for a in self.assignments if a.department_id == department_id]
        if roles:
            candidates = [a for role in roles for a in candidates if a.role == role]
        return candidates[0].post if candidates else ""

    @property
    def posts(self) -> list[str]:
        return list(dict.fromkeys(post.post for post in self.assignments if post.acts_as is None))


def _sees(principal: Assignment, department: Department) -> bool:
    """Who stands in for a post sees what it decides about."""
    if principal.role == Assignment.Role.REFORM_OFFICE:
        return True
    return principal.department_id is not None and principal.department_id in (department.pk, department.parent_id)


def _rule(allowed: Callable[[Access], bool]) -> Callable[[View[P]], View[P]]:
    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not allowed(request.access):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


#: View decorators. Signing in itself is required of every page by LoginRequiredMiddleware.
reform_office_only = _rule(lambda access: access.is_reform_office)
editor_only = _rule(lambda access: access.is_editor)
importer_only = _rule(lambda access: access.is_editor or access.is_reform_office)
decider_only = _rule(lambda access: access.is_decider or access.is_reform_office or bool(access.principals))
handing_over_only = _rule(lambda access: access.is_editor or access.is_decider or access.is_reform_office)
deputy_namer_only = _rule(lambda access: access.is_decider or access.is_reform_office)
entry_reader_only = _rule(
    lambda access: access.is_editor or access.is_decider or access.is_reform_office or bool(access.principals)
)
