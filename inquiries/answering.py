"""個別の照会への回答: how an answer is written, and what its procedure asks of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Assignment, RouteUse
from approvals.conflict import Conflict, Errors
from approvals.models import Action
from approvals.procedure import Procedure
from inquiries.attachment import Attachment
from inquiries.models import AnswerEvent, Inquiry, Recipient

if TYPE_CHECKING:
    from accounts.access import Access


class Answers(Procedure[Recipient]):
    model = Recipient
    event = AnswerEvent
    subject = RouteUse.Subject.INQUIRY
    word, name = "回答", "照会の回答"
    named = ("inquiry",)

    def line(self, report: Recipient) -> str:
        about = f"{report.department}、{report.state_label}、回答期限 {report.due_on:%Y-%m-%d}"
        return f"{report.inquiry}（{about}）"

    def in_turn(self, posts: Iterable[Assignment]) -> Iterable[Recipient]:
        """First due first, in 建制順."""
        reached = Recipient.objects.in_reach_of(posts).in_official_order().prefetch_related("events")
        return sorted(reached, key=lambda each: each.due_on)

    def begun(self) -> QuerySet[Recipient]:
        return super().begun().filter(inquiry__in=Inquiry.objects.open().filter(kind=Inquiry.Kind.ONE_OFF))

    def refusal(self, report: Recipient) -> ValidationError | None:
        if report.inquiry.kind != Inquiry.Kind.ONE_OFF:
            return ValidationError("定例の照会は、それぞれの入力画面で回答してください。", code="kind")
        if report.inquiry.closed_at is not None:
            return ValidationError("この照会は締め切られています。取りまとめ課に連絡してください。", code="closed")
        return None

    def complete(self, reports: Collection[Recipient], access: Access) -> Errors:
        message = "提出するには、回答を入力するか、ファイルを添付してください。"
        blank = [report for report in reports if not report.answer.strip() and not report.file]
        return {report.pk: ValidationError(message, code="blank") for report in blank}

    def kept(self, report: Recipient, action: Action) -> dict[str, Any]:
        """The answer as it is now."""
        kept = {name: getattr(report, name) for name in ("answer", "file_name", "file_sha256")}
        return kept | {"file": report.file.name or ""}


ANSWERS = Answers()
submit, withdraw = ANSWERS.submit, ANSWERS.withdraw
approve, send_back = ANSWERS.approve, ANSWERS.send_back


def save(
    recipient: Recipient,
    text: str,
    *,
    access: Access,
    seen_version: int,
    attachment: Attachment | None = None,
    drop_file: bool = False,
) -> Recipient:
    """Keeps what was written so far. A new file takes the place of the old one; `drop_file` takes it away."""
    with transaction.atomic():
        current = ANSWERS.locked().get(pk=recipient.pk)
        refusal = ANSWERS.refusal(current)
        if refusal is not None:
            raise refusal
        if current.version != seen_version:
            raise Conflict(current)
        ANSWERS.check_writable(current)
        if not access.may_enter(current.department_id):
            raise PermissionDenied
        current.answer = text
        if attachment is not None:
            current.file.save(attachment.stored_name, attachment.content, save=False)
            current.file_name, current.file_sha256 = attachment.name, attachment.sha256
        elif drop_file:
            # The file itself stays where it is: what was handed in once can still be looked up by an administrator.
            current.file, current.file_name, current.file_sha256 = "", "", ""
        return ANSWERS.save(current, access=access)
