"""What is done: the pillars of the reform, its initiatives, and what was published about each."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Department
from japan.fiscal import date_of_fiscal_month
from japan.wareki import date_label


class PillarQuerySet(models.QuerySet["Pillar"]):
    def with_names(self) -> PillarQuerySet:
        return self.prefetch_related("names")

    def named_on(self, day: date) -> PillarQuerySet:
        """With the name in force on a day as `day_name`, in the same query: what `name_on` answers."""
        own = PillarName.objects.filter(pillar=OuterRef("pk"))
        then = own.filter(valid_from__lte=day).order_by("-valid_from").values("name")[:1]
        first = own.order_by("valid_from").values("name")[:1]
        return self.annotate(
            day_name=Coalesce(Subquery(then), Subquery(first), "code", output_field=models.CharField())
        )


class Pillar(models.Model):
    """改革の柱. Its name changes over time (PillarName); what it contains is a line per content."""

    class Icon(models.TextChoices):
        SERVICE = "service", "市民サービス"
        FACILITY = "facility", "施設"
        FINANCE = "finance", "行財政"
        PEOPLE = "people", "人材"
        WORK = "work", "仕事"

    code = models.SlugField("コード", unique=True)
    order = models.PositiveSmallIntegerField("順序", unique=True)
    icon = models.CharField("図柄", max_length=20, choices=Icon)
    day_name: str  # set by PillarQuerySet.named_on
    contents = models.TextField("内容", blank=True, help_text="1行に1項目を書きます。")
    note = models.TextField("注記", blank=True)

    objects = PillarQuerySet.as_manager()

    class Meta:
        verbose_name = "改革の柱"
        verbose_name_plural = "改革の柱"
        ordering = ["order"]
        constraints = [
            models.CheckConstraint(
                condition=Q(icon__in=["service", "facility", "finance", "people", "work"]),
                name="pillar_icon_is_known",
                violation_error_message="図柄を選んでください。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def sign(self) -> str:
        """The name of its picture in the pages' sprite; the report draws the same choice larger."""
        return f"pillar-{self.icon}"

    @property
    def content_lines(self) -> list[str]:
        return [line.strip() for line in self.contents.splitlines() if line.strip()]

    def name_on(self, day: date) -> str:
        """The name in force on `day`; before the first name the first, so that a page never shows a hole."""
        names = sorted(self.names.all(), key=lambda name: name.valid_from)
        in_force = [name for name in names if name.valid_from <= day]
        chosen = in_force[-1:] or names[:1]
        return chosen[0].name if chosen else self.code

    @property
    def name(self) -> str:
        """The newest name."""
        return self.name_on(date.max)


