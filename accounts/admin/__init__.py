"""The back office's pages for people and departments."""

from accounts.admin.calendar import ClosedDayAdmin
from accounts.admin.departments import DepartmentAdmin, SuccessionAdmin
from accounts.admin.people import AssignmentAdmin, UserAdmin

__all__ = ["AssignmentAdmin", "ClosedDayAdmin", "DepartmentAdmin", "SuccessionAdmin", "UserAdmin"]
