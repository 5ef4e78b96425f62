"""Two that migrate at once, as web and worker do when they start together, go one after the other."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from constraints.turns import turn_to_migrate

SOON = 20  # seconds


@pytest.fixture
def database(db, tmp_path) -> BaseDatabaseWrapper:
    """The test's database; of SQLite one in a file, as a database in memory has nobody else."""
    if connection.vendor == "postgresql":
        return connections["default"]
    other = connections["default"].copy()
    other.settings_dict = connection.settings_dict | {"NAME": str(tmp_path / "x.sqlite3")}
    return other


def test_the_second_waits_until_the_first_is_through(database):
    waits, is_in = threading.Event(), threading.Event()

    def second() -> None:
        with turn_to_migrate(database, waits.set):
            is_in.set()

    thread = threading.Thread(target=second)
    with turn_to_migrate(database, lambda: pytest.fail("nobody else is there")):
        thread.start()
        assert waits.wait(SOON)
        assert not is_in.wait(0.2)
    assert is_in.wait(SOON)
    thread.join(SOON)


def test_a_turn_that_failed_is_given_back(database):
    with pytest.raises(ZeroDivisionError), turn_to_migrate(database, lambda: None):
        raise ZeroDivisionError
    with turn_to_migrate(database, lambda: pytest.fail("nobody else is there")):
        pass


def migrating(file: Path) -> subprocess.Popen[str]:
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{file}",
        "REDIS_URL": "",
        "SECRET_KEY": "only-for-the-tests",
    }
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    return subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def test_two_processes_that_migrate_a_new_database_both_end_well(tmp_path):
    both = [migrating(tmp_path / "new.sqlite3") for _ in range(2)]
    said = [process.communicate(timeout=100)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sum("終わるのを待っています" in text for text in said) <= 1


def test_the_command_is_the_one_that_waits():
    assert get_commands()["migrate"] == "reform"
