"""What is published: a report, its sections in order, and the editions that left the house."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from constraints.rows import RowConstraint

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class ReportQuerySet(models.QuerySet["Report"]):
    def for_list(self) -> ReportQuerySet:
        """Everything the list of volumes shows, with their finished editions."""
        return self.prefetch_related(models.Prefetch("editions", Edition.objects.finished().for_list(), "published"))

    def in_work(self) -> ReportQuerySet:
        """Volumes of which no edition left the house yet."""
        return self.exclude(pk__in=Edition.objects.finished().values("report"))


class EditionQuerySet(models.QuerySet["Edition"]):
    def finished(self) -> EditionQuerySet:
        """Editions whose files are there."""
        return self.exclude(pdf_sha256="")

    def newest(self) -> EditionQuerySet:
        """Finished editions of any volume, the last one made first."""
        return self.finished().defer("snapshot").select_related("report").order_by("-created_at", "-pk")

    def for_list(self) -> EditionQuerySet:
        """Without the snapshots, which are large."""
        return self.defer("snapshot").select_related("created_by").order_by("-number")


class Report(models.Model):
    """A volume. It is a number, a publication date and a free period, not a year: five came out in three years."""

    volume = models.PositiveSmallIntegerField("号", unique=True)
    title = models.CharField("題名", max_length=80)
    subtitle = models.CharField("副題", max_length=120, blank=True)
    publication_date = models.DateField("発行日", null=True, blank=True)
    first_fiscal_year = models.PositiveSmallIntegerField("対象期間の始まり（年度、西暦）")
    last_fiscal_year = models.PositiveSmallIntegerField("対象期間の終わり（年度、西暦）")
    as_of = models.DateField("掲載する数値の期限", help_text="この日までの時点の値を載せます。")
    issuer = models.CharField("発行", max_length=80)
    contact = models.CharField("担当", max_length=120)
    version = models.PositiveIntegerField("版", default=1)

    objects = ReportQuerySet.as_manager()

    if TYPE_CHECKING:
        sections: RelatedManager[Section]
        editions: RelatedManager[Edition]

    class Meta:
        verbose_name = "レポート"
        verbose_name_plural = "レポート"
        ordering = ["-volume"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_fiscal_year__gte=F("first_fiscal_year")),
                name="report_period_ends_after_it_begins",
                violation_error_message="対象期間の終わりは始まり以後の年度にしてください。",
            ),
            models.CheckConstraint(
                condition=Q(volume__gte=1),
                name="report_volume_from_1",
                violation_error_message="号は1から始まります。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} vol.{self.volume}"

    def clean(self) -> None:
        """A day that is moved back may not leave pages behind that are of a later one."""
        stored = Report.objects.filter(pk=self.pk).values_list("as_of", flat=True).first() if self.pk else None
        if stored is None or not self.as_of or self.as_of >= stored:
            return
        problems = []
        for section in self.sections.all():
            section.report = self
            try:
                section.clean()
            except ValidationError as error:
                problems += [f"ページ「{section}」：{message}" for message in error.messages]
        if problems:
            raise ValidationError({"as_of": problems})


class Section(models.Model):
    """A page of a report: its kind decides the layout, its body and options what stands in it."""

    class Kind(models.TextChoices):
        COVER = "cover", "表紙"
        MESSAGE = "message", "メッセージ"
        POPULATION = "population", "人口の見通し"
        CHALLENGES = "challenges", "課題"
        GOALS = "goals", "まちづくりの目標"
        VISION = "vision", "ビジョンとミッション"
        PILLARS = "pillars", "改革の柱"
        TIMELINE = "timeline", "取組の年表"
        FIGURES = "figures", "数値で見る成果"
        FACILITIES = "facilities", "施設"
        HOURS = "hours", "業務時間"
        CLOUD = "cloud", "取組の一覧図"
        SURVEY = "survey", "アンケート"
        CLOSING = "closing", "結び"
        DATA = "data", "数値の一覧"
        COLOPHON = "colophon", "奥付"

    report = models.ForeignKey(Report, verbose_name="レポート", on_delete=models.CASCADE, related_name="sections")
    order = models.PositiveSmallIntegerField("順序")
    kind = models.CharField("種類", max_length=20, choices=Kind)
    title = models.CharField("見出し", max_length=80)
    lead = models.CharField("リード文", max_length=300, blank=True)
    body = models.TextField("本文（Markdown）", blank=True)
    options = models.JSONField("設定", default=dict, blank=True)
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = "ページ"
        verbose_name_plural = "ページ"
        ordering = ["report", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "order"],
                name="section_order_once_per_report",
                violation_error_message="同じ順序のページがあります。",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "cover", "message", "population", "challenges", "goals", "vision", "pillars", "timeline",
                        "figures", "facilities", "hours", "cloud", "survey", "closing", "data", "colophon",
                    ]
                ),
                name="section_kind_is_known",
                violation_error_message="ページの種類を選んでください。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuses options that the kind does not know and placeholders that name nothing."""
        from reports.options import check_options
        from reports.placeholders import check_text

        errors: dict[str, Any] = {}
        until = self.report.as_of if self.report_id else None
        for field, check in (
            ("options", lambda: check_options(self.kind, self.options, until)),
            ("lead", lambda: check_text(self.lead, until)),
            ("body", lambda: check_text(self.body, until)),
        ):
            try:
                check()
            except ValidationError as error:
                errors[field] = error
        if errors:
            raise ValidationError(errors)


