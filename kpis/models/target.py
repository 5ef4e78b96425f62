"""What is aimed at."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kpis.models.kpi import Kpi
from kpis.models.value import exact_constraint, value_field


class Target(models.Model):
    """目標値 of a fiscal year, or of one month of it. A KPI may do without (傾向をみる)."""

    kpi = models.ForeignKey(Kpi, verbose_name="指標", on_delete=models.CASCADE, related_name="targets")
    fiscal_year = models.PositiveSmallIntegerField("年度（西暦）")
    month = models.PositiveSmallIntegerField("月", null=True, blank=True)
    value = value_field("目標値")
    note = models.CharField("根拠・注記", max_length=200, blank=True)
    is_synthetic = models.BooleanField("架空値（見本）", default=False)

    class Meta:
        verbose_name = "目標値"
        verbose_name_plural = "目標値"
        ordering = ["kpi", "fiscal_year", "month"]
        constraints = [
            models.UniqueConstraint(
                fields=["kpi", "fiscal_year"],
                condition=Q(month__isnull=True),
                name="target_once_per_year",
                violation_error_message="この年度の目標値は登録済みです。",
            ),
            models.UniqueConstraint(
                fields=["kpi", "fiscal_year", "month"],
                condition=Q(month__isnull=False),
                name="target_once_per_month",
                violation_error_message="この月の目標値は登録済みです。",
            ),
            models.CheckConstraint(
                condition=Q(month__isnull=True) | Q(month__gte=1, month__lte=12),
                name="target_month_is_1_to_12",
                violation_error_message="月は1から12で入力してください。",
            ),
            models.CheckConstraint(
                condition=Q(fiscal_year__gte=1989, fiscal_year__lte=2200),
                name="target_year_is_western",
                violation_error_message="年度は西暦4桁で入力してください。",
            ),
            exact_constraint("target_value_within_15_digits"),
        ]

    def __str__(self) -> str:
        return f"{self.kpi} {self.fiscal_year}年度"
