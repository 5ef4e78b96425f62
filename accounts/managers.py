"""Questions to the database about people and departments."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import Assignment, Department, User

M = TypeVar("M", bound=models.Model)


def valid_on(day: date, prefix: str = "") -> Q:
    """The condition that a dated row (valid_from, valid_to inclusive or open) is in force on `day`."""
    return Q(**{f"{prefix}valid_from__lte": day}) & (
        Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gte": day})
    )


class UserManager(BaseUserManager["User"]):
    """Makes users; the employee number is what they sign in with."""

    def create_user(self, employee_number: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(employee_number=employee_number, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, employee_number: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(employee_number, password, is_staff=True, is_superuser=True, **fields)


class DepartmentQuerySet(models.QuerySet["Department"]):
    def in_force(self, day: date) -> DepartmentQuerySet:
        """Departments that exist on `day`."""
        return self.filter(valid_on(day))

    def in_official_order(self) -> DepartmentQuerySet:
        """建制順; never by code or alphabet."""
        return self.order_by("order", "code", "valid_from")


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def of_or_taken_over_by(self, user: User | AnonymousUser) -> AssignmentQuerySet:
        """The person's own posts, and those they took over in a 事務引継: whose deputies' decisions they look at."""
        return self.filter(Q(user=user.pk) | Q(handovers_given__taker__user=user.pk))

    def in_force(self, day: date) -> AssignmentQuerySet:
        """Assignments that give rights on `day`."""
        return self.filter(valid_on(day))

    def of(self, user: User) -> AssignmentQuerySet:
        return self.filter(user=user)
