"""組織改正: one-off inquiries that were not handed in follow. Regular ones of past months are answered by the old department."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from accounts.models import Department
from accounts.reorganising import REASON, Follower, Group, Heirs, first_month
from approvals.handover import reassign
from approvals.models import Action
from inquiries.answering import ANSWERS
from inquiries.models import Inquiry, Recipient

if TYPE_CHECKING:
    from accounts.access import Access


def _recipients(departments: Iterable[int], on: date) -> QuerySet[Recipient]:
    unanswered = (Recipient.State.OPEN, Recipient.State.RETURNED)
    one_off = Q(inquiry__kind=Inquiry.Kind.ONE_OFF, state__in=unanswered)
    # Of a month that the new organisation reports: made before the change was known.
    regular = Q(inquiry__month__gte=first_month(on))
    found = Recipient.objects.filter(one_off | regular, inquiry__closed_at__isnull=True)
    return found.filter(department__in=list(departments)).select_related("inquiry", "department").order_by("pk")


def followers(departments: Iterable[Department], on: date) -> list[Group]:
    listed = [department.pk for department in departments]
    note = "提出済みの回答と、これより前の月の定例の照会は、前の所属のまま残ります。"
    rows = [Follower(f"recipient:{each.pk}", str(each)) for each in _recipients(listed, on)]
    return [Group("回答していない照会", rows, note)]


def follow(heirs: Heirs, on: date, access: Access) -> None:
    """Where both merged departments were asked, the first one's row goes on and the other stays where it is. `access`:
    whose act it is, for the history."""
    found = list(_recipients(heirs.opened, on))
    asked = set(Recipient.objects.filter(inquiry__recipients__in=found).values_list("inquiry", "department"))
    moves: dict[Recipient, Department] = {}
    for recipient in found:
        heir = heirs.of(f"recipient:{recipient.pk}", recipient.department_id)
        if (recipient.inquiry_id, heir.pk) not in asked:
            asked.add((recipient.inquiry_id, heir.pk))
            moves[recipient] = heir
    reassign(ANSWERS, moves, access=access, reason=REASON, action=Action.REORGANISED)
