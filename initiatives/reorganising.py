"""組織改正: initiatives follow the department that looks after them; so do records of quarters that end after the change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from accounts.models import Department
from accounts.reorganising import Follower, Group, Heirs, first_month
from initiatives.models import FormerCharge, Initiative, ProgressRecord
from japan.fiscal import date_of_fiscal_month
from japan.wareki import month_label


def _records(departments: Iterable[int], on: date) -> list[ProgressRecord]:
    """Records not approved yet, of quarters whose last month the new organisation reports."""
    found = ProgressRecord.objects.open().filter(department__in=list(departments)).select_related("initiative")
    first = first_month(on)
    return [each for each in found if date_of_fiscal_month(each.fiscal_year, (each.quarter * 3 + 2) % 12 + 1) >= first]


def followers(departments: Iterable[Department], on: date) -> list[Group]:
    listed = [department.pk for department in departments]
    initiatives = Initiative.objects.filter(department__in=listed)
    note = f"{month_label(first_month(on))}より前に終わる四半期の調書は、前の所属のまま回答します。"
    return [
        Group("取組の担当所属", [Follower(f"initiative:{each.pk}", each.title) for each in initiatives], note),
        Group("手続き中の進捗状況調書", [Follower(f"record:{each.pk}", str(each)) for each in _records(listed, on)]),
    ]


def follow(heirs: Heirs, on: date) -> None:
    until = first_month(on) - timedelta(days=1)
    for initiative in Initiative.objects.filter(department__in=heirs.opened):
        old = initiative.department_id or 0  # one of those opened: never without
        FormerCharge.objects.get_or_create(initiative=initiative, until=until, defaults={"department_id": old})
        initiative.department = heirs.of(f"initiative:{initiative.pk}", old)
        initiative.save(update_fields=["department"])
    for record in _records(heirs.opened, on):
        record.department = heirs.of(f"record:{record.pk}", record.department_id)
        record.version += 1
        record.save(update_fields=["department", "version"])
