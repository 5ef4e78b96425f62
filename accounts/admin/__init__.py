"""The back office's pages for people and departments."""

from accounts.admin.calendar import ClosedDayAdmin
from accounts.admin.departments import DepartmentAdmin, SuccessionAdmin
from accounts.admin.people import AssignmentAdmin, UserAdmin
from accounts.admin.routing import DeputyAdmin, RouteAdmin, RouteUseAdmin

__all__ = [
    "AssignmentAdmin",
    "ClosedDayAdmin",
    "DepartmentAdmin",
    "DeputyAdmin",
    "RouteAdmin",
    "RouteUseAdmin",
    "SuccessionAdmin",
    "UserAdmin",
]
