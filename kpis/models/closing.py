"""確定 and 確定解除: when a month's values may no longer change, and for whom they may again, why and until when."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Department
from constraints.rows import never_deleted
from japan.wareki import month_label


class Closing(models.Model):
    """A month the reform office has closed. Its values change only by re-opening."""

    DONE_BY = (("closed_by", "closed_at", "closed_post"),)

    month = models.DateField("確定した月（1日）", unique=True, error_messages={"unique": "この月は確定済みです。"})
    closed_at = models.DateTimeField("確定日時")
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="確定した職員",
        null=True,
        on_delete=models.PROTECT,
        related_name="closings",
    )
    closed_post = models.CharField("確定した職員の職", max_length=120, blank=True)
    note = models.CharField("備考", max_length=200, blank=True)

    class Meta:
        verbose_name = "月の確定"
        verbose_name_plural = "月の確定"
        ordering = ["-month"]
        constraints = [
            models.CheckConstraint(
                condition=Q(month__day=1),
                name="closing_month_is_first_day",
                violation_error_message="確定する月には、その月の1日を入れてください。",
            ),
            never_deleted("closing_is_kept", "月の確定は削除できません。値を直すときは、確定解除をしてください。"),
        ]

    def __str__(self) -> str:
        return f"{month_label(self.month)}分 確定"


class ReopeningQuerySet(models.QuerySet["Reopening"]):
    def in_force(self, day: date) -> ReopeningQuerySet:
        """Re-openings that let values change on `day`."""
        return self.filter(opened_on__lte=day, until__gte=day, ended_at__isnull=True)


class Reopening(models.Model):
    """確定解除 of one department's month, with a reason and an end."""

    DONE_BY = (("opened_by", "opened_at", "opened_post"),)

    month = models.DateField("対象月（1日）")
    department = models.ForeignKey(Department, verbose_name="所属", on_delete=models.PROTECT, related_name="reopenings")
    reason = models.CharField("理由", max_length=300)
    opened_on = models.DateField("解除日")
    until = models.DateField("期限（この日まで）")
    opened_at = models.DateTimeField("解除日時")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="解除した職員", on_delete=models.PROTECT, related_name="reopenings"
    )
    opened_post = models.CharField("解除した職員の職", max_length=120, blank=True)
    ended_at = models.DateTimeField("期限前に終えた日時", null=True, blank=True)

    objects = ReopeningQuerySet.as_manager()

    class Meta:
        verbose_name = "確定解除"
        verbose_name_plural = "確定解除"
        ordering = ["-opened_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(month__day=1),
                name="reopening_month_is_first_day",
                violation_error_message="対象月には、その月の1日を入れてください。",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="reopening_has_reason",
                violation_error_message="確定を解除する理由を入力してください。",
            ),
            models.CheckConstraint(
                condition=Q(until__gte=F("opened_on")),
                name="reopening_ends_after_it_begins",
                violation_error_message="期限は解除日以後の日付にしてください。",
            ),
            never_deleted("reopening_is_kept", "確定解除の記録は削除できません。期限を早めて終わらせてください。"),
        ]

    def __str__(self) -> str:
        return f"{month_label(self.month)}分 {self.department} 確定解除"
