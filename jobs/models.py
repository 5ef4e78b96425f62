"""Background work that people can watch."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When

#: A job that was started this often and never ended is not started again.
MAX_RUNS = 3


class JobQuerySet(models.QuerySet["Job"]):
    def in_state(self, state: str) -> JobQuerySet:
        """Those in a state; all for none."""
        return self.filter(state=state) if state else self.all()

    def queued(self) -> JobQuerySet:
        return self.filter(state=Job.State.QUEUED)

    def running(self) -> JobQuerySet:
        return self.filter(state=Job.State.RUNNING)

    def unended(self) -> JobQuerySet:
        return self.filter(state__in=(Job.State.QUEUED, Job.State.RUNNING))

    def unmoved(self, looks: int = 1) -> JobQuerySet:
        """Those whose beats stood still between so many looks of the sweep."""
        return self.filter(missed__gte=looks)

    def held_by(self, run: Job) -> JobQuerySet:
        """The row of a job while this very run of it holds it: not after it was given up and begun anew."""
        return self.running().filter(pk=run.pk, lease=run.lease)

    def look(self) -> int:
        """Counts at how many looks in a row each unended job had not moved. No clock takes part: only beats count."""
        still = When(beats=F("seen_beats"), then=F("missed") + 1)
        return self.unended().update(missed=Case(still, default=Value(0)), seen_beats=F("beats"))

    def queue_again(self) -> int:
        """Makes running jobs claimable again."""
        return self.update(state=Job.State.QUEUED, lease="", percent=0, step="", beats=F("beats") + 1, missed=0)

    def twins_of(self, job: Job) -> JobQuerySet:
        """Other queued jobs that would do the same work again."""
        return self.queued().filter(kind=job.kind, subject=job.subject, arguments=job.arguments).exclude(pk=job.pk)


class Job(models.Model):
    """One piece of background work: what, how far, how it ended."""

    class State(models.TextChoices):
        QUEUED = "queued", "待機中"
        RUNNING = "running", "実行中"
        DONE = "done", "完了"
        MERGED = "merged", "ほかの処理にまとめて実行"
        FAILED = "failed", "失敗"
        INTERRUPTED = "interrupted", "中断"

    ENDED = (State.DONE, State.MERGED, State.FAILED, State.INTERRUPTED)

    kind = models.CharField("種類", max_length=60)
    subject = models.CharField("対象", max_length=120, blank=True)
    arguments = models.JSONField("引数", default=dict, blank=True)
    state = models.CharField("状態", max_length=12, choices=State, default=State.QUEUED)
    percent = models.PositiveSmallIntegerField("進み具合（％）", default=0)
    step = models.CharField("いまの段階", max_length=120, blank=True)
    error = models.TextField("エラー", blank=True)
    result = models.JSONField("結果", default=dict, blank=True)
    runs = models.PositiveSmallIntegerField("実行回数", default=0)
    #: Who runs it; of a queued job: who keeps it in memory (jobs.processes).
    process = models.CharField("実行しているプロセス", max_length=120, blank=True)
    #: Which run holds the row: another at each claim.
    lease = models.CharField("実行の番号", max_length=32, blank=True, editable=False)
    #: Grows with every sign of life; the sweep keeps what it saw last, and how often it saw no change.
    beats = models.PositiveIntegerField("動きの数", default=1, editable=False)
    seen_beats = models.PositiveIntegerField("見回りが見た動きの数", default=0, editable=False)
    missed = models.PositiveSmallIntegerField("動きのなかった見回りの数", default=0, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="依頼した職員",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="jobs",
    )
    created_at = models.DateTimeField("依頼日時", auto_now_add=True)
    started_at = models.DateTimeField("開始日時", null=True, blank=True)
    finished_at = models.DateTimeField("終了日時", null=True, blank=True)
    heartbeat_at = models.DateTimeField("最後の動き", null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "処理"
        verbose_name_plural = "処理"
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["state", "kind", "subject"], name="job_state_kind_subject")]
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__lte=100),
                name="job_percent_is_0_to_100",
                violation_error_message="進み具合は0から100です。",
            ),
            models.CheckConstraint(
                condition=Q(runs__lte=MAX_RUNS),
                name="job_runs_at_most_3",
                violation_error_message="同じ処理は3回までしか実行しません。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running", "done", "merged", "failed", "interrupted"]),
                name="job_state_is_known",
                violation_error_message="処理の状態が正しくありません。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running"], finished_at__isnull=True)
                | Q(state__in=["done", "merged", "failed", "interrupted"], finished_at__isnull=False),
                name="job_ended_has_time",
                violation_error_message="終わった処理には終了日時が必要です。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.get_state_display()}）"

    @property
    def title(self) -> str:
        from jobs.registry import title_of

        return title_of(self.kind)

    _about: str

    @property
    def about(self) -> str:
        """Its subject as people call it; for a list see `name_subjects`."""
        if not hasattr(self, "_about"):
            name_subjects([self])
        return self._about

    @property
    def is_ended(self) -> bool:
        return self.state in Job.ENDED

    @property
    def may_retry(self) -> bool:
        return self.state in (Job.State.FAILED, Job.State.INTERRUPTED)

    @property
    def announcement(self) -> str:
        """Where it stands, in a sentence that is said once and not at every percent."""
        match self.state:
            case Job.State.QUEUED:
                return "順番を待っています"
            case Job.State.RUNNING:
                return self.step or "実行しています"
            case Job.State.DONE:
                return "完了しました"
            case Job.State.MERGED:
                return "同じ内容のほかの処理にまとめて実行しました"
            case Job.State.FAILED:
                return "処理は失敗しました"
            case _:
                return "処理は中断しました"


def name_subjects(jobs: Iterable[Job]) -> None:
    """Lets jobs say what they are about in words, asked for once for all of a kind."""
    from jobs.registry import names_of

    jobs = list(jobs)
    asked: dict[str, set[str]] = {}
    for job in jobs:
        if job.subject:
            asked.setdefault(job.kind, set()).add(job.subject)
    names = names_of(asked)
    for job in jobs:
        job._about = names.get((job.kind, job.subject), job.subject)


class Sweep(models.Model):
    """The one row that says whose turn it is to sweep, and what the last sweep found."""

    turn = models.PositiveBigIntegerField("何回目の見回りか", default=0)
    swept_at = models.DateTimeField("最後の見回りの日時", null=True)
    process = models.CharField("見回ったプロセス", max_length=120, blank=True)
    findings = models.JSONField("見つけたこと", default=list)

    class Meta:
        verbose_name = "見回り"
        verbose_name_plural = "見回り"
        constraints = [
            models.CheckConstraint(
                condition=Q(pk=1), name="sweep_is_one", violation_error_message="見回りの記録は1件だけです。"
            )
        ]

    def __str__(self) -> str:
        return f"{self.turn}回目の見回り"

    @classmethod
    def row(cls) -> Sweep:
        """The row; it is made when it is missing."""
        return cls.objects.get_or_create(pk=1)[0]

    @classmethod
    def take(cls, seen: int, **noted: Any) -> bool:
        """Takes the turn after the one that was seen. Of several processes that saw the same, one gets it."""
        return bool(cls.objects.filter(pk=1, turn=seen).update(turn=seen + 1, **noted))
