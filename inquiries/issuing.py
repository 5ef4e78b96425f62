"""個別の照会を出す, and closing an inquiry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.models import Assignment, ClosedDay, Department
from inquiries.models import Inquiry, Recipient

if TYPE_CHECKING:
    from accounts.access import Access
    from accounts.managers import DepartmentQuerySet


@dataclass(frozen=True)
class Request:
    """What a one-off inquiry asks for, until the n-th working day after today."""

    title: str
    text: str
    contact: str
    working_days: int
    instructions: str = ""


def departments_to_ask(today: date) -> DepartmentQuerySet:
    """Those where somebody could answer, in 建制順."""
    editors = Assignment.objects.in_force(today).filter(role=Assignment.Role.EDITOR, user__is_active=True)
    return Department.objects.in_force(today).filter(pk__in=editors.values("department")).in_official_order()


def due_after(today: date, working_days: int) -> date:
    """The n-th working day after a day, in the city's calendar."""
    return ClosedDay.objects.calendar().nth_working_day(today + timedelta(days=1), working_days)


def issue(request: Request, departments: Iterable[Department], *, access: Access) -> Inquiry:
    """Makes a one-off inquiry that its departments see at once."""
    if not access.is_reform_office:
        raise PermissionDenied
    inquiry = Inquiry(
        kind=Inquiry.Kind.ONE_OFF,
        title=request.title,
        text=request.text,
        instructions=request.instructions,
        contact=request.contact,
        due_on=due_after(access.on, request.working_days),
        created_by=access.user,  # type: ignore[misc]
        issued_at=access.now(),
    )
    inquiry.full_clean()
    with transaction.atomic():
        inquiry.save()
        Recipient.objects.bulk_create([Recipient(inquiry=inquiry, department=department) for department in departments])
    return inquiry


def close(inquiry: Inquiry, *, access: Access) -> None:
    """締切: nothing more is answered, nobody is reminded. Raises ValidationError where it was closed already."""
    if not access.is_reform_office:
        raise PermissionDenied
    if not Inquiry.objects.filter(pk=inquiry.pk, closed_at=None).update(closed_at=access.now()):
        raise ValidationError("この照会は締切済みです。", code="closed")
