"""Who looks after which figure in which department (指標の担当票); what nobody looks after is flagged before it is late."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q

from accounts.models import Assignment, Department
from japan.fiscal import month_start
from kpis.entries.sheet import is_in_use
from kpis.models import Kpi, OwnerCard, Reporting

if TYPE_CHECKING:
    from accounts.access import Access


@dataclass(frozen=True)
class Owned:
    """A figure a department answers for, with its card where there is one."""

    kpi: Kpi
    department: Department
    card: OwnerCard | None
    today: date

    @property
    def has_owner(self) -> bool:
        """Somebody is named, still in post and still here."""
        owner = self.card.owner if self.card else None
        return owner is not None and owner.is_in_force(self.today) and owner.user.is_active

    @property
    def problem(self) -> str:
        """Why it is flagged; "" where somebody looks after it."""
        if self.has_owner:
            return ""
        return "担当の任期が終わっています" if self.card and self.card.owner else "担当が決まっていません"


def owned(today: date, departments: Iterable[int] | None = None) -> list[Owned]:
    """Every figure with the department that answers for it this month (of what an office registers for everybody: that
    office), in 建制順 (two queries). None: of all departments."""
    month = month_start(today)
    rows = Reporting.objects.in_force(month).select_related("series__kpi", "department", "registrar")
    if departments is not None:
        rows = rows.of_sheets(list(departments))
    pairs = {
        (row.series.kpi_id, row.answering_id): (row.series.kpi, row.answering)
        for row in rows
        if is_in_use(row.series, month)
    }
    cards = {
        (card.kpi_id, card.department_id): card
        for card in OwnerCard.objects.select_related("owner__user", "deputy__user")
    }
    found = [Owned(kpi, department, cards.get(key), today) for key, (kpi, department) in pairs.items()]
    return sorted(found, key=_place)


def _place(owned: Owned) -> tuple[int, str, int, str]:
    return owned.department.order, owned.department.code, owned.kpi.order, owned.kpi.code


def ownerless(today: date, departments: Iterable[int] | None = None) -> list[Owned]:
    return [each for each in owned(today, departments) if not each.has_owner]


def seen_departments(access: Access) -> list[int] | None:
    """Whose figures a person sees in the list; None: all."""
    if access.is_reform_office:
        return None
    own = {post.department_id for post in access.deciding_posts if post.department_id is not None}
    gathered = access.coordinator_department_ids
    return list(Department.objects.filter(Q(pk__in=own) | Q(parent__in=gathered)).values_list("pk", flat=True))


def may_edit_card(access: Access, department_id: int) -> bool:
    return access.is_reform_office or access.may_enter(department_id) or access.may_approve(department_id)


def possible_owners(department: Department, today: date) -> list[Assignment]:
    """Whoever holds a post in the department today."""
    posts = Assignment.objects.in_force(today).filter(department=department, user__is_active=True)
    return list(posts.select_related("user", "department").order_by("role", "user__employee_number"))
