"""What is being reported or corrected, before it counts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Assignment, Department
from approvals.models import Event, Report, event_constraints
from constraints.rows import never_deleted
from japan.fiscal import month_start
from kpis.models.importing import ImportedFile
from kpis.models.querysets import EntryQuerySet
from kpis.models.series import Series
from kpis.models.value import ChangeReason, DatedValue, exact_constraint, span_constraint

if TYPE_CHECKING:
    from accounts.models import User


class Entry(Report, DatedValue):
    """回答. At most one is open per measurement; approval moves its value over and closes it."""

    class State(models.TextChoices):
        DRAFT = "draft", "作成中"
        SUBMITTED = "submitted", "課長確認待ち"
        RETURNED = "returned", "差戻し"
        APPROVED = "approved", "回答済"
        DISCARDED = "discarded", "取消し"

    #: States in which somebody still has to act.
    OPEN = (State.DRAFT, State.SUBMITTED, State.RETURNED)

    series = models.ForeignKey(Series, verbose_name="内訳", on_delete=models.PROTECT, related_name="entries")
    department = models.ForeignKey(
        Department, verbose_name="報告する所属", on_delete=models.PROTECT, related_name="entries"
    )
    state = models.CharField("状態", max_length=12, choices=State, default=State.DRAFT)
    typed = models.CharField("入力されたとおりの文字", max_length=100, blank=True)
    comment = models.TextField("コメント", blank=True, max_length=1000)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="入力者", on_delete=models.PROTECT, related_name="entries"
    )
    imported_file = models.ForeignKey(
        ImportedFile,
        verbose_name="取り込んだファイル",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="entries",
    )
    change_kind = models.CharField(
        "変更の種類",
        max_length=12,
        choices=[("", "新しい値"), ("change", "修正"), ("correction", "訂正"), ("restatement", "遡及改定")],
        blank=True,
    )
    base_version = models.PositiveIntegerField("もとにした実績値の版", default=0, help_text="0は新しい値です。")
    created_at = models.DateTimeField("作成日時", auto_now_add=True)
    updated_at = models.DateTimeField("更新日時")

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = "回答"
        verbose_name_plural = "回答"
        ordering = ["-period", "series"]
        indexes = [models.Index(fields=["state", "department"], name="entry_state_department")]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "span", "period"],
                condition=Q(state__in=["draft", "submitted", "returned"]),
                name="entry_open_once_per_period",
                violation_error_message="この値の回答は手続き中です。開いて続きを入力してください。",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(missing_reason=""),
                name="entry_is_not_value_and_reason",
                violation_error_message="値と値なしの理由は、どちらか一方だけを入力してください。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "returned", "discarded"])
                | Q(value__isnull=False)
                | Q(missing_reason__in=["not_applicable", "pending", "withheld", "before_start"]),
                name="entry_submitted_has_value_or_reason",
                violation_error_message="提出するには、値か値なしの理由を入力してください。",
            ),
            models.CheckConstraint(
                condition=Q(missing_reason__in=["", "not_applicable", "pending", "withheld", "before_start"])
                & Q(nature__in=["observed", "estimated", "projected"])
                & Q(change_reason__in=["", *ChangeReason.values])
                & Q(change_kind__in=["", "change", "correction", "restatement"]),
                name="entry_reason_and_nature_are_known",
                violation_error_message="値なしの理由、値の性質、増減理由、変更の種類を選択肢から選んでください。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "returned", "approved", "discarded"]),
                name="entry_state_is_known",
                violation_error_message="回答の状態が正しくありません。",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | (Q(decided_by__isnull=False) & ~Q(decided_by=models.F("author"))),
                name="entry_not_approved_by_author",
                violation_error_message="自分が入力した回答は承認できません。ほかの確認者に依頼してください。",
            ),
            never_deleted("entry_is_kept", "回答は削除できません。作成中の回答は、取りやめてください。"),
            span_constraint("entry_period_is_first_day"),
            exact_constraint("entry_value_within_15_digits"),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.dated_period.label}（{self.get_state_display()}）"

    @property
    def is_open(self) -> bool:
        return self.state in Entry.OPEN

    @property
    def is_stated(self) -> bool:
        """As EntryQuerySet.stated asks the database."""
        says_something = self.value is not None or bool(self.missing_reason)
        return says_something and self.state in (Entry.State.DRAFT, Entry.State.SUBMITTED)

    @property
    def reported_with(self) -> date:
        """The month on whose sheet it stands: the one with which its period ends."""
        return month_start(self.dated_period.end)

    @property
    def is_correction(self) -> bool:
        """It would change a value that counts already."""
        return self.base_version > 0

    @property
    def step_label(self) -> str:
        """How far a route of several steps is: 2／3 部の取りまとめ. "" for a single step."""
        if len(self.roles) == 1:
            return ""
        place = min(self.steps_passed + 1, len(self.roles))
        return f"{place}／{len(self.roles)} {Assignment.Role(self.current_role).label}"

    def is_by(self, user: User) -> bool:
        return self.author_id == user.pk


class EntryEvent(Event):
    """What happened to an entry."""

    OF = "entry"

    entry = models.ForeignKey(Entry, verbose_name="回答", on_delete=models.PROTECT, related_name="events")
    shown = models.CharField("そのときの値", max_length=100, blank=True)

    class Meta:
        verbose_name = "回答の経過"
        verbose_name_plural = "回答の経過"
        ordering = ["entry", "at", "id"]
        constraints = event_constraints("entry", "回答の経過")

    def __str__(self) -> str:
        return f"{self.entry} {self.get_action_display()}"
