"""Runs one job: claim, work, end. The Celery task, the in-process thread and commands all come through here."""

from __future__ import annotations

import logging
import os
import socket
from datetime import timedelta

from billiard.exceptions import SoftTimeLimitExceeded
from django.db.models import F
from django.utils import timezone

from jobs.models import DEAD_AFTER, MAX_RUNS, Job
from jobs.progress import Progress
from jobs.registry import JobError, kind_of

log = logging.getLogger(__name__)

#: Recomputations that ended well are of no interest to anybody after this.
KEEP_MERGED = timedelta(days=30)


def process_name() -> str:
    """Host and process, so that work of a dead process can be told from work under way."""
    return f"{socket.gethostname()}:{os.getpid()}"


def run(job_id: int) -> bool:
    """Claims and runs a job. False when there was nothing to claim: done already, claimed elsewhere, or run 3 times."""
    job = claim(job_id)
    if job is None:
        return False
    try:
        result = kind_of(job.kind).run(Progress(job), **job.arguments)
    except JobError as error:
        _end(job, Job.State.FAILED, error=str(error))
    except SoftTimeLimitExceeded:
        _end(job, Job.State.FAILED, error="時間がかかりすぎたため中止しました。もう一度実行してください。")
    except Exception:
        log.exception("job %s (%s) failed", job.pk, job.kind)
        message = (
            f"処理中に問題が起きました。もう一度実行しても直らないときは、処理番号{job.pk}を管理者に伝えてください。"
        )
        _end(job, Job.State.FAILED, error=message)
    else:
        _end(job, Job.State.DONE, result=result or {})
    return True


def claim(job_id: int) -> Job | None:
    """Takes a queued job by one conditional UPDATE, so that of several takers one wins; takes its queued twins along.

    A message delivered again after its worker died finds the row running: it is taken over when its process is
    another one and its runs are not used up.
    """
    now = timezone.now()
    job = Job.objects.filter(pk=job_id).first()
    if job is None or job.runs >= MAX_RUNS:
        return None
    claimed = Job.objects.filter(pk=job_id, runs=job.runs, state=Job.State.QUEUED).update(
        state=Job.State.RUNNING,
        runs=F("runs") + 1,
        process=process_name(),
        started_at=now,
        heartbeat_at=now,
        percent=0,
        step="",
        error="",
    )
    if not claimed:
        return None
    job.refresh_from_db()
    if _merges(job):
        # Their callers' changes are committed, and this run reads after this statement: it does their work too.
        Job.objects.twins_of(job).update(state=Job.State.MERGED, finished_at=now, step=f"処理{job.pk}にまとめました")
    return job


def requeue_lost(job_id: int) -> None:
    """A redelivered message whose row is still running: its worker died. The row becomes claimable again."""
    Job.objects.filter(pk=job_id, state=Job.State.RUNNING, runs__lt=MAX_RUNS).exclude(process=process_name()).update(
        state=Job.State.QUEUED
    )
    Job.objects.filter(pk=job_id, state=Job.State.RUNNING, runs__gte=MAX_RUNS).exclude(process=process_name()).update(
        state=Job.State.INTERRUPTED,
        finished_at=timezone.now(),
        error="実行中に3回止まりました。管理者に連絡してください。",
    )


def interrupt_dead() -> int:
    """Marks running jobs whose process fell silent as interrupted; their page offers to run them again."""
    now = timezone.now()
    return Job.objects.silent_since(now - DEAD_AFTER).update(
        state=Job.State.INTERRUPTED,
        finished_at=now,
        error="処理が途中で止まりました。「もう一度実行」を押してください。",
    )


def interrupt_of_this_host() -> int:
    """At the start of a process that runs jobs itself: what its dead predecessors left running is interrupted."""
    host = socket.gethostname()
    ended = 0
    for job in Job.objects.running().filter(process__startswith=f"{host}:"):
        if not _is_alive(int(job.process.rsplit(":", 1)[1])):
            ended += (
                Job.objects.running()
                .filter(pk=job.pk)
                .update(
                    state=Job.State.INTERRUPTED,
                    finished_at=timezone.now(),
                    error="サーバーの再起動で中断しました。「もう一度実行」を押してください。",
                )
            )
    return ended


def forget_merged() -> int:
    """Deletes old rows nobody asked for by hand: background recomputations that ended well."""
    old = timezone.now() - KEEP_MERGED
    ended_well = (Job.State.DONE, Job.State.MERGED)
    return Job.objects.filter(owner=None, state__in=ended_well, finished_at__lt=old).delete()[0]


def _merges(job: Job) -> bool:
    try:
        return kind_of(job.kind).merge
    except JobError:
        return False


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _end(job: Job, state: str, *, error: str = "", result: dict[str, object] | None = None) -> None:
    # Only the run that holds the row may end it: a slow first run must not overwrite the second one's result.
    Job.objects.held_by(job).update(
        state=state,
        error=error,
        result=result or {},
        percent=100 if state == Job.State.DONE else F("percent"),
        finished_at=timezone.now(),
    )
