"""Whose turn a report is: the steps of its route, and by what right somebody may decide at a step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q

from accounts.models import Assignment, Department, Route, RouteUse

Role = Assignment.Role

#: What a report goes through where nobody set up a route: its own head's approval.
DEFAULT_STEPS: tuple[str, ...] = (Role.APPROVER.value,)

_WHOSE = {
    Role.CHECKER.value: "係長",
    Role.APPROVER.value: "課長",
    Role.COORDINATOR.value: "部の取りまとめ",
    Role.REFORM_OFFICE.value: "取りまとめ課",
}


def turn_label(roles: Sequence[str], steps_passed: int) -> str:
    """Whose turn a submitted report is: 課長確認待ち; on a route of several steps with the place, 係長確認待ち（1／3）."""
    place = min(steps_passed, len(roles) - 1)
    words = f"{_WHOSE[roles[place]]}確認待ち"
    return f"{words}（{place + 1}／{len(roles)}）" if len(roles) > 1 else words


class OnRoute:
    """What a report on a route answers, whatever it is about. Its model has `steps` and `steps_passed`."""

    steps: str
    steps_passed: int

    @property
    def roles(self) -> tuple[str, ...]:
        """Who approves, in order, as its route was when it was handed in: a route changed since changes nothing."""
        return tuple(self.steps.split(",")) if self.steps else DEFAULT_STEPS

    @property
    def current_role(self) -> str:
        """The role whose turn it is."""
        return self.roles[min(self.steps_passed, len(self.roles) - 1)]

    @property
    def turn_label(self) -> str:
        """Whose turn it is, in words."""
        return turn_label(self.roles, self.steps_passed)


@dataclass(frozen=True)
class Authority:
    """The right to decide at a step: the post that decides, and for a deputy the post decided for (代決)."""

    post: str
    principal: Assignment | None = None


def route_for(department: Department, subject: str) -> Route | None:
    """The route a department's reports of a kind take: its own, else that of its 部, else everybody's, else none."""
    uses = {
        use.department_id: use.route
        for use in RouteUse.objects.filter(subject=subject).select_related("route")
        if use.department_id in (department.pk, department.parent_id, None)
    }
    for department_id in (department.pk, department.parent_id, None):
        if department_id in uses:
            return uses[department_id]
    return None


def steps_of(route: Route | None) -> tuple[str, ...]:
    """The roles that approve, in order; at least one."""
    roles = tuple(step.role for step in route.steps.all()) if route is not None else ()
    return roles or DEFAULT_STEPS


def right_to_decide(authority: Authority | None, *, is_author: bool, what: str) -> Authority:
    """The authority, where there is one and the person is not the author of what is decided (回答, 調書)."""
    if authority is None:
        raise PermissionDenied
    if is_author:
        raise ValidationError(
            f"自分が入力した{what}は承認も差戻しもできません。ほかの確認者に依頼してください。", code="author"
        )
    return authority


def on_route_past(posts: Iterable[Assignment]) -> Q:
    """Reports (anything OnRoute with a department) whose route leads past one of the posts. Whose turn it is now is
    asked of each report."""
    reach = Q(pk__in=[])
    for post in posts:
        step = Q(steps__contains=post.role)
        own = Q(department=post.department_id)
        match post.role:
            case Role.APPROVER:
                reach |= own & (step | Q(steps=""))  # "" is the route of one step
            case Role.CHECKER:
                reach |= own & step
            case Role.COORDINATOR:
                reach |= (own | Q(department__parent=post.department_id)) & step
            case Role.REFORM_OFFICE:
                reach |= step
    return reach


def holds(assignment: Assignment, role: str, department: Department) -> bool:
    """Whether a post decides at a step of this role for a department (部の取りまとめ: the 部 above it counts)."""
    if assignment.role != role:
        return False
    if role == Role.REFORM_OFFICE:
        return True
    own = {department.pk}
    if role == Role.COORDINATOR and department.parent_id is not None:
        own.add(department.parent_id)
    return assignment.department_id in own
