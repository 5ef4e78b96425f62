"""What the settings make of a database, of log lines and of time."""

from __future__ import annotations

import logging
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.utils import timezone

from reform import env

ASK_SQLITE = """
import django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout"):
        print(name, cursor.execute(f"PRAGMA {name}").fetchone()[0])
print("begin", connection.transaction_mode)
"""


@pytest.fixture
def python(tmp_path):
    """Runs a piece of Python with the settings of a machine where nothing is set but a SQLite file."""

    def python(code: str, **environment: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", code],
            cwd=settings.BASE_DIR,
            env={"DJANGO_SETTINGS_MODULE": "reform.settings", "DATABASE_URL": f"sqlite:///{tmp_path}/a.sqlite3"}
            | environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    return python


def test_sqlite_serves_readers_while_somebody_writes_and_waits_for_other_writers(python):
    assert python(ASK_SQLITE).split("\n")[:-1] == [
        "journal_mode wal",
        "synchronous 1",
        "foreign_keys 1",
        "busy_timeout 20000",
        "begin IMMEDIATE",
    ]


def test_postgresql_connections_are_kept_and_looked_at_before_use(monkeypatch):
    monkeypatch.setenv("X", "postgresql://u:p@db/kpi")
    entry = env.database("X", settings.BASE_DIR / "unused")
    env.NAMES.discard("X")
    assert (entry["CONN_MAX_AGE"], entry["CONN_HEALTH_CHECKS"]) == (60, True)


def test_the_day_begins_at_midnight_in_japan():
    assert settings.TIME_ZONE == "Asia/Tokyo"
    assert timezone.localtime().utcoffset().total_seconds() == 9 * 3600


def test_a_log_line_says_when_by_the_clock_of_the_city():
    formatter = next(handler.formatter for handler in logging.getLogger().handlers if _is_ours(handler))
    line = formatter.format(logging.LogRecord("kpis", logging.INFO, "", 0, "回答を承認", None, None))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0900 INFO kpis 回答を承認", line)


def _is_ours(handler: logging.Handler) -> bool:
    return getattr(handler.formatter, "_fmt", "") == settings.LOGGING["formatters"]["line"]["format"]


def test_a_management_command_says_what_it_has_to_say_and_nothing_else():
    answer = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    assert answer.stderr == ""
    assert answer.stdout == "System check identified no issues (0 silenced).\n"
