"""Where a figure comes from: the papers attached to it, who looks after it, and who has looked at it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Assignment, Department
from constraints.rows import RowConstraint, never_changes, never_deleted
from kpis.models.kpi import Kpi
from kpis.models.measurement import Measurement
from kpis.models.querysets import AcknowledgementQuerySet

#: What is written down when a paper is attached.
ATTACHED = (
    "kpi_id", "department_id", "month", "file", "name", "content_type", "size", "sha256", "note", "uploaded_by_id",
    "uploaded_post", "uploaded_at",
)  # fmt: skip


class Evidence(models.Model):
    """根拠資料 of a KPI's month. Kept outside the web root; one that is taken away stays on record."""

    DONE_BY = (("uploaded_by", "uploaded_at", "uploaded_post"), ("removed_by", "removed_at", "removed_post"))

    kpi = models.ForeignKey(Kpi, verbose_name="指標", on_delete=models.PROTECT, related_name="evidence")
    department = models.ForeignKey(Department, verbose_name="所属", on_delete=models.PROTECT, related_name="evidence")
    month = models.DateField("対象月（1日）")
    file = models.FileField("ファイル", upload_to="evidence/%Y/%m/")
    name = models.CharField("ファイル名", max_length=200)
    content_type = models.CharField("種類", max_length=100)
    size = models.PositiveIntegerField("大きさ（バイト）")
    sha256 = models.CharField("照合値", max_length=64)
    note = models.CharField("説明", max_length=200, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="添付した職員", on_delete=models.PROTECT, related_name="evidence"
    )
    uploaded_post = models.CharField("添付した職員の職", max_length=120, blank=True)
    uploaded_at = models.DateTimeField("添付日時")
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="取り下げた職員",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="removed_evidence",
    )
    removed_post = models.CharField("取り下げた職員の職", max_length=120, blank=True)
    removed_at = models.DateTimeField("取り下げた日時", null=True, blank=True)

    class Meta:
        verbose_name = "根拠資料"
        verbose_name_plural = "根拠資料"
        ordering = ["-month", "-uploaded_at"]
        indexes = [models.Index(fields=["kpi", "month"], name="evidence_kpi_month")]
        constraints = [
            models.CheckConstraint(
                condition=Q(month__day=1),
                name="evidence_month_is_first_day",
                violation_error_message="対象月には、その月の1日を入れてください。",
            ),
            models.CheckConstraint(
                condition=Q(removed_by__isnull=True) | Q(removed_at__isnull=False),
                name="evidence_removed_at_a_time",
                violation_error_message="取り下げた職員と日時は、一緒に記録します。",
            ),
            RowConstraint(
                name="evidence_changes_when_taken_back_only",
                refused=" OR ".join(
                    ["OLD.removed_at IS NOT NULL", *(f"NEW.{column} <> OLD.{column}" for column in ATTACHED)]
                ),
                violation_error_message="添付した根拠資料は変更できません。取り下げて、新しい資料を添付してください。",
            ),
            never_deleted("evidence_is_kept", "根拠資料は削除できません。添付した月の画面で取り下げてください。"),
        ]

    def __str__(self) -> str:
        return self.name


class OwnerCard(models.Model):
    """Who looks after a KPI in a department and how: what a successor must know. A KPI without an owner is flagged."""

    kpi = models.ForeignKey(Kpi, verbose_name="指標", on_delete=models.CASCADE, related_name="owner_cards")
    department = models.ForeignKey(
        Department, verbose_name="所属", on_delete=models.PROTECT, related_name="owner_cards"
    )
    owner = models.ForeignKey(
        Assignment,
        verbose_name="担当",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="owned_cards",
    )
    deputy = models.ForeignKey(
        Assignment,
        verbose_name="副担当",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="deputy_cards",
    )
    counted_where = models.TextField("どこで数えるか", blank=True, max_length=1000)
    source_file = models.CharField("もとの資料・ファイル", max_length=300, blank=True)
    pitfalls = models.TextField("前年度に起きたこと・注意点", blank=True, max_length=2000)
    updated_at = models.DateTimeField("更新日時")

    class Meta:
        verbose_name = "指標の担当票"
        verbose_name_plural = "指標の担当票"
        ordering = ["kpi__order", "department__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["kpi", "department"],
                name="owner_card_once",
                violation_error_message="この指標と所属の担当票は作成済みです。",
            ),
            models.CheckConstraint(
                condition=Q(owner__isnull=True) | Q(deputy__isnull=True) | ~Q(owner=F("deputy")),
                name="owner_card_deputy_differs",
                violation_error_message="副担当には、担当とは別の職員を選んでください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kpi}（{self.department}）"


class Acknowledgement(models.Model):
    """What a department says of a value that another office registered for it (一括登録): right, or a remark.

    What it said last of a version is what it says; taking its word back is a row too. Never changed, never deleted.
    """

    DONE_BY = (("user", "at", "post"),)

    measurement = models.ForeignKey(
        Measurement, verbose_name="実績値", on_delete=models.CASCADE, related_name="acknowledgements"
    )
    measurement_version = models.PositiveIntegerField("確かめた版")
    department = models.ForeignKey(
        Department, verbose_name="所属", on_delete=models.PROTECT, related_name="acknowledgements"
    )
    is_right = models.BooleanField("この値でよい", default=True)
    comment = models.TextField("コメント", blank=True, max_length=1000)
    is_taken_back = models.BooleanField("前の回答の取消し", default=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="職員", on_delete=models.PROTECT, related_name="acknowledgements"
    )
    post = models.CharField("当時の職", max_length=120, blank=True)
    at = models.DateTimeField("日時")

    objects = AcknowledgementQuerySet.as_manager()

    class Meta:
        verbose_name = "一括登録の確認"
        verbose_name_plural = "一括登録の確認"
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_right=True) | ~Q(comment=""),
                name="acknowledgement_remark_has_words",
                violation_error_message="違うと思う点をコメントに書いてください。",
            ),
            models.CheckConstraint(
                condition=Q(is_taken_back=False) | Q(is_right=True, comment=""),
                name="acknowledgement_taken_back_has_no_remark",
                violation_error_message="回答の取消しに、気付いた点は書けません。",
            ),
            never_changes(
                "acknowledgement_never_changes",
                "一括登録の確認は変更も削除もできません。取り消すときは、対象月の画面で回答を取り消してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measurement}（{self.department}）"

    @property
    def words(self) -> str:
        """What was said, as the list of everything said shows it."""
        if self.is_taken_back:
            return "前の回答を取り消しました"
        return "確認済" if self.is_right else f"気付いた点：{self.comment}"
