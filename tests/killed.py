"""Acts that are killed at a step, and the application that is started again: for one process on SQLite and for workers."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.servers import free_port

READY_WITHIN = 60.0


def environment(folder: Path, database: str, *, redis: str = "", interval: str = "1") -> dict[str, str]:
    """The environment of every process of one installation, with its files in `folder`."""
    own = {
        "DJANGO_SETTINGS_MODULE": "reform.settings",
        "DATABASE_URL": database,
        "REDIS_URL": redis,
        "MEDIA_ROOT": str(folder / "media"),
        "STATIC_ROOT": str(folder / "not-collected"),
        "JOBS_SWEEP_SECONDS": interval,
        "SECRET_KEY": "only-for-the-tests",
        "ALLOWED_HOSTS": "127.0.0.1",
    }
    return os.environ | own


def act(name: str, env: dict[str, str], *, kill_at: str = "", mark: Path | None = None) -> int:
    """Runs an act of tests.killing in a process of its own; gives how it ended (-9: it was killed)."""
    if kill_at and mark is not None:
        env = env | {"KILL_AT": kill_at, "KILL_MARK": str(mark)}
    command = [sys.executable, "-m", "tests.killing", name]
    done = subprocess.run(command, env=env, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=120)
    assert done.returncode in (0, -signal.SIGKILL), done.stdout + done.stderr
    return done.returncode


def prepare(env: dict[str, str]) -> None:
    """Migrates the database, and puts into it an entry that waits for approval and a report."""
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], env=env, cwd=settings.BASE_DIR, check=True)
    assert act("begin", env) == 0


def prepare_file(folder: Path) -> Path:
    """The same in a SQLite file of the folder, whose tables are copied from the tests' own database: to migrate anew takes
    ten times as long, and tests/test_migrations.py shows that both are the same."""
    path = folder / "db.sqlite3"
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as file:
        connection.connection.backup(file)
        with file:
            file.execute(
                "CREATE TABLE django_migrations (id integer PRIMARY KEY, app text, name text, applied datetime)"
            )
            file.executemany(
                "INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, datetime())",
                list(MigrationLoader(None).disk_migrations),
            )
    assert act("begin", environment(folder, f"sqlite:///{path}")) == 0
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@contextmanager
def server(folder: Path, env: dict[str, str], workers: int = 1) -> Iterator[str]:
    """A real gunicorn, as script/server starts it; yields its address."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "reform.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--workers", str(workers), "--threads", "4", "--graceful-timeout", "5"]
    log = folder / f"web-{port}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=env | {"PORT": str(port)}, stdout=out, stderr=out
        )
    try:
        address = f"http://127.0.0.1:{port}"
        wait_until(lambda: answers(f"{address}/healthz"), log=log)
        yield address
    finally:
        end(process)


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_until(condition: Callable[[], object], seconds: float = READY_WITHIN, log: Path | None = None) -> float:
    """Seconds until the condition held. Fails with the log when it does not within `seconds`."""
    begun = time.monotonic()
    while not condition():
        text = log.read_text(errors="replace")[-4000:] if log is not None else ""
        assert time.monotonic() - begun < seconds, f"it did not happen in time\n{text}"
        time.sleep(0.05)
    return time.monotonic() - begun
