"""What the office that registers figures for everybody answers to a department's remark."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from constraints.rows import never_changes
from kpis.models.evidence import Acknowledgement


class RemarkAnswer(models.Model):
    """An answer to a 気付いた点: why the value stands as it is, or what will be done. Never changed."""

    DONE_BY = (("user", "at", "post"),)

    remark = models.ForeignKey(
        Acknowledgement, verbose_name="気付いた点", on_delete=models.PROTECT, related_name="answers"
    )
    text = models.TextField("回答", max_length=1000)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="職員", on_delete=models.PROTECT, related_name="remark_answers"
    )
    post = models.CharField("当時の職", max_length=120, blank=True)
    at = models.DateTimeField("日時")

    class Meta:
        verbose_name = "気付いた点への回答"
        verbose_name_plural = "気付いた点への回答"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="remark_answer_has_words",
                violation_error_message="気付いた点への回答を入力してください。",
            ),
            never_changes("remark_answer_never_changes", "気付いた点への回答は変更も削除もできません。"),
        ]

    def __str__(self) -> str:
        return f"{self.remark}への回答"
