"""The approved values, and every value they ever had."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from constraints.rows import never_changes, never_deleted
from kpis.models.importing import ImportedFile
from kpis.models.querysets import MeasurementQuerySet
from kpis.models.series import Series
from kpis.models.value import STATEMENT, DatedValue, Missing, Nature, exact_constraint, span_constraint


class Measurement(DatedValue):
    """実績値: the approved value of a series for a period, the only one that counts anywhere.

    Written by kpis.values.recording.record alone, which keeps a Revision of every version.
    """

    series = models.ForeignKey(Series, verbose_name="内訳", on_delete=models.PROTECT, related_name="measurements")
    note = models.CharField("注記", max_length=300, blank=True)
    source = models.CharField("出典", max_length=200, blank=True)
    imported_file = models.ForeignKey(
        ImportedFile,
        verbose_name="取り込んだファイル",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="measurements",
    )
    version = models.PositiveIntegerField("版", default=1)
    updated_at = models.DateTimeField("更新日時")

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        verbose_name = "実績値"
        verbose_name_plural = "実績値"
        ordering = ["series", "period", "span"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "span", "period"],
                name="measurement_once_per_period",
                violation_error_message="この内訳のこの期間の値は登録済みです。訂正として入力してください。",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False, missing_reason="")
                | (
                    Q(value__isnull=True)
                    & Q(missing_reason__in=["not_applicable", "pending", "withheld", "before_start"])
                ),
                name="measurement_is_value_or_reason",
                violation_error_message="値か、値なしの理由のどちらか一方を入力してください。",
            ),
            models.CheckConstraint(
                condition=Q(nature__in=["observed", "estimated", "projected"]),
                name="measurement_nature_is_known",
                violation_error_message="値の性質を選んでください。",
            ),
            span_constraint("measurement_period_is_first_day"),
            exact_constraint("measurement_value_within_15_digits"),
            models.CheckConstraint(
                condition=Q(version__gte=1),
                name="measurement_version_from_1",
                violation_error_message="版は1から始まります。",
            ),
            never_deleted(
                "measurement_is_kept", "実績値は削除できません。値なしの理由を、訂正として登録してください。"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.dated_period.label}"

    @property
    def is_answer(self) -> bool:
        """Somebody said what there is: not 集計中, and no projection, which waits for what will be measured."""
        return self.missing_reason != Missing.PENDING and self.nature != Nature.PROJECTED


class Revision(DatedValue):
    """One version of a measurement: who wrote it, in which post, when and why. Never changed, never deleted."""

    class Kind(models.TextChoices):
        FIRST = "first", "登録"
        CHANGE = "change", "確定前の修正"
        CORRECTION = "correction", "訂正（誤りを直す）"
        RESTATEMENT = "restatement", "遡及改定（集計方法を変える）"
        FINAL = "final", "確定値への変更"
        ADDITION = "addition", "確定後の登録"

    DONE_BY = (("actor", "at", "post"),)

    measurement = models.ForeignKey(
        Measurement, verbose_name="実績値", on_delete=models.PROTECT, related_name="revisions"
    )
    version = models.PositiveIntegerField("版")
    kind = models.CharField("種類", max_length=12, choices=Kind, default=Kind.FIRST)
    imported_file = models.ForeignKey(
        ImportedFile,
        verbose_name="取り込んだファイル",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="revisions",
    )
    note = models.CharField("注記", max_length=300, blank=True)
    source = models.CharField("出典", max_length=200, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登録した職員",
        null=True,
        on_delete=models.PROTECT,
        related_name="revisions",
    )
    actor_name = models.CharField("当時の氏名", max_length=60, blank=True)
    post = models.CharField("当時の職", max_length=120, blank=True)
    reason = models.CharField("理由", max_length=300)
    at = models.DateTimeField("登録日時")

    class Meta:
        verbose_name = "実績値の履歴"
        verbose_name_plural = "実績値の履歴"
        ordering = ["measurement", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["measurement", "version"],
                name="revision_once_per_version",
                violation_error_message="ほかの人が先に更新しました。最新の値を確かめてください。",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="revision_has_reason",
                violation_error_message="理由を入力してください。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["first", "change", "correction", "restatement", "final", "addition"]),
                name="revision_kind_is_known",
                violation_error_message="変更の種類を選んでください。",
            ),
            never_changes(
                "revision_never_changes", "実績値の履歴は変更も削除もできません。正しい値を訂正として登録してください。"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measurement} 第{self.version}版"

    @property
    def kind_word(self) -> str:
        """訂正, 遡及改定, 確定値への変更 and so on, without what explains it."""
        return self.get_kind_display().partition("（")[0]

    def says_the_same_as(self, before: Revision | None) -> bool:
        """The value and its marks are as they were: it was written for its reason, or for who said it."""
        return before is not None and all(
            getattr(self, name) == getattr(before, name)
            for name in STATEMENT
            if name not in ("change_reason", "is_confirmed")
        )
