"""The one way to ask for background work. Where it runs is decided here and nowhere else.

With REDIS_URL a Celery worker runs it; without, one thread of this process does, so that the click returns at once
and progress is visible all the same. A thread that has nothing left to do ends; the process waits for it.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import close_old_connections, connections, transaction
from django.db.models import F

from jobs import broker
from jobs.models import Job
from jobs.processes import own_name

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

log = logging.getLogger(__name__)

_inline: ContextVar[list[int] | None] = ContextVar("inline_jobs", default=None)
_waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
_thread_lock = threading.Lock()
_thread: threading.Thread | None = None
#: Handed to the thread and not begun yet.
_handed: set[int] = set()


def dispatch(
    kind: str,
    *,
    subject: str = "",
    arguments: dict[str, Any] | None = None,
    owner: AbstractBaseUser | None = None,
) -> Job:
    """Asks for a job: its row belongs to the caller's transaction, and it is sent when that commits.

    `arguments` must be JSON (ids, not objects). Returns the queued row; its page is jobs:detail.
    """
    job = Job.objects.create(
        kind=kind,
        subject=subject,
        arguments=arguments or {},
        owner_id=owner.pk if owner else None,
        process=own_name(),
    )
    transaction.on_commit(partial(_send, job.pk), robust=True)
    return job


def dispatch_all(kind: str, arguments_of: Mapping[str, dict[str, Any]]) -> None:
    """Asks for several jobs of a kind at once, by subject, as dispatch does."""
    process = own_name()
    jobs = [
        Job(kind=kind, subject=subject, arguments=given, process=process) for subject, given in arguments_of.items()
    ]
    for job in Job.objects.bulk_create(jobs):
        transaction.on_commit(partial(_send, job.pk), robust=True)


@contextmanager
def finish_work_here() -> Iterator[None]:
    """Jobs dispatched and committed inside are run by this process before the context ends.

    Management commands use it: when they return, their work is done, with or without a worker. What was committed
    before an error is run in the usual way.
    """
    from jobs.running import run

    jobs: list[int] = []
    token = _inline.set(jobs)
    try:
        yield
        while jobs:
            run(jobs.pop(0))
    finally:
        _inline.reset(token)
        for job_id in jobs:
            _send(job_id)


def send_again(job_ids: Iterable[int]) -> int:
    """Sends queued jobs whose message was lost. A job taken meanwhile is not run twice. Returns how many were sent."""
    wanted = [job_id for job_id in job_ids if job_id not in _handed]
    for job_id in wanted:
        _send(job_id)
    return len(wanted)


def retry(job: Job) -> bool:
    """Puts a failed or interrupted job in the queue again, with fresh runs. False when it is in another state."""
    with transaction.atomic():
        changed = Job.objects.filter(pk=job.pk, state__in=(Job.State.FAILED, Job.State.INTERRUPTED)).update(
            state=Job.State.QUEUED,
            runs=0,
            percent=0,
            step="",
            error="",
            finished_at=None,
            heartbeat_at=None,
            process=own_name(),
            lease="",
            beats=F("beats") + 1,
            missed=0,
        )
        if changed:
            transaction.on_commit(partial(_send, job.pk), robust=True)
    return bool(changed)


def _send(job_id: int) -> None:
    inline = _inline.get()
    if inline is not None:
        inline.append(job_id)
    elif settings.REDIS_URL:
        broker.publish(job_id)
    else:
        _hand_to_thread(job_id)


def _hand_to_thread(job_id: int) -> None:
    global _thread
    with _thread_lock:
        _handed.add(job_id)
        _waiting.put(job_id)
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_work, name="jobs", daemon=False)
            _thread.start()


def _work() -> None:
    global _thread
    from jobs.tasks import run_job

    try:
        while True:
            try:
                job_id = _waiting.get(timeout=0.05)
            except queue.Empty:
                with _thread_lock:
                    if _waiting.empty():
                        _thread = None
                        return
                continue
            close_old_connections()  # the database may have been away since the last job
            try:
                run_job.apply(args=[job_id])
            except Exception:
                log.exception("job %s could not be run", job_id)
            finally:
                _handed.discard(job_id)
    finally:
        connections.close_all()


def wait_for_thread(timeout: float = 60) -> None:
    """Returns when the in-process thread has nothing left to do (tests and shutdown)."""
    thread = _thread
    if thread is not None:
        thread.join(timeout)
