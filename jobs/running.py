"""Runs one job: claim, work, end. The Celery task, the in-process thread and commands all come through here."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

from billiard.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import Error, connection, connections, transaction
from django.db.models import F
from django.utils import timezone

from constraints.files import discard_unconfirmed
from jobs.models import MAX_RUNS, Job
from jobs.processes import own_name
from jobs.progress import Progress
from jobs.registry import JobError, is_repeatable, kind_of
from jobs.trouble import trouble_of

log = logging.getLogger(__name__)

#: Recomputations that ended well are of no interest to anybody after this.
KEEP_MERGED = timedelta(days=30)
#: For so many seconds a database that does not answer is asked again to note how a job ended.
PATIENCE = 60.0
#: So many signs of life are given between two looks of the sweep.
BEATS_PER_SWEEP = 6

#: The leases of the runs under way in this process.
_held: set[str] = set()


def is_held_here(job: Job) -> bool:
    """This process is at work on that run at this moment."""
    return job.lease in _held


def run(job_id: int) -> bool:
    """Claims and runs a job. False when there was nothing to claim: done already, claimed elsewhere, or run 3 times."""
    lease = uuid4().hex
    _held.add(lease)  # before the row says so: a sweep must never find the row held by nobody
    try:
        job = claim(job_id, lease)
        if job is None:
            return False
        with _beating(job):
            _work(job)
        return True
    finally:
        discard_unconfirmed()
        _held.discard(lease)


def _work(job: Job) -> None:
    try:
        result = kind_of(job.kind).run(Progress(job), **job.arguments)
    except JobError as error:
        _end(job, Job.State.FAILED, error=str(error))
    except SoftTimeLimitExceeded:
        _end(job, Job.State.FAILED, error="時間がかかりすぎたため中止しました。もう一度実行してください。")
    except Exception as error:
        if trouble_of(error) and is_repeatable(job.kind) and job.runs < MAX_RUNS:
            log.warning("job %s (%s) waits: %s", job.pk, job.kind, error)
            _insist(lambda: Job.objects.held_by(job).queue_again())  # the sweep sends it when a while has passed
            return
        log.exception("job %s (%s) failed", job.pk, job.kind)
        message = (
            f"処理中に問題が起きました。もう一度実行しても直らないときは、処理番号{job.pk}を管理者に伝えてください。"
        )
        _end(job, Job.State.FAILED, error=message)
    else:
        _end(job, Job.State.DONE, result=result or {})


@contextmanager
def _beating(job: Job) -> Iterator[None]:
    """While the work is under way a thread says that it lives, also through a step that reports nothing."""
    stop = threading.Event()
    threading.Thread(target=_beat, args=(job, stop), name=f"beats of job {job.pk}", daemon=True).start()
    try:
        yield
    finally:
        stop.set()


def _beat(job: Job, stop: threading.Event) -> None:
    every = max(0.1, (settings.JOBS_SWEEP_SECONDS or 60) / BEATS_PER_SWEEP)
    try:
        while not stop.wait(every):
            try:
                Job.objects.held_by(job).update(beats=F("beats") + 1, heartbeat_at=timezone.now())
            except Error as error:
                log.info("job %s could not say that it lives: %s", job.pk, error)
                connection.close()
    finally:
        connections.close_all()


def claim(job_id: int, lease: str = "") -> Job | None:
    """Takes a queued job by one conditional UPDATE, so that of several takers one wins; takes its queued twins along."""
    now = timezone.now()
    job = Job.objects.filter(pk=job_id).first()
    if job is None or job.runs >= MAX_RUNS:
        return None
    claimed = Job.objects.filter(pk=job_id, runs=job.runs, state=Job.State.QUEUED).update(
        state=Job.State.RUNNING,
        runs=F("runs") + 1,
        process=own_name(),
        lease=lease or uuid4().hex,
        beats=F("beats") + 1,
        missed=0,
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


def _end(job: Job, state: str, *, error: str = "", result: dict[str, object] | None = None) -> None:
    # Only the run that holds the row may end it: a slow first run must not overwrite the second one's result.
    _insist(
        lambda: Job.objects.held_by(job).update(
            state=state,
            error=error,
            result=result or {},
            percent=100 if state == Job.State.DONE else F("percent"),
            finished_at=timezone.now(),
        )
    )


def _insist(write: Callable[[], object]) -> None:
    """Writes, again and again while the database is away. What still fails then, the sweep finds."""
    end, pause = time.monotonic() + PATIENCE, 0.2
    while True:
        try:
            write()
            return
        except Error as error:
            if transaction.get_connection().in_atomic_block or not trouble_of(error) or time.monotonic() > end:
                raise
            connection.close()
        time.sleep(pause)
        pause = min(2 * pause, 5.0)
