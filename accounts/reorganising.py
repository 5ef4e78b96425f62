"""組織改正: a department never changes its name or place. It is closed, and another is opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Department, Succession
from japan.fiscal import add_months, month_start


def overlap_end(on: date) -> date:
    """Until when the old organisation stays open beside the new one: two months, so that March is reported in April."""
    return add_months(month_start(on), 2) - timedelta(days=1)


@dataclass(frozen=True)
class Change:
    """What a department becomes on a day."""

    on: date
    name: str
    short_name: str
    furigana: str
    parent: Department | None
    order: int
    kind: str


@transaction.atomic
def close_and_open(department: Department, change: Change) -> Department:
    """Closes the department the day before and opens it anew under the same code, with the succession between both.

    Raises ValidationError when it ended already, or did not exist yet the day before.
    """
    department = Department.objects.select_for_update().get(pk=department.pk)
    if department.valid_to is not None:
        raise ValidationError("この所属には廃止日が入っています。続いている所属を選んでください。", code="ended")
    if change.on <= department.valid_from:
        raise ValidationError({"on": "実施日は、今の所属の設置日より後の日付にしてください。"}, code="early")
    department.valid_to = change.on - timedelta(days=1)
    department.save(update_fields=["valid_to"])
    opened = Department(
        code=department.code,
        name=change.name,
        short_name=change.short_name,
        furigana=change.furigana,
        parent=change.parent,
        order=change.order,
        valid_from=change.on,
    )
    opened.full_clean()
    opened.save()
    Succession.objects.create(predecessor=department, successor=opened, date=change.on, kind=change.kind)
    return opened
