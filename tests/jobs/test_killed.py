"""One process on SQLite is killed (kill -9) at each step of an approval and of an export, and started again.

By itself, without a click, the approved value reaches the summaries, the edition is made, and no job hangs.
"""

from __future__ import annotations

import shutil
import signal
import sqlite3
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings

from tests.built_once import read_in
from tests.killed import act, environment, prepare_file, server, wait_until
from tests.killing import OF_AN_APPROVAL, OF_AN_EXPORT

#: Its tables are copied (prepare_file); nothing is open on it meanwhile.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def prepared(django_db_setup, django_db_blocker, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with an entry that waits for approval and a report."""
    with django_db_blocker.unblock():
        return prepare_file(tmp_path_factory.mktemp("prepared"))


@pytest.fixture
def installation(prepared: Path, tmp_path: Path) -> Path:
    shutil.copy(prepared, tmp_path / "db.sqlite3")
    return tmp_path


def one(folder: Path, query: str) -> object:
    with sqlite3.connect(folder / "db.sqlite3", timeout=20) as connection:
        return connection.execute(query).fetchone()[0]


def nothing_hangs(folder: Path) -> bool:
    return one(folder, "SELECT count(*) FROM jobs_job WHERE state NOT IN ('done', 'merged')") == 0


def env_of(folder: Path) -> dict[str, str]:
    return environment(folder, f"sqlite:///{folder}/db.sqlite3")


def audit(folder: Path) -> None:
    """Here, for another process takes seconds to load the application."""
    with read_in(folder / "db.sqlite3"), override_settings(MEDIA_ROOT=folder / "media"):
        call_command("audit_summaries")


@pytest.mark.parametrize("step", OF_AN_APPROVAL)
def test_an_approval_killed_at_any_step_reaches_the_summaries(installation, step):
    env, mark = env_of(installation), installation / "killed"
    assert act("approve", env, kill_at=step, mark=mark) == -signal.SIGKILL
    approved = one(installation, "SELECT count(*) FROM kpis_measurement")
    assert approved == (0 if step == "value recorded, not committed" else 1)
    if not approved:  # nothing was promised: the chief sees the entry still waiting, and approves it
        assert nothing_hangs(installation)
        return
    with server(installation, env):
        wait_until(lambda: nothing_hangs(installation))
    audit(installation)
    assert one(installation, "SELECT count(*) FROM kpis_summary WHERE span = 'month' AND value = 120") == 1


@pytest.mark.parametrize("step", OF_AN_EXPORT)
def test_an_export_killed_at_any_step_is_made_once(installation, step):
    env, mark = env_of(installation), installation / "killed"
    assert act("export", env, kill_at=step, mark=mark) == -signal.SIGKILL
    with server(installation, env):
        wait_until(lambda: nothing_hangs(installation))
    assert one(installation, "SELECT count(*) FROM reports_edition WHERE pdf_sha256 <> ''") == 1
    files = sorted(path.name for path in (installation / "media/editions").iterdir())
    kept = one(installation, "SELECT html || '|' || pdf FROM reports_edition")
    assert files == sorted(Path(name).name for name in str(kept).split("|"))  # none is left over
