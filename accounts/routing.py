"""By what right somebody may decide at a step of a report's route."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Assignment, Department

Role = Assignment.Role


@dataclass(frozen=True)
class Authority:
    """The right to decide at a step: the post that decides, and for a deputy the post decided for (代決)."""

    post: str
    principal: Assignment | None = None


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
