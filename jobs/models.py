"""Background work that people can watch."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q

#: A job that was started this often and never ended is not started again.
MAX_RUNS = 3
#: A running job says it lives at least this often (its progress, or the start of a step).
DEAD_AFTER = timedelta(minutes=12)


class JobQuerySet(models.QuerySet["Job"]):
    def in_state(self, state: str) -> JobQuerySet:
        """Those in a state; all for none."""
        return self.filter(state=state) if state else self.all()

    def queued(self) -> JobQuerySet:
        return self.filter(state=Job.State.QUEUED)

    def running(self) -> JobQuerySet:
        return self.filter(state=Job.State.RUNNING)

    def silent_since(self, moment: datetime) -> JobQuerySet:
        """Running jobs that have not said anything since."""
        return self.running().filter(heartbeat_at__lt=moment)

    def held_by(self, run: Job) -> JobQuerySet:
        """The row of a job while this very run of it holds it: not after it was interrupted and begun anew."""
        return self.running().filter(pk=run.pk, started_at=run.started_at)

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
    process = models.CharField("実行しているプロセス", max_length=120, blank=True)
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
            models.CheckConstraint(
                condition=Q(heartbeat_at__isnull=True)
                | Q(started_at__isnull=True)
                | Q(heartbeat_at__gte=F("started_at")),
                name="job_heartbeat_after_start",
                violation_error_message="最後の動きは開始日時より後です。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.get_state_display()}）"

    @property
    def title(self) -> str:
        from jobs.registry import title_of

        return title_of(self.kind)

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
