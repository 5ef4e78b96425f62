"""事務引継: a post's open work moved to its successor."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models.people import Assignment
from constraints.rows import never_changes


class Handover(models.Model):
    """What was handed over, when, by whom and with which words; never changed afterwards."""

    DONE_BY = (("made_by", "at", "made_post"),)

    giver = models.ForeignKey(
        Assignment, verbose_name="前任の担当", on_delete=models.PROTECT, related_name="handovers_given"
    )
    taker = models.ForeignKey(
        Assignment, verbose_name="後任の担当", on_delete=models.PROTECT, related_name="handovers_taken"
    )
    note = models.TextField("引継事項", blank=True, max_length=4000)
    moved = models.JSONField("引き継いだ件数", default=dict)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="登録した職員", on_delete=models.PROTECT, related_name="handovers_made"
    )
    made_post = models.CharField("登録した職員の職", max_length=120, blank=True)
    at = models.DateTimeField("登録日時")

    class Meta:
        verbose_name = "事務引継"
        verbose_name_plural = "事務引継"
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(giver=F("taker")),
                name="handover_joins_two_posts",
                violation_error_message="前任と後任には別の担当を選んでください。",
            ),
            never_changes(
                "handover_never_changes",
                "事務引継の記録は変更も削除もできません。訂正することは新しい引継に書いてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.giver} → {self.taker}"
