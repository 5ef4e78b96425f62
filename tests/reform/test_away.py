"""Real servers with something taken from beneath them: what each page says, and that nothing typed is lost.

A person without scripts fills in a month, hands in a file and approves, while PostgreSQL is down for five seconds, the disk
is full, or Redis is refused or hangs. `pytest -s` prints what each page said.
"""

from __future__ import annotations

import resource
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.killed import environment, prepare, prepare_file, server, wait_until
from tests.servers import free_port, new_cluster
from tests.visitor import Form, Page, Visitor

EDITOR, CHIEF, PASSWORD = "e0", "a0", "only-for-the-benchmark"
MONTH = "/entries/B000/2026-05/"
COMMENT = "５月は、連休の<影響>で増えました。"


@pytest.fixture
def say(request: pytest.FixtureRequest):
    """Prints what a page said."""

    def say(what: str, page: Page, seconds: float = 0) -> None:
        sys.stdout.write(f"\n{what}: {page.status} ({seconds:.1f} s)\n    {page.words}")

    return say


#: Its tables are copied (prepare_file); nothing is open on it meanwhile.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def prepared(django_db_setup, django_db_blocker, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with an entry that waits for approval and a report."""
    with django_db_blocker.unblock():
        return prepare_file(tmp_path_factory.mktemp("prepared"))


@contextmanager
def on_sqlite(prepared: Path, folder: Path, redis: str = "") -> Iterator[str]:
    """A server on a copy of the prepared database."""
    (folder / "db.sqlite3").write_bytes(prepared.read_bytes())
    env = environment(folder, f"sqlite:///{folder}/db.sqlite3", redis=redis)
    with server(folder, env) as site:
        yield site


def of_the_month(page: Page) -> tuple[Form, dict[str, str]]:
    """The month's form, and what is typed into it."""
    form = page.form_with("action")
    value, comment = (next(name for name, _ in form.fields if name.endswith(end)) for end in ("typed", "comment"))
    return form, {value: "345", comment: COMMENT}


def saved(path: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(path, timeout=20) as connection:
        return connection.execute("SELECT value, comment FROM kpis_entry WHERE state = 'draft'").fetchall()


def sent_again(visitor: Visitor, page: Page) -> Page:
    """Presses もう一度送信する."""
    [form] = page.forms
    return visitor.press(page, form)


# --- PostgreSQL ----------------------------------------------------------------------------------------------------
@pytest.fixture
def cluster() -> Iterator:
    with tempfile.TemporaryDirectory(prefix="away-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield new_cluster(Path(folder))


def test_postgresql_is_down_for_five_seconds(cluster, tmp_path, say):
    env = environment(tmp_path, cluster.address)
    with ExitStack() as up:
        up.enter_context(cluster.running())
        prepare(env)
        site = up.enter_context(server(tmp_path, env))
        visitor = Visitor(site)
        visitor.sign_in(EDITOR, PASSWORD)
        form, typed = of_the_month(visitor.get(MONTH))
        page = visitor.get(MONTH)
        running = up.pop_all()
        # The server goes on; PostgreSQL alone is stopped.
        stop_only(cluster)
        down_at = time.monotonic()

        health, home = Visitor(site).get("/healthz"), visitor.get("/")
        refused = visitor.press(page, form, typed, ("action", "save"))
        say("PostgreSQL down, /healthz", health)
        say("PostgreSQL down, a page", home)
        say("PostgreSQL down, a form", refused)
        assert (health.status, health.html.split()) == (503, ["down", "database"])
        for answer in (home, refused):
            assert (answer.status, answer.headers["Retry-After"]) == (503, "10")
            assert "データベースにつながりません" in answer.words
        assert "もう一度開く" in home.words
        assert "連休の&lt;影響&gt;" in refused.words

        time.sleep(max(0.0, 5 - (time.monotonic() - down_at)))
        with cluster.running() as address:
            again = sent_again(visitor, refused)
            say("PostgreSQL back, the same form", again)
            assert (again.status, visitor.get("/healthz").status) == (200, 200)
            with psycopg.connect(address) as connection:
                rows = connection.execute("SELECT value, comment FROM kpis_entry WHERE state = 'draft'").fetchall()
            assert [(int(value), comment) for value, comment in rows] == [(345, COMMENT)]
            running.close()


def stop_only(cluster) -> None:
    subprocess.run(
        [cluster.programs / "pg_ctl", "stop", "-D", cluster.folder / "data", "-m", "fast", "-w"],
        check=True, capture_output=True, cwd=cluster.folder, **cluster.user,
    )  # fmt: skip


# --- The disk ------------------------------------------------------------------------------------------------------
@contextmanager
def full_disk(site_log: Path) -> Iterator[None]:
    """Nothing can be written any more by the server's processes: a file may not grow beyond its first byte."""
    pids = [int(pid) for pid in gunicorn_pids(site_log)]
    before = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in pids}
    for pid, (_, hard) in before.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, hard))
    try:
        yield
    finally:
        for pid, limits in before.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


