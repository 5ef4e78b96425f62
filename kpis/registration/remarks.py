"""What departments object to in the values an office registers for them, until the office has dealt with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import Assignment, Department
from kpis.models import Acknowledgement, RemarkAnswer, Reporting
from kpis.registration.confirmations import may_answer
from kpis.registration.values import replies_to
from kpis.values.closed import hold_series, month_of
from kpis.values.who_answers import who_answers

if TYPE_CHECKING:
    from accounts.access import Access


@dataclass(frozen=True)
class ToAnswer:
    """An office's month with remarks that wait for a newer value or an answer."""

    registrar: Department
    month: date
    count: int


def remarks_to_answer(registrars: Collection[int]) -> list[ToAnswer]:
    """The months of the offices with remarks nobody has dealt with, newest first. One query where there are none."""
    remarks = Acknowledgement.objects.unanswered().filter(measurement__series__reportings__registrar__in=registrars)
    listed = list(remarks.select_related("measurement").distinct())
    if not listed:
        return []
    answerers = who_answers(remark.measurement.series_id for remark in listed)
    counts: Counter[tuple[date, Department]] = Counter()
    for remark in listed:
        month = month_of(remark.measurement)
        row = answerers.row(remark.measurement.series_id, month)
        if row is None or row.registrar is None or row.registrar_id not in registrars:
            continue
        if row.department_id == remark.department_id != row.registrar_id:
            counts[month, row.registrar] += 1
    found = [ToAnswer(registrar, month, count) for (month, registrar), count in counts.items()]
    return sorted(found, key=lambda each: (-each.month.toordinal(), each.registrar.order, each.registrar.code))


def answer_remarks(
    registrar: Department, month: date, *, answers: Mapping[int, str], access: Access
) -> tuple[int, int]:
    """Answers remarks (id of the remark → words); those left blank wait on.

    Gives how many were answered, and how many were left out because they were taken back or dealt with meanwhile.
    """
    if not may_answer(registrar, access):
        raise PermissionDenied
    told = {pk: text.strip()[:1000] for pk, text in answers.items() if text.strip()}
    post = access.post_in(registrar.pk, Assignment.Role.EDITOR, Assignment.Role.APPROVER)
    with transaction.atomic():
        rows = Reporting.objects.in_force(month).filter(registrar=registrar)
        hold_series(rows.values_list("series", flat=True))
        waiting = [each.said for each in replies_to(registrar, month) if each.said and each.asks_for_answer]
        answered = [remark for remark in waiting if remark.pk in told]
        now = access.now()
        RemarkAnswer.objects.bulk_create(
            RemarkAnswer(remark=remark, text=told[remark.pk], user=access.user, post=post, at=now)  # type: ignore[misc]
            for remark in answered
        )
    return len(answered), len(told) - len(answered)
