"""What a person is told about their own account."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q


class NoticeQuerySet(models.QuerySet["AccountNotice"]):
    def unread_of(self, user_id: int | None) -> NoticeQuerySet:
        return self.filter(user=user_id, read_at__isnull=True)

    def read(self, at: datetime) -> int:
        """Marks them as read. Returns how many were not yet."""
        return self.filter(read_at__isnull=True).update(read_at=at)


class AccountNotice(models.Model):
    """Their password, posts or rights were changed: by whom and what, until they say that they have read it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="職員", on_delete=models.CASCADE, related_name="account_notices"
    )
    text = models.TextField("お知らせ", max_length=2000)
    made_by = models.CharField("変更した職員", max_length=200)
    at = models.DateTimeField("日時")
    read_at = models.DateTimeField("確認日時", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "アカウントのお知らせ"
        verbose_name_plural = "アカウントのお知らせ"
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["user"], condition=Q(read_at__isnull=True), name="account_notice_unread"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(made_by=""),
                name="account_notice_says_what_and_who",
                violation_error_message="お知らせの内容と、変更した職員を入れてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}：{self.text}"