def gunicorn_pids(folder: Path) -> list[str]:
    """The processes whose MEDIA_ROOT is in the folder."""
    found = []
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            try:
                if f"MEDIA_ROOT={folder}/".encode() in (place / "environ").read_bytes():
                    found.append(place.name)
            except OSError:
                continue
    return found


def test_the_disk_is_full(prepared, tmp_path, say):
    paper = tmp_path / "根拠.csv"
    paper.write_text("月,件数\n5,345\n", encoding="utf-8")
    with on_sqlite(prepared, tmp_path) as site:
        visitor = Visitor(site)
        visitor.sign_in(EDITOR, PASSWORD)
        page = visitor.get(MONTH)
        form, typed = of_the_month(page)
        panel = visitor.get("/entries/panel/1/2026-05/")
        with full_disk(tmp_path):
            refused = visitor.press(page, form, typed, ("action", "save"))
            upload = visitor.press(panel, panel.form_with("file"), {"note": "集計の元"}, files={"file": paper})
            reading = visitor.get("/overview/")
            wait_until(lambda: "disk-not-writable" in Visitor(site).get("/healthz").html)  # asked for every 15 s
            health = Visitor(site).get("/healthz")
        say("disk full, a form", refused)
        say("disk full, a file", upload)
        say("disk full, /healthz", health)
        for answer in (refused, upload):
            assert answer.status == 503
            assert "保存領域（ディスク）がいっぱい" in answer.words
        assert reading.status == 200  # what only reads goes on
        assert (health.status, health.html.split()) == (200, ["degraded", "sweep-met-disk", "disk-not-writable"])
        assert "「根拠.csv」をもう一度選んでください" in upload.words
        assert [path for path in (tmp_path / "media").rglob("*") if path.is_file()] == []

        again = sent_again(visitor, refused)
        say("room again, the same form", again)
        assert [(int(value), comment) for value, comment in saved(tmp_path / "db.sqlite3")] == [(345, COMMENT)]
        [form_of_file] = upload.forms
        assert visitor.press(upload, form_of_file, files={"file": paper}).status == 200
        assert len([path for path in (tmp_path / "media/evidence").rglob("*") if path.is_file()]) == 1


def test_handing_in_on_a_full_disk_hands_in_nothing(prepared, tmp_path, say):
    with on_sqlite(prepared, tmp_path) as site:
        visitor = Visitor(site)
        visitor.sign_in(EDITOR, PASSWORD)
        page = visitor.get(MONTH)
        form, typed = of_the_month(page)
        with full_disk(tmp_path):
            refused = visitor.press(page, form, typed, ("action", "submit"))
        say("disk full, handing in", refused)
        assert refused.status == 503
        assert saved(tmp_path / "db.sqlite3") == []
        assert COMMENT.replace("<", "&lt;").replace(">", "&gt;") in refused.words


# --- Redis ---------------------------------------------------------------------------------------------------------
@contextmanager
def hung_redis() -> Iterator[str]:
    """Takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(200)
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"


@contextmanager
def refused_redis() -> Iterator[str]:
    yield f"redis://127.0.0.1:{free_port()}/0"


@pytest.mark.parametrize("redis", [hung_redis, refused_redis])
def test_redis_is_gone(prepared, tmp_path, say, redis):
    with redis() as address, on_sqlite(prepared, tmp_path, redis=address) as site:
        visitor = Visitor(site)
        began = time.monotonic()
        visitor.sign_in(CHIEF, PASSWORD)
        entry = visitor.get("/approvals/1/")
        signing_in = time.monotonic() - began
        form = next(form for form in entry.forms if ("action", "approve") in form.buttons)
        began = time.monotonic()
        approved = visitor.press(entry, form, button=("action", "approve"))
        approving = time.monotonic() - began
        say(f"{redis.__name__}: approving", approved, approving)
        say(f"{redis.__name__}: signing in and the entry", entry, signing_in)
        assert approved.status == 200
        with sqlite3.connect(tmp_path / "db.sqlite3", timeout=20) as connection:
            assert connection.execute("SELECT value FROM kpis_measurement").fetchall() == [(120,)]
            assert connection.execute("SELECT DISTINCT state FROM jobs_job").fetchall() == [
                ("queued",)
            ]  # kept for later
        health = visitor.get("/healthz")
        say(f"{redis.__name__}: /healthz", health)
        assert health.status == 200
        assert "redis-does-not-answer" in health.html
