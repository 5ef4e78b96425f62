"""組織改正: initiatives follow the department that looks after them; so do records of quarters that end after the change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from accounts.models import Department
from accounts.reorganising import REASON, Follower, Group, Heirs, first_month
from approvals.handover import reassign
from approvals.models import Action
from initiatives.models import FormerCharge, Initiative, ProgressRecord
from initiatives.reporting import RECORDS
from japan.fiscal import date_of_fiscal_month
from japan.wareki import month_label

if TYPE_CHECKING:
    from accounts.access import Access


def _records(departments: Iterable[int], on: date) -> list[ProgressRecord]:
    """Records not approved yet, of quarters whose last month the new organisation reports."""
    found = (
        ProgressRecord.objects.open()
        .filter(department__in=list(departments))
        .select_related("initiative__department", "department")
    )
    first = first_month(on)
    return [each for each in found if date_of_fiscal_month(each.fiscal_year, (each.quarter * 3 + 2) % 12 + 1) >= first]


def followers(departments: Iterable[Department], on: date) -> list[Group]:
    listed = [department.pk for department in departments]
    initiatives = Initiative.objects.filter(department__in=listed)
    note = (
        f"{month_label(first_month(on))}より前に終わる四半期の調書は、前の所属のまま回答します。"
        "それより後の手続き中の調書は、取組と同じ所属へ移ります。"
    )
    rows = [Follower(f"initiative:{each.pk}", each.title) for each in initiatives]
    return [Group("取組の担当所属", rows, note)]


def follow(heirs: Heirs, on: date, access: Access) -> None:
    """`access`: whose act it is, for the history."""
    until = on - timedelta(days=1)
    for initiative in Initiative.objects.filter(department__in=heirs.opened):
        old = initiative.department_id or 0  # one of those opened: never without
        FormerCharge.objects.get_or_create(initiative=initiative, until=until, defaults={"department_id": old})
        initiative.department = heirs.of(f"initiative:{initiative.pk}", old)
        initiative.save(update_fields=["department"])
    records = _records(heirs.opened, on)
    moves = {record: record.initiative.department or record.department for record in records}
    reassign(RECORDS, moves, access=access, reason=REASON, action=Action.REORGANISED)
