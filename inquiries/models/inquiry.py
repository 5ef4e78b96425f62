"""照会: what the reform office asks departments for, until when, and what they answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Assignment, Department
from approvals.models import Event, Report, event_constraints
from approvals.routes import on_route_past
from constraints.rows import never_deleted

if TYPE_CHECKING:
    from accounts.access import Access


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    def issued(self) -> InquiryQuerySet:
        """Those that departments can see."""
        return self.filter(issued_at__isnull=False)

    def open(self) -> InquiryQuerySet:
        """Issued and not closed."""
        return self.issued().filter(closed_at__isnull=True)


class Inquiry(models.Model):
    """One request to several departments. A regular one (monthly figures, quarterly records) makes itself."""

    DONE_BY = (("created_by", "created_at", ""),)

    class Kind(models.TextChoices):
        MONTHLY = "monthly", "月次の回答"
        PROGRESS = "progress", "進捗状況調書"
        ONE_OFF = "one_off", "個別の照会"

    kind = models.CharField("種類", max_length=10, choices=Kind)
    title = models.CharField("件名", max_length=120)
    text = models.TextField("依頼文", max_length=4000)
    instructions = models.TextField("記入要領", blank=True, max_length=4000)
    contact = models.CharField("問合せ先", max_length=200)
    month = models.DateField("対象月（1日）", null=True, blank=True, help_text="四半期の調書では、その最後の月です。")
    due_on = models.DateField("回答期限")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="作成した職員",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="inquiries",
    )
    created_at = models.DateTimeField("作成日時", auto_now_add=True)
    issued_at = models.DateTimeField("依頼日時", null=True, blank=True)
    closed_at = models.DateTimeField("締切処理の日時", null=True, blank=True)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = "照会"
        verbose_name_plural = "照会"
        ordering = ["-due_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "month"],
                condition=~Q(kind="one_off"),
                name="inquiry_regular_once_per_month",
                violation_error_message="この月の定例の照会は作成済みです。",
            ),
            models.CheckConstraint(
                condition=Q(kind="one_off", month__isnull=True)
                | Q(kind__in=["monthly", "progress"], month__isnull=False, month__day=1),
                name="inquiry_month_fits_kind",
                violation_error_message="定例の照会には対象月の1日を入れ、個別の照会では空にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class RecipientQuerySet(models.QuerySet["Recipient"]):
    def of_departments(self, department_ids: Iterable[int]) -> RecipientQuerySet:
        return self.filter(department_id__in=list(department_ids))

    def issued(self) -> RecipientQuerySet:
        return self.filter(inquiry__issued_at__isnull=False)

    def open(self) -> RecipientQuerySet:
        """Of inquiries that are issued and not closed."""
        return self.issued().filter(inquiry__closed_at__isnull=True)

    def seen_by(self, access: Access) -> RecipientQuerySet:
        """Those a person answers, or decides about on their route; the reform office sees all."""
        if any(post.role == Assignment.Role.REFORM_OFFICE for post in access.deciding_posts):
            return self.issued()
        posts = [post for post in access.deciding_posts if post.department_id is not None]
        own = {post.department_id for post in posts}
        gathered = {post.department_id for post in posts if post.role == Assignment.Role.COORDINATOR}
        return self.issued().filter(Q(department__in=own) | Q(department__parent__in=gathered))

    def in_reach_of(self, posts: Iterable[Assignment]) -> RecipientQuerySet:
        """Answers to one-off inquiries that were handed in and whose route leads past one of the posts; whose turn it
        is is asked of each."""
        handed_in = self.open().filter(inquiry__kind=Inquiry.Kind.ONE_OFF, state=Recipient.State.SUBMITTED)
        return handed_in.filter(on_route_past(posts))

    def in_official_order(self) -> RecipientQuerySet:
        """建制順, with what a line about a recipient names."""
        return self.select_related("inquiry", "department", "author", "route").order_by(
            "department__order", "department__code", "department__valid_from"
        )


def _file_has_checksum(of: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(file="", file_sha256="") | (~Q(file="") & ~Q(file_sha256="")),
        name=f"{of}_file_has_checksum",
        violation_error_message="添付ファイルは照合値とそろえて保存します。",
    )


class Recipient(Report):
    """A department that is asked. How far a regular inquiry is follows from its figures; a one-off one is answered here."""

    class State(models.TextChoices):
        OPEN = "open", "未回答"
        SUBMITTED = "submitted", "確認待ち"
        RETURNED = "returned", "差戻し"
        ANSWERED = "answered", "回答済"

    BEGUN, APPROVED = State.OPEN.value, State.ANSWERED.value

    inquiry = models.ForeignKey(Inquiry, verbose_name="照会", on_delete=models.CASCADE, related_name="recipients")
    department = models.ForeignKey(
        Department, verbose_name="所属", on_delete=models.PROTECT, related_name="received_inquiries"
    )
    extended_to = models.DateField("延長後の回答期限", null=True, blank=True)
    state = models.CharField("状態", max_length=12, choices=State, default=State.OPEN)
    answer = models.TextField("回答", blank=True, max_length=8000)
    file = models.FileField("添付", upload_to="inquiries/%Y/%m/", blank=True)
    file_name = models.CharField("添付ファイル名", max_length=200, blank=True)
    file_sha256 = models.CharField("添付の照合値", max_length=64, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="回答者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="inquiry_answers",
    )

    objects = RecipientQuerySet.as_manager()

    class Meta:
        verbose_name = "照会の宛先"
        verbose_name_plural = "照会の宛先"
        ordering = ["inquiry", "department__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["inquiry", "department"],
                name="recipient_once_per_inquiry",
                violation_error_message="この所属は宛先に入っています。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "submitted", "returned", "answered"]),
                name="recipient_state_is_known",
                violation_error_message="回答の状態が正しくありません。",
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(decided_by__isnull=True) | ~Q(decided_by=F("author")),
                name="recipient_not_approved_by_author",
                violation_error_message="自分が入力した回答は承認できません。",
            ),
            _file_has_checksum("recipient"),
            never_deleted("recipient_is_kept", "照会の宛先は削除できません。照会は締切処理で終わらせてください。"),
        ]

    def __str__(self) -> str:
        return f"{self.inquiry}（{self.department}）"

    @property
    def due_on(self) -> date:
        return max(self.extended_to, self.inquiry.due_on) if self.extended_to else self.inquiry.due_on


class AnswerEvent(Event):
    """What happened to the answer to a one-off inquiry, with the answer as it was then."""

    OF = "recipient"

    recipient = models.ForeignKey(Recipient, verbose_name="宛先", on_delete=models.PROTECT, related_name="events")
    answer = models.TextField("そのときの回答", blank=True, max_length=8000)
    file = models.CharField("そのときの添付の保存先", max_length=100, blank=True)
    file_name = models.CharField("そのときの添付ファイル名", max_length=200, blank=True)
    file_sha256 = models.CharField("そのときの添付の照合値", max_length=64, blank=True)

    class Meta:
        verbose_name = "照会の回答の経過"
        verbose_name_plural = "照会の回答の経過"
        ordering = ["recipient", "at", "id"]
        constraints = [*event_constraints("answer", "照会の回答の経過"), _file_has_checksum("answer_event")]

    def __str__(self) -> str:
        return f"{self.recipient} {self.get_action_display()}"
