"""What a KPI was: every change of its definition, baseline, parts and targets."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q

from constraints.rows import never_changes
from japan.numbers import write_number
from kpis.models.kpi import Kpi

#: What is kept as a number for machines and means an amount in the figure's unit.
QUANTITIES = ("基準値", "目標値")


class DefinitionChangeQuerySet(models.QuerySet["DefinitionChange"]):
    def after_the_fact(self) -> DefinitionChangeQuerySet:
        """Those made after a year was closed or an edition had printed the figure, newest first."""
        kinds = (DefinitionChange.Kind.CORRECTION, DefinitionChange.Kind.RESTATEMENT)
        return self.filter(kind__in=kinds).select_related("kpi").order_by("-at", "-pk")


class DefinitionChange(models.Model):
    """One change: of what, from what to what, by whom, in which post, when and why. Never changed, never deleted."""

    class Subject(models.TextChoices):
        KPI = "kpi", "指標"
        SERIES = "series", "内訳"
        TARGET = "target", "目標値"

    class Kind(models.TextChoices):
        FIRST = "first", "登録"
        CHANGE = "change", "変更"
        CORRECTION = "correction", "訂正（誤りを直す）"
        RESTATEMENT = "restatement", "遡及改定（定義や目標を改める）"

    DONE_BY = (("actor", "at", "post"),)

    kpi = models.ForeignKey(Kpi, verbose_name="指標", on_delete=models.PROTECT, related_name="definition_changes")
    subject = models.CharField("対象", max_length=10, choices=Subject)
    about = models.CharField("対象の名称", max_length=200, help_text="例：令和6(2024)年度の目標値")
    changes = models.JSONField("変更の内容", help_text="項目、変更前、変更後の並びです。")
    kind = models.CharField("種類", max_length=12, choices=Kind)
    reason = models.CharField("理由", max_length=300, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="変更した職員",
        null=True,
        on_delete=models.PROTECT,
        related_name="definition_changes",
    )
    actor_name = models.CharField("当時の氏名", max_length=60, blank=True)
    post = models.CharField("当時の職", max_length=120, blank=True)
    at = models.DateTimeField("変更日時")

    objects = DefinitionChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "定義・目標値の履歴"
        verbose_name_plural = "定義・目標値の履歴"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["kpi", "-at"], name="definition_change_of_kpi")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["first", "change", "correction", "restatement"])
                & Q(subject__in=["kpi", "series", "target"]),
                name="definition_change_is_known",
                violation_error_message="変更の種類と対象を選択肢から選んでください。",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["correction", "restatement"]) | ~Q(reason=""),
                name="definition_change_has_reason",
                violation_error_message="確定または公表の後に変えるときは、変更の理由を入力してください。",
            ),
            never_changes("definition_change_never_changes", "定義・目標値の履歴は変更も削除もできません。"),
        ]

    def __str__(self) -> str:
        return f"{self.kpi}：{self.about}"

    @property
    def shown(self) -> list[tuple[str, str, str]]:
        """What changed as a page writes it: 7,600人 of a target that is kept as 7600."""
        return [
            (name, self._quantity(before), self._quantity(after)) if name in QUANTITIES else (name, before, after)
            for name, before, after in self.changes
        ]

    def _quantity(self, text: str) -> str:
        if not text:
            return text
        value = Decimal(text)
        # With the digits it was kept with: a target may be finer than what is measured.
        decimals = max(self.kpi.decimals, -int(value.as_tuple().exponent))
        return write_number(value, decimals) + self.kpi.unit

    @property
    def kind_word(self) -> str:
        """訂正, 遡及改定, 変更 or 登録, without what explains it."""
        return self.get_kind_display().partition("（")[0]
