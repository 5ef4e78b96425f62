"""A web process or a worker is killed (kill -9) at each step: nothing is lost, nothing hangs, by itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from jobs.models import Job
from kpis.models import Kpi, Summary
from kpis.summaries.audit import audit
from reports.models import Edition
from tests import killing
from tests.killed import act, end, environment, wait_until
from tests.killing import OF_AN_APPROVAL, OF_AN_EXPORT
from tests.servers import free_port
from tests.worker import address_of_the_test_database

IN_THE_WEB = ["committed, not sent"]
IN_THE_WORKER = [step for step in OF_AN_APPROVAL if step not in ("value recorded, not committed", *IN_THE_WEB)]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def env(transactional_db, tmp_path) -> dict[str, str]:
    """An installation with a queue of its own: the worker of the other tests takes nothing from it."""
    killing.begin()
    redis = f"{settings.REDIS_URL.rpartition('/')[0]}/15"
    return environment(tmp_path, address_of_the_test_database(), redis=redis)


@contextmanager
def worker(env: dict[str, str], folder: Path, *, kill_at: str = "") -> Iterator[subprocess.Popen[bytes]]:
    command = [
        sys.executable,
        "-m",
        "celery",
        "--app",
        "reform",
        "worker",
        "--hostname",
        f"killed-{os.urandom(4).hex()}",
    ]
    command += ["--pool", "prefork", "--concurrency", "1", "--without-gossip", "--without-mingle"]
    command += ["--include", "tests.killing"]
    env = env | ({"KILL_AT": kill_at, "KILL_MARK": str(folder / "killed")} if kill_at else {})
    with (folder / f"worker-{os.urandom(2).hex()}.log").open("wb") as out:
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=env, stdout=out, stderr=out, start_new_session=True
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                end(process)


def nothing_hangs() -> bool:
    jobs = list(Job.objects.values_list("state", flat=True))
    return bool(jobs) and set(jobs) <= {Job.State.DONE, Job.State.MERGED}


def all_is_well() -> None:
    assert not [found for kpi in Kpi.objects.all() for found in audit(kpi)]
    assert Summary.objects.filter(span="month", value=120).count() == 1


@pytest.mark.parametrize("step", IN_THE_WEB)
def test_what_a_killed_web_process_did_not_send_is_done(env, tmp_path, step):
    assert act("approve", env, kill_at=step, mark=tmp_path / "killed") == -signal.SIGKILL
    with worker(env, tmp_path):
        wait_until(nothing_hangs)
    all_is_well()


@pytest.mark.parametrize("step", IN_THE_WORKER)
def test_an_approval_whose_task_is_killed_reaches_the_summaries(env, tmp_path, step):
    act("approve", env)
    with worker(env, tmp_path, kill_at=step):
        wait_until(nothing_hangs)
    assert (tmp_path / "killed").exists()
    all_is_well()


@pytest.mark.parametrize("step", ["claimed", "computed, not stored"])
def test_an_approval_whose_whole_worker_is_killed_reaches_the_summaries(env, tmp_path, step):
    act("approve", env)
    with worker(env, tmp_path, kill_at=step) as first:
        wait_until((tmp_path / "killed").exists)
        os.killpg(first.pid, signal.SIGKILL)  # its message is with nobody now
        first.wait()
    connection.close()
    with worker(env, tmp_path):
        wait_until(nothing_hangs)
    all_is_well()


@pytest.mark.parametrize("step", [step for step in OF_AN_EXPORT if step != "asked, not sent"])
def test_an_export_whose_task_is_killed_is_made_once(env, tmp_path, step):
    act("export", env)
    with worker(env, tmp_path, kill_at=step):
        wait_until(nothing_hangs)
    assert (tmp_path / "killed").exists()
    [edition] = Edition.objects.all()
    assert edition.is_complete
    files = sorted(path.name for path in (tmp_path / "media/editions").iterdir())
    assert files == sorted(Path(file.name).name for file in (edition.html, edition.pdf))


def test_what_was_approved_while_redis_was_gone_is_done_when_it_is_back(env, tmp_path):
    port = free_port()
    own = env | {"REDIS_URL": f"redis://127.0.0.1:{port}/0"}
    act("approve", own)
    assert list(Job.objects.values_list("state", flat=True).distinct()) == [Job.State.QUEUED]
    redis = subprocess.Popen(
        ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--dir", str(tmp_path), "--save", ""],
        stdout=subprocess.DEVNULL,
    )
    try:
        with worker(own, tmp_path):
            wait_until(nothing_hangs)
    finally:
        end(redis)
    all_is_well()
