"""The back office's pages for people and departments."""

from accounts.admin.departments import DepartmentAdmin, SuccessionAdmin
from accounts.admin.people import AssignmentAdmin, UserAdmin

__all__ = ["AssignmentAdmin", "DepartmentAdmin", "SuccessionAdmin", "UserAdmin"]
