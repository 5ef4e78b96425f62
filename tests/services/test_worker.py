"""The worker of the test run is real: another process, the same database, and its death loses no job."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from jobs.dispatch import dispatch
from jobs.models import Job


def wait_until(condition: Callable[[], object], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def state_of(job: Job) -> str:
    return Job.objects.values_list("state", flat=True).get(pk=job.pk)


@pytest.fixture
def waiting_job(worker, tmp_path) -> Job:
    """A job that a worker has begun and that ends when tmp_path/finish exists."""
    job = dispatch("wait_for_a_file", arguments={"folder": str(tmp_path)})
    wait_until((tmp_path / "run-1").exists)
    return job


def process_of(run: Path) -> int:
    wait_until(lambda: run.exists() and run.read_text())
    return int(run.read_text())


def test_the_database_is_postgresql_18(db):
    assert connection.vendor == "postgresql"
    assert connection.pg_version >= 180000


def test_a_job_runs_in_another_process_and_its_progress_can_be_seen(worker, waiting_job, tmp_path):
    process = process_of(tmp_path / "run-1")
    assert process in worker.children()
    assert process not in (os.getpid(), worker.pid)
    waiting_job.refresh_from_db()
    assert (waiting_job.state, waiting_job.percent, waiting_job.step) == (Job.State.RUNNING, 50, "待っています")

    (tmp_path / "finish").touch()
    wait_until(lambda: state_of(waiting_job) == Job.State.DONE)
    waiting_job.refresh_from_db()
    assert (waiting_job.result, waiting_job.percent, waiting_job.runs) == ({"process": process}, 100, 1)


def test_a_job_whose_process_is_killed_runs_again_in_another_one(waiting_job, tmp_path):
    first = process_of(tmp_path / "run-1")
    os.kill(first, signal.SIGKILL)

    second = process_of(tmp_path / "run-2")
    (tmp_path / "finish").touch()
    wait_until(lambda: state_of(waiting_job) == Job.State.DONE)
    waiting_job.refresh_from_db()
    assert second != first
    assert (waiting_job.runs, waiting_job.result) == (2, {"process": second})