class PillarName(models.Model):
    """A pillar's name and when it was in force."""

    pillar = models.ForeignKey(Pillar, verbose_name="改革の柱", on_delete=models.CASCADE, related_name="names")
    name = models.CharField("名称", max_length=60)
    valid_from = models.DateField("使い始めた日")
    valid_to = models.DateField("使い終えた日", null=True, blank=True)
    note = models.CharField("注記", max_length=200, blank=True)

    class Meta:
        verbose_name = "改革の柱の名称"
        verbose_name_plural = "改革の柱の名称"
        ordering = ["pillar__order", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["pillar", "valid_from"],
                name="pillar_name_once_per_start",
                violation_error_message="同じ日に始まる名称があります。日付を確かめてください。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="pillar_name_ends_after_it_begins",
                violation_error_message="使い終えた日は使い始めた日以後にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class InitiativeQuerySet(models.QuerySet["Initiative"]):
    def for_timeline(self) -> InitiativeQuerySet:
        """Everything the timeline, and an initiative's own page, show of it."""
        return self.select_related("department").prefetch_related("pillar__names", "milestones", "aliases")

    def with_charges(self) -> InitiativeQuerySet:
        """With the departments that look after them now and before (two queries)."""
        return self.select_related("department").prefetch_related("former_charges__department")


class Initiative(models.Model):
    """取組: one piece of reform work under its several published names."""

    class Status(models.TextChoices):
        DONE = "done", "完了"
        RUNNING = "running", "実施中"
        CONSIDERING = "considering", "検討中"
        NOT_STARTED = "not_started", "未着手"
        STOPPED = "stopped", "中止"
        UNKNOWN = "unknown", "公表なし"

    code = models.SlugField("コード", unique=True)
    title = models.CharField("名称", max_length=80, unique=True)
    description = models.TextField("説明", blank=True)
    pillar = models.ForeignKey(
        Pillar, verbose_name="改革の柱", null=True, blank=True, on_delete=models.PROTECT, related_name="initiatives"
    )
    department = models.ForeignKey(
        Department, verbose_name="担当所属", null=True, blank=True, on_delete=models.PROTECT, related_name="initiatives"
    )
    is_bold = models.BooleanField("一覧図で太字", default=False)
    status = models.CharField("状況", max_length=20, choices=Status, default=Status.UNKNOWN)
    source = models.CharField("出典", max_length=200, blank=True)
    order = models.PositiveIntegerField("順序", default=0)

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        verbose_name = "取組"
        verbose_name_plural = "取組"
        ordering = ["order", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["done", "running", "considering", "not_started", "stopped", "unknown"]),
                name="initiative_status_is_known",
                violation_error_message="状況を選んでください。",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_under_way(self) -> bool:
        """Neither done nor stopped: a record is asked for each quarter."""
        return self.status not in (Initiative.Status.DONE, Initiative.Status.STOPPED)

    def department_on(self, day: date) -> Department | None:
        """The department that looked after it on a day. What is reported of a month is that of its first day's."""
        former = sorted(self.former_charges.all(), key=lambda charge: charge.until)
        return next((charge.department for charge in former if charge.until >= day), self.department)


class FormerCharge(models.Model):
    """A department that looked after an initiative until a 組織改正: periods that ended before are reported by it."""

    initiative = models.ForeignKey(
        Initiative, verbose_name="取組", on_delete=models.CASCADE, related_name="former_charges"
    )
    department = models.ForeignKey(
        Department, verbose_name="前の担当所属", on_delete=models.PROTECT, related_name="former_charges"
    )
    until = models.DateField("担当した最後の日")

    class Meta:
        verbose_name = "取組の前の担当所属"
        verbose_name_plural = "取組の前の担当所属"
        ordering = ["initiative", "until"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "until"],
                name="former_charge_once_per_day",
                violation_error_message="同じ日まで担当した所属が登録されています。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.initiative}（{self.department}、{date_label(self.until)}まで）"


class Alias(models.Model):
    """A published name of an initiative; with a cloud order it stands in the report's word cloud."""

    initiative = models.ForeignKey(Initiative, verbose_name="取組", on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField("公表された名称", max_length=80, unique=True)
    cloud_order = models.PositiveSmallIntegerField("一覧図での順序", null=True, blank=True, unique=True)

    class Meta:
        verbose_name = "取組の別名"
        verbose_name_plural = "取組の別名"
        ordering = ["cloud_order", "name"]

    def __str__(self) -> str:
        return self.name


class Milestone(models.Model):
    """主な実施事項, worded as published. A month that was not published stays empty; no date is invented."""

    initiative = models.ForeignKey(Initiative, verbose_name="取組", on_delete=models.CASCADE, related_name="milestones")
    wording = models.CharField("公表された表現", max_length=120)
    detail = models.CharField("補足", max_length=200, blank=True)
    fiscal_year = models.PositiveSmallIntegerField("年度（西暦）")
    month = models.PositiveSmallIntegerField("月", null=True, blank=True)
    until_fiscal_year = models.PositiveSmallIntegerField("終わりの年度（西暦）", null=True, blank=True)
    source = models.CharField("出典", max_length=200, blank=True)
    order = models.PositiveIntegerField("順序", default=0)

    class Meta:
        verbose_name = "主な実施事項"
        verbose_name_plural = "主な実施事項"
        ordering = ["fiscal_year", "order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "fiscal_year", "wording"],
                name="milestone_once_per_year",
                violation_error_message="同じ年度に同じ実施事項があります。",
            ),
            models.CheckConstraint(
                condition=Q(month__isnull=True) | Q(month__gte=1, month__lte=12),
                name="milestone_month_is_1_to_12",
                violation_error_message="月は1から12で入力してください。",
            ),
            models.CheckConstraint(
                condition=Q(until_fiscal_year__isnull=True) | Q(until_fiscal_year__gte=F("fiscal_year")),
                name="milestone_ends_after_it_begins",
                violation_error_message="終わりの年度は始まりの年度以後にしてください。",
            ),
            models.CheckConstraint(
                condition=Q(fiscal_year__gte=1989, fiscal_year__lte=2200),
                name="milestone_year_is_western",
                violation_error_message="年度は西暦4桁で入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return self.wording

    @property
    def date_or_none(self) -> date | None:
        """The first day of its month: 2022 (1月) is January 2023. None without a published month."""
        return date_of_fiscal_month(self.fiscal_year, self.month) if self.month else None

    @property
    def month_text(self) -> str:
        """As the report prints it: (9月), (〜2025), or nothing."""
        parts = [f"{self.month}月"] if self.month else []
        if self.until_fiscal_year:
            parts.append(f"〜{self.until_fiscal_year}")
        return "、".join(parts)
