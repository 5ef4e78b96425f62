"""After a 組織改正 the old organisation's people report for it for two months more; from then on its successor does: of
several the one that was chosen to finish its work."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from datetime import date

from accounts.models import Assignment, Department, Succession
from accounts.reorganising import reports_until


def with_closed_departments(posts: Sequence[Assignment], on: date) -> list[Assignment]:
    """The posts, and each as it acts for the departments its own took over from whose people report no more on a day.

    One query for each reorganisation that lies behind a department.
    """
    behind = _predecessors({post.department_id for post in posts if post.department_id is not None})
    found = list(posts)
    for post in posts:
        for department in behind.get(post.department_id or 0, []):
            until = reports_until(department)
            if until is not None and until < on:
                acting = copy(post)
                acting.department, acting.acts_as = department, post
                found.append(acting)
    return found


def _predecessors(department_ids: set[int]) -> dict[int, list[Department]]:
    """Department id → those it took over from, and those they took over from."""
    found: dict[int, list[Department]] = {pk: [] for pk in department_ids}
    heirs = {pk: {pk} for pk in department_ids}  # a department of the past → today's that come from it
    frontier = department_ids
    while frontier:
        rows = Succession.objects.filter(successor__in=frontier, finishes_its_work=True).select_related("predecessor")
        frontier = set()
        for row in rows:
            known = heirs.setdefault(row.predecessor_id, set())
            new = heirs[row.successor_id] - known
            known |= new
            for pk in new:
                found[pk].append(row.predecessor)
            if new:
                frontier.add(row.predecessor_id)
    return found