class Edition(models.Model):
    """公表版: what was exported, from a snapshot that never changes again. A published report never changes silently."""

    DONE_BY = (("created_by", "created_at", "created_post"),)

    report = models.ForeignKey(Report, verbose_name="レポート", on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField("版番号")
    snapshot = models.JSONField("掲載内容")
    html = models.FileField("HTML", upload_to="editions/", blank=True)
    pdf = models.FileField("PDF", upload_to="editions/", blank=True)
    snapshot_sha256 = models.CharField("掲載内容の照合値", max_length=64)
    html_sha256 = models.CharField("HTMLの照合値", max_length=64, blank=True)
    pdf_sha256 = models.CharField("PDFの照合値", max_length=64, blank=True)
    created_at = models.DateTimeField("作成日時")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="作成者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="editions",
    )
    created_post = models.CharField("作成者の職", max_length=120, blank=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "公表版"
        verbose_name_plural = "公表版"
        ordering = ["report", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "number"],
                name="edition_number_once_per_report",
                violation_error_message="同じ版番号があります。",
            ),
            models.CheckConstraint(
                condition=Q(html="", html_sha256="", pdf="", pdf_sha256="")
                | (~Q(html="") & ~Q(html_sha256="") & ~Q(pdf="") & ~Q(pdf_sha256="")),
                name="edition_files_have_checksums",
                violation_error_message="HTMLとPDFは照合値とそろえて保存します。",
            ),
            RowConstraint(
                name="edition_never_changes_once_complete",
                refused="OLD.pdf_sha256 <> ''",
                keeps_rows=True,
                violation_error_message="公表版は変更も削除もできません。直したものは新しい版として作ってください。",
            ),
            RowConstraint(
                name="edition_snapshot_never_changes",
                refused="OLD.snapshot <> NEW.snapshot OR OLD.snapshot_sha256 <> NEW.snapshot_sha256",
                violation_error_message="公表版の掲載内容は変更できません。直したものは新しい版として作ってください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report} 第{self.number}版"

    @property
    def is_complete(self) -> bool:
        """Both files are there."""
        return bool(self.pdf_sha256)

    def problem_with(self, kind: str) -> str:
        """Why the "html" or "pdf" file must not be handed out, for the person who asked; nothing when all is well."""
        try:
            with getattr(self, kind).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            return f"{self} の{kind.upper()}ファイルが見つかりません。システムの管理者に連絡してください。"
        if found != getattr(self, f"{kind}_sha256"):
            return f"{self} の{kind.upper()}ファイルが公表時のものと異なるため、お渡しできません。システムの管理者に連絡してください。"
        return ""
