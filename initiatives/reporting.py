"""進捗状況調書: how an initiative's quarter is written, and what its procedure asks of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.models import Assignment, RouteUse
from approvals.conflict import Conflict, Errors
from approvals.models import Action
from approvals.procedure import Procedure
from initiatives.models import Initiative, ProgressEvent, ProgressRecord
from initiatives.quarters import Quarter, reporting_department

if TYPE_CHECKING:
    from accounts.access import Access


class Records(Procedure[ProgressRecord]):
    model = ProgressRecord
    event = ProgressEvent
    subject = RouteUse.Subject.PROGRESS
    word, name = "調書", "進捗状況調書"
    named = ("initiative",)
    also_written = ("updated_at",)

    def in_turn(self, posts: Iterable[Assignment]) -> Iterable[ProgressRecord]:
        """Oldest quarter first, in 建制順."""
        reached = ProgressRecord.objects.in_reach_of(posts).in_order()
        return reached.select_related("initiative", "department", "author").prefetch_related("events")

    def complete(self, reports: Collection[ProgressRecord], access: Access) -> Errors:
        missing = {report.pk: _missing(report) for report in reports}
        return {pk: ValidationError(message, code="blank") for pk, message in missing.items() if message}

    def touched(self, report: ProgressRecord, action: Action, access: Access) -> None:
        report.updated_at = access.now()

    def kept(self, report: ProgressRecord, action: Action) -> dict[str, Any]:
        return {"content": report.content if action == Action.APPROVED else None}

    def twin(self, report: ProgressRecord) -> ProgressRecord | None:
        return record_of(report.initiative, report.fiscal_year, report.quarter)


def _missing(record: ProgressRecord) -> str:
    if not record.status:
        return "提出するには、進捗状況を選んでください。"
    return "" if record.results.strip() else "提出するには、実施内容・成果を入力してください。"


RECORDS = Records()
submit, withdraw, reopen = RECORDS.submit, RECORDS.withdraw, RECORDS.reopen
approve, send_back = RECORDS.approve, RECORDS.send_back


def record_of(initiative: Initiative, fiscal_year: int, quarter: int) -> ProgressRecord | None:
    found = ProgressRecord.objects.filter(initiative=initiative).of_quarter(fiscal_year, quarter)
    return found.select_related("initiative", "department", "author", "decided_by").first()


def save(
    initiative: Initiative,
    fiscal_year: int,
    quarter: int,
    content: Mapping[str, Any],
    *,
    access: Access,
    seen_version: int,
) -> ProgressRecord:
    """Keeps what was written so far; `seen_version` is that of the record shown (0: there was none)."""
    with transaction.atomic():
        record = RECORDS.locked().filter(initiative=initiative, fiscal_year=fiscal_year, quarter=quarter).first()
        if (record.version if record else 0) != seen_version:
            raise Conflict(record)
        if record is None:
            record = ProgressRecord(initiative=initiative, fiscal_year=fiscal_year, quarter=quarter, version=0)
        RECORDS.check_writable(record)
        department = reporting_department(initiative, Quarter(fiscal_year, quarter), record if record.pk else None)
        if department is None or not access.may_enter(department.pk):
            raise PermissionDenied
        record.department = department
        for name in ProgressRecord.CONTENT:
            setattr(record, name, content[name])
        return RECORDS.save(record, access=access)
