"""The parts a figure is broken down into, and who reports each."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from accounts.models import Department
from constraints.rows import never_two_at_once
from japan.periods import Period
from kpis.models.kpi import Kpi
from kpis.models.querysets import ReportingQuerySet


class Series(models.Model):
    """内訳. A KPI without a breakdown has one series of kind total."""

    class Kind(models.TextChoices):
        TOTAL = "total", "全体"
        DEPARTMENT = "department", "所属別"
        TYPE = "type", "種別"

    kpi = models.ForeignKey(Kpi, verbose_name="指標", on_delete=models.CASCADE, related_name="series")
    code = models.SlugField("コード", max_length=50)
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("内訳の種類", max_length=12, choices=Kind, default=Kind.TOTAL)
    order = models.PositiveIntegerField("順序", default=0)
    starts_on = models.DateField("始まり", null=True, blank=True)
    ends_on = models.DateField("終わり", null=True, blank=True)

    class Meta:
        verbose_name = "内訳"
        verbose_name_plural = "内訳"
        ordering = ["kpi__order", "order", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["kpi", "code"],
                name="series_code_once_per_kpi",
                violation_error_message="この指標に同じコードの内訳があります。",
            ),
            models.UniqueConstraint(
                fields=["kpi"],
                condition=Q(kind="total"),
                name="series_total_once_per_kpi",
                violation_error_message="「全体」の内訳は指標に1つだけです。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["total", "department", "type"]),
                name="series_kind_is_known",
                violation_error_message="内訳の種類を選んでください。",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="series_ends_after_it_begins",
                violation_error_message="終わりは始まり以後の日付にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return self.kpi.name if self.kind == Series.Kind.TOTAL else f"{self.kpi.name}（{self.name}）"

    def months_of_life(self, period: Period) -> list[date]:
        """The months of a period in which the part and its KPI are in use."""
        starts = [day for day in (self.starts_on, self.kpi.starts_on) if day]
        ends = [day for day in (self.ends_on, self.kpi.ends_on) if day]
        return period.months_between(max(starts, default=None), min(ends, default=None))


class Reporting(models.Model):
    """Which department reports a series, and which office registers it for everybody (一括登録), from a month to a
    month: it moves with 組織改正."""

    series = models.ForeignKey(Series, verbose_name="内訳", on_delete=models.CASCADE, related_name="reportings")
    department = models.ForeignKey(
        Department, verbose_name="報告する所属", on_delete=models.PROTECT, related_name="reportings"
    )
    registrar = models.ForeignKey(
        Department,
        verbose_name="一括登録する所属",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="registers",
        help_text="1つのシステムから全所属分をまとめて登録する所属です。報告する所属は内容を確かめるだけになります。",
    )
    valid_from = models.DateField("この月分から", help_text="月の1日を入れます。")
    valid_to = models.DateField("この日の属する月分まで", null=True, blank=True)

    objects = ReportingQuerySet.as_manager()

    class Meta:
        verbose_name = "報告の担当所属"
        verbose_name_plural = "報告の担当所属"
        ordering = ["series", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "valid_from"],
                name="reporting_once_per_start",
                violation_error_message="この内訳には同じ月から始まる担当所属があります。",
            ),
            models.UniqueConstraint(
                fields=["series"],
                condition=Q(valid_to__isnull=True),
                name="reporting_open_once",
                violation_error_message="この内訳の担当所属が続いています。先に今の担当の終わりを入れてください。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="reporting_ends_after_it_begins",
                violation_error_message="終わりは始まり以後の日付にしてください。",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__day=1),
                name="reporting_starts_on_first_day",
                violation_error_message="「この月分から」には月の1日を入れてください。",
            ),
            # It starts on a month's first day: sharing no day is sharing no month.
            never_two_at_once(
                "reporting_one_department_a_month",
                "series_id",
                "同じ月に報告する所属が2つになります。前の担当の終わりか、この担当の始まりを直してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series}：{self.department}"

    def is_in_force(self, month: date) -> bool:
        """Whether it says who reports the month that begins on `month`."""
        return self.valid_from <= month and (self.valid_to is None or month <= self.valid_to)

    @property
    def answering_id(self) -> int:
        """The id of `answering`, without a query."""
        return self.registrar_id or self.department_id

    @property
    def answering(self) -> Department:
        """The department that enters the values: the one that registers them for everybody, else this one."""
        return self.registrar or self.department
