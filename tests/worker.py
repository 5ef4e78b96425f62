"""A real Celery worker for tests: a process of its own, working on the test database and the test Redis."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.db import connection

from reform.celery import app

READY_WITHIN = 60.0


@dataclass(frozen=True)
class Worker:
    """A running worker: `pid` of its main process, `name` as it answers to, `log` with all it wrote."""

    pid: int
    name: str
    log: Path

    def children(self) -> list[int]:
        """The pids of the pool's processes that run the tasks, at this moment."""
        stats = app.control.inspect([self.name], timeout=5).stats() or {}
        return list(stats[self.name]["pool"]["processes"]) if self.name in stats else []

    def is_busy(self) -> bool:
        """Whether a task waits in the queue or is being worked on."""
        with app.connection_for_read() as broker:
            if broker.default_channel.queue_declare(app.conf.task_default_queue).message_count:
                return True
        asked = app.control.inspect([self.name], timeout=5)
        return any((listing() or {}).get(self.name) for listing in (asked.reserved, asked.active))


#: The worker of this process, once there is one.
_running: list[Worker] = []


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder where the tests' process and the worker keep the files of jobs."""
    return tmp_path_factory.mktemp("media")


@pytest.fixture(scope="session")
def worker_process(
    django_db_setup: None, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, media: Path
) -> Iterator[Worker]:
    """One worker for all tests that need one; the report names it."""
    with celery_worker(tmp_path_factory.mktemp("worker"), media) as worker:
        named = f"Celery worker: {version('celery')}, prefork, answers as {worker.name}, pid {worker.pid}"
        if hasattr(request.config, "workeroutput"):
            request.config.workeroutput["celery worker"] = named  # tests/conftest.py reports it
        else:
            with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
                print(f"\n{named}")
        yield worker


@pytest.fixture
def worker(transactional_db: None, worker_process: Worker) -> Worker:
    """A real Celery worker that sees what the test commits."""
    return worker_process


def until_workers_are_idle() -> None:
    """Returns when no worker of this process has anything left to do. Once begun, a worker also does what tests ask for
    that know nothing of it."""
    end = time.monotonic() + READY_WITHIN
    for worker in _running:
        while worker.is_busy():
            if time.monotonic() > end:
                pytest.fail(f"the worker is still busy:\n{worker.log.read_text(errors='replace')}")
            time.sleep(0.05)


@contextmanager
def celery_worker(folder: Path, media: Path) -> Iterator[Worker]:
    """A prefork worker with one child, ready to work; its log goes to `folder`, files of jobs to `media`."""
    if connection.vendor != "postgresql" or not settings.REDIS_URL:
        pytest.fail("a worker needs PostgreSQL and Redis: run this through `python -m tests.servers pytest …`")
    name = f"test-{os.getpid()}@localhost"
    log = folder / "worker.log"
    app.control.purge()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "reform.settings",
        "DATABASE_URL": address_of_the_test_database(),
        "REDIS_URL": settings.REDIS_URL,
        "MEDIA_ROOT": str(media),
        "STATIC_ROOT": str(folder / "not-collected"),
    }
    command = [sys.executable, "-m", "celery", "--app", "reform", "worker", "--hostname", name, "--loglevel", "INFO"]
    command += ["--pool", "prefork", "--concurrency", "1", "--without-gossip", "--without-mingle"]
    command += ["--include", "tests.services.job_kinds"]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=out,
            stderr=out,
        )
    try:
        _wait_until_it_answers(process, name, log)
        worker = Worker(process.pid, name, log)
        _running.append(worker)
        yield worker
    finally:
        _running.clear()
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_it_answers(process: subprocess.Popen[bytes], name: str, log: Path) -> None:
    end = time.monotonic() + READY_WITHIN
    while not app.control.ping([name], timeout=0.5):
        if process.poll() is not None or time.monotonic() > end:
            pytest.fail(f"the worker did not start:\n{log.read_text(errors='replace')}")


def address_of_the_test_database() -> str:
    database = connection.settings_dict
    place = f"{database['HOST']}:{database['PORT']}" if database["PORT"] else database["HOST"]
    who = quote(database["USER"], safe="")
    if database["PASSWORD"]:
        who += ":" + quote(database["PASSWORD"], safe="")
    options = {name: value for name, value in database["OPTIONS"].items() if isinstance(value, str)}
    query = f"?{urlencode(options)}" if options else ""
    return f"postgresql://{who}@{place}/{quote(database['NAME'], safe='')}{query}"
