"""What goes on around an inquiry: questions, more time, reminders."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Department
from constraints.rows import never_deleted
from inquiries.models.inquiry import Inquiry, Recipient
from japan.wareki import date_label


class Message(models.Model):
    """A question of a department, or the office's answer to it (seen by all recipients when `is_for_all`)."""

    DONE_BY = (("author", "at", "post"),)

    inquiry = models.ForeignKey(Inquiry, verbose_name="照会", on_delete=models.CASCADE, related_name="messages")
    department = models.ForeignKey(
        Department,
        verbose_name="質問した所属",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="inquiry_messages",
    )
    answers = models.ForeignKey(
        "self", verbose_name="質問", null=True, blank=True, on_delete=models.PROTECT, related_name="replies"
    )
    text = models.TextField("本文", max_length=2000)
    is_for_all = models.BooleanField("全所属に見せる", default=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="職員", on_delete=models.PROTECT, related_name="inquiry_messages"
    )
    post = models.CharField("当時の職", max_length=120, blank=True)
    at = models.DateTimeField("日時")

    class Meta:
        verbose_name = "質問と回答"
        verbose_name_plural = "質問と回答"
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="message_has_text",
                violation_error_message="本文を入力してください。",
            ),
            never_deleted("message_is_kept", "質問と回答は削除できません。続けて書いてください。"),
        ]

    def __str__(self) -> str:
        return self.text[:40]


class Extension(models.Model):
    """期限の延長: asked by one department, or given to all at once (disaster, election)."""

    DONE_BY = (("asked_by", "asked_at", ""), ("decided_by", "decided_at", ""))

    class State(models.TextChoices):
        ASKED = "asked", "申請中"
        GRANTED = "granted", "承認"
        REFUSED = "refused", "不承認"

    inquiry = models.ForeignKey(Inquiry, verbose_name="照会", on_delete=models.CASCADE, related_name="extensions")
    recipient = models.ForeignKey(
        Recipient,
        verbose_name="宛先（空は全所属）",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="extensions",
    )
    until = models.DateField("延長後の回答期限")
    reason = models.CharField("理由", max_length=300)
    state = models.CharField("状態", max_length=10, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="申請した職員", on_delete=models.PROTECT, related_name="extensions_asked"
    )
    asked_at = models.DateTimeField("申請日時")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="決めた職員",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="extensions_decided",
    )
    decided_at = models.DateTimeField("決めた日時", null=True, blank=True)
    decision_note = models.CharField("決定の説明", max_length=300, blank=True)

    class Meta:
        verbose_name = "期限の延長"
        verbose_name_plural = "期限の延長"
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="extension_has_reason",
                violation_error_message="延長する理由を入力してください。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "granted", "refused"]),
                name="extension_state_is_known",
                violation_error_message="延長の状態が正しくありません。",
            ),
            models.UniqueConstraint(
                fields=["recipient"],
                condition=Q(state="asked"),
                name="extension_asked_once",
                violation_error_message="延長を申請中です。決定をお待ちください。",
            ),
            never_deleted(
                "extension_is_kept", "期限の延長の記録は削除できません。期限は、もう一度延長して直してください。"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inquiry} {date_label(self.until)}まで"


class Reminder(models.Model):
    """A mail that reminds one person: at most one a day, whoever or whatever asks for it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="職員", on_delete=models.PROTECT, related_name="reminders"
    )
    day = models.DateField("日付")
    subject = models.CharField("件名", max_length=200)
    body = models.TextField("本文")
    created_at = models.DateTimeField("作成日時", auto_now_add=True)
    sent_at = models.DateTimeField("送信日時", null=True, blank=True)
    error = models.CharField("送信できなかった理由", max_length=300, blank=True)

    class Meta:
        verbose_name = "回答依頼（再）"
        verbose_name_plural = "回答依頼（再）"
        ordering = ["-day", "user"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "day"],
                name="reminder_once_a_day",
                violation_error_message="この日の回答依頼は作成済みです。",
            ),
        ]

    def __str__(self) -> str:
        return f"{date_label(self.day)} {self.user}"
