"""The steps of a report's route: which route a department's reports take, and whose turn it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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


def routes_for(departments: Iterable[Department], subject: str) -> dict[int, Route | None]:
    """The route each department's reports of a kind take (by its id): its own, else that of its 部, else everybody's,
    else none. Two queries for any number of departments, none for none."""
    listed = {department.pk: department for department in departments}
    if not listed:
        return {}
    uses = RouteUse.objects.filter(subject=subject).select_related("route").prefetch_related("route__steps")
    used: dict[int | None, Route] = {use.department_id: use.route for use in uses}
    places = {pk: (pk, department.parent_id, None) for pk, department in listed.items()}
    return {pk: next((used[place] for place in of if place in used), None) for pk, of in places.items()}


def route_for(department: Department, subject: str) -> Route | None:
    """The route of one department."""
    return routes_for([department], subject)[department.pk]


def steps_of(route: Route | None) -> tuple[str, ...]:
    """The roles that approve, in order; at least one."""
    roles = tuple(step.role for step in route.steps.all()) if route is not None else ()
    return roles or DEFAULT_STEPS


def on_route_past(posts: Iterable[Assignment]) -> Q:
    """Reports whose route leads past one of the posts. Whose turn it is now is asked of each report."""
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
