"""進捗状況調書: each quarter, how far an initiative is, in words and in 千円."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Window
from django.db.models.functions import RowNumber

from accounts.models import Assignment, Department
from approvals.models import Event, Report, event_constraints
from approvals.routes import on_route_past
from constraints.rows import never_deleted
from initiatives.models.initiative import Initiative
from japan.fiscal import fiscal_month_index, fiscal_year_of, month_end
from japan.wareki import fiscal_year_label


class ProgressQuerySet(models.QuerySet["ProgressRecord"]):
    def approved(self) -> ProgressQuerySet:
        """What counts: approved now, or approved before it was opened for a correction. Read it by `as_approved`."""
        said = ProgressEvent.objects.filter(record=OuterRef("pk"), action=ProgressEvent.Action.APPROVED)
        last = said.order_by("-at", "-pk")
        found = self.annotate(
            last_approved=Subquery(last.values("content")[:1]), last_approved_at=Subquery(last.values("at")[:1])
        )
        return found.filter(Q(state=ProgressRecord.State.APPROVED) | Q(last_approved__isnull=False))

    def as_approved(self) -> list[ProgressRecord]:
        """What counts, with the words and figures that were approved: for the timeline, the files and the report."""
        return [record.as_approved for record in self.approved()]

    def open(self) -> ProgressQuerySet:
        return self.filter(state__in=ProgressRecord.OPEN)

    def in_reach_of(self, posts: Iterable[Assignment]) -> ProgressQuerySet:
        """Records handed in whose route leads past one of the posts; whose turn it is is asked of each record."""
        return self.filter(on_route_past(posts), state=ProgressRecord.State.SUBMITTED)

    def of_quarter(self, fiscal_year: int, quarter: int) -> ProgressQuerySet:
        return self.filter(fiscal_year=fiscal_year, quarter=quarter)

    def in_order(self) -> ProgressQuerySet:
        """By quarter, oldest first, then in 建制順."""
        return self.order_by("fiscal_year", "quarter", "department__order", "department__code", "initiative__order")

    def newest_approved(self, initiative_ids: Iterable[int]) -> list[ProgressRecord]:
        """The newest approved record of each initiative, in the initiatives' order."""
        place = Window(
            RowNumber(), partition_by=[F("initiative_id")], order_by=[F("fiscal_year").desc(), F("quarter").desc()]
        )
        found = self.approved().filter(initiative__in=list(initiative_ids)).annotate(place=place).filter(place=1)
        ordered = found.select_related("initiative").order_by("initiative__order", "initiative__code")
        return [record.as_approved for record in ordered]

    def ended_by(self, day: date) -> ProgressQuerySet:
        """Of quarters that were over on a day."""
        year, month = fiscal_year_of(day), fiscal_month_index(day) + (day == month_end(day))
        return self.filter(Q(fiscal_year__lt=year) | Q(fiscal_year=year, quarter__lte=month // 3))


class ProgressRecord(Report):
    """One initiative's quarter. Costs and effects are in thousands of yen (千円), as city halls report them."""

    class State(models.TextChoices):
        DRAFT = "draft", "作成中"
        SUBMITTED = "submitted", "確認待ち"
        RETURNED = "returned", "差戻し"
        APPROVED = "approved", "回答済"

    OPEN = (State.DRAFT, State.SUBMITTED, State.RETURNED)
    #: What a record says; everything else is how far it is.
    CONTENT = ("status", "results", "issues", "next_steps", "cost", "effect")

    initiative = models.ForeignKey(
        Initiative, verbose_name="取組", on_delete=models.PROTECT, related_name="progress_records"
    )
    department = models.ForeignKey(
        Department, verbose_name="報告する所属", on_delete=models.PROTECT, related_name="progress_records"
    )
    fiscal_year = models.PositiveSmallIntegerField("年度（西暦）")
    quarter = models.PositiveSmallIntegerField("四半期")
    status = models.CharField("進捗状況", max_length=20, choices=Initiative.Status, blank=True)
    results = models.TextField("実施内容・成果", blank=True, max_length=4000)
    issues = models.TextField("課題", blank=True, max_length=4000)
    next_steps = models.TextField("今後の取組", blank=True, max_length=4000)
    cost = models.DecimalField("事業費（千円）", max_digits=15, decimal_places=0, null=True, blank=True)
    effect = models.DecimalField("効果額（千円）", max_digits=15, decimal_places=0, null=True, blank=True)

    state = models.CharField("状態", max_length=12, choices=State, default=State.DRAFT)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="作成者", on_delete=models.PROTECT, related_name="progress_records"
    )
    created_at = models.DateTimeField("作成日時", auto_now_add=True)
    updated_at = models.DateTimeField("更新日時")

    objects = ProgressQuerySet.as_manager()

    if TYPE_CHECKING:
        last_approved: dict[str, str]
        last_approved_at: datetime

    class Meta:
        verbose_name = "進捗状況調書"
        verbose_name_plural = "進捗状況調書"
        ordering = ["-fiscal_year", "-quarter", "initiative__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "fiscal_year", "quarter"],
                name="progress_once_per_quarter",
                violation_error_message="この取組のこの四半期の調書は作成済みです。開いて続きを入力してください。",
            ),
            never_deleted("progress_is_kept", "進捗状況調書は削除できません。開いて書き直してください。"),
            models.CheckConstraint(
                condition=Q(quarter__gte=1, quarter__lte=4),
                name="progress_quarter_is_1_to_4",
                violation_error_message="四半期は1から4で入力してください。",
            ),
            models.CheckConstraint(
                condition=Q(fiscal_year__gte=1989, fiscal_year__lte=2200),
                name="progress_year_is_western",
                violation_error_message="年度は西暦4桁で入力してください。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "returned", "approved"]),
                name="progress_state_is_known",
                violation_error_message="調書の状態が正しくありません。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "returned"])
                | Q(status__in=["done", "running", "considering", "not_started", "stopped"]),
                name="progress_submitted_has_status",
                violation_error_message="提出するには、進捗状況を選んでください。",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["", "done", "running", "considering", "not_started", "stopped"]),
                name="progress_status_is_known",
                violation_error_message="進捗状況を選択肢から選んでください。",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | (Q(decided_by__isnull=False) & ~Q(decided_by=models.F("author"))),
                name="progress_not_approved_by_author",
                violation_error_message="自分が作成した調書は承認できません。ほかの確認者に依頼してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.initiative} {self.quarter_label}"

    @property
    def is_open(self) -> bool:
        return self.state in ProgressRecord.OPEN

    @property
    def content(self) -> dict[str, str | None]:
        """What the record says, as an event keeps it."""
        said = {name: getattr(self, name) for name in ProgressRecord.CONTENT}
        return {name: None if value is None else str(value) for name, value in said.items()}

    @property
    def as_approved(self) -> ProgressRecord:
        """The record as it counts: while a correction is being written, as it was approved last. Not to be saved.

        Asked of what `approved` found.
        """
        if not self.is_open:
            return self
        shown = copy(self)
        shown.decided_at = self.last_approved_at
        for name, value in self.last_approved.items():
            is_amount = name in ("cost", "effect") and value is not None
            setattr(shown, name, Decimal(value) if is_amount else value)
        return shown

    @property
    def quarter_label(self) -> str:
        return f"{fiscal_year_label(self.fiscal_year)}第{self.quarter}四半期"


class ProgressEvent(Event):
    """What happened to a record."""

    OF = "record"

    record = models.ForeignKey(ProgressRecord, verbose_name="調書", on_delete=models.PROTECT, related_name="events")
    content = models.JSONField(
        "承認した内容", null=True, blank=True, help_text="承認のときの内容。ほかの行為では空です。"
    )

    class Meta:
        verbose_name = "調書の経過"
        verbose_name_plural = "調書の経過"
        ordering = ["record", "at", "id"]
        constraints = event_constraints("progress", "調書の経過")

    def __str__(self) -> str:
        return f"{self.record} {self.get_action_display()}"
