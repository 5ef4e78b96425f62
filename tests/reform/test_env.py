"""Reading the environment: what is understood, what is refused, and that the environment wins over .env."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from reform import env


@pytest.fixture(autouse=True)
def _leave_what_settings_found(monkeypatch):
    monkeypatch.setattr(env, "problems", [])
    monkeypatch.setattr(env, "NAMES", set())


@pytest.fixture
def given(monkeypatch):
    def given(value: str) -> None:
        monkeypatch.setenv("X", value)

    return given


@pytest.mark.parametrize(("value", "answer"), [("1", True), ("True", True), ("on", True), ("no", False), ("", False)])
def test_a_flag_is_understood_in_every_usual_spelling(given, value, answer):
    given(value)
    assert env.flag("X", default=False) is answer
    assert env.problems == []


def test_a_list_is_split_at_commas(given):
    given(" kpi.example.lg.jp, 10.1.2.3 ,")
    assert env.words("X", []) == ["kpi.example.lg.jp", "10.1.2.3"]


def test_an_empty_value_counts_as_not_set(given):
    given("  ")
    assert env.text("X", "default") == "default"
    assert env.number("X", 3) == 3


def test_a_choice_is_understood_in_either_case(given):
    given("debug")
    assert env.choice("X", "INFO", ("DEBUG", "INFO")) == "DEBUG"


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("maybe", lambda: env.flag("X", default=False)),
        ("-1", lambda: env.number("X", 0)),
        ("２", lambda: env.number("X", 0)),
        ("LOUD", lambda: env.choice("X", "INFO", ("DEBUG", "INFO"))),
        ("localhost:6379", lambda: env.address("X", {"redis": "redis://ホスト:6379/0"})),
        ("redis://", lambda: env.address("X", {"redis": "redis://ホスト:6379/0"})),
        ("redis://host:port/0", lambda: env.address("X", {"redis": "redis://ホスト:6379/0"})),
        ("mysql://host/name", lambda: env.database("X", Path("unused.sqlite3"))),
        ("postgresql://u:p@host:many/name", lambda: env.database("X", Path("unused.sqlite3"))),
        ("sqlite://", lambda: env.database("X", Path("unused.sqlite3"))),
    ],
)
def test_an_unreadable_value_is_noted_and_the_default_stands(given, monkeypatch, tmp_path, value, read):
    monkeypatch.chdir(tmp_path)
    given(value)
    answer = read()
    assert [name for name, _ in env.problems] == ["X"]
    monkeypatch.delenv("X")
    assert answer == read()


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite:////srv/reform.sqlite3", "/srv/reform.sqlite3"),
        ("sqlite:///:memory:", ":memory:"),
        ("sqlite:////srv/%E5%B8%82.sqlite3", "/srv/市.sqlite3"),
    ],
)
def test_a_database_in_a_file_is_named_by_its_path(given, url, name):
    given(url)
    assert env.database("X", Path("unused.sqlite3"))["NAME"] == name


def test_a_postgresql_server_is_read_into_its_parts(given):
    given("postgresql://reform:p%40ss@db:5433/kpi")
    entry = env.database("X", Path("unused.sqlite3"))
    assert entry["ENGINE"] == "django.db.backends.postgresql"
    assert [entry[part] for part in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        "reform", "p@ss", "db", 5433, "kpi"
    ]  # fmt: skip


def test_the_environment_wins_over_the_file(tmp_path, monkeypatch):
    (tmp_path / ".env").write_text("X=from the file\nY=from the file\n", encoding="utf-8")
    monkeypatch.setenv("X", "from the environment")
    monkeypatch.setenv("Y", "to be restored")
    monkeypatch.delenv("Y")
    env.load_dotenv(tmp_path / ".env")
    assert env.text("X") == "from the environment"
    assert env.text("Y") == "from the file"


def test_a_missing_file_is_nothing_to_speak_of(tmp_path):
    env.load_dotenv(tmp_path / ".env")
    assert env.problems == []


def test_a_wrong_setting_is_a_sentence_and_not_a_traceback():
    wrong = {"REDIS_URL": "localhost", "DATABASE_URL": "oracle://x/y", "LOG_LEVEL": "LOUD", "PROXY_COUNT": "one"}
    answer = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=settings.BASE_DIR,
        env=os.environ | wrong,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr
    assert answer.stderr.count("(reform.E001)") == len(wrong)
    assert all(name in answer.stderr for name in wrong)


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp://mail.lg.jp", 25, False, False),
        ("smtp://kpi:p%40ss@mail.lg.jp:587?tls=true", 587, True, False),
        ("smtps://kpi:p%40ss@mail.lg.jp", 465, False, True),
    ],
)
def test_a_mail_server_is_read_into_its_parts(given, url, port, tls, ssl):
    given(url)
    entry = env.mail("X")
    assert [entry[f"EMAIL_{part}"] for part in ("HOST", "PORT", "USE_TLS", "USE_SSL")] == ["mail.lg.jp", port, tls, ssl]
    assert entry["EMAIL_HOST_PASSWORD"] == ("p@ss" if "@mail" in url else "")


def test_without_a_mail_server_mails_go_to_the_log(given):
    given("")
    assert env.mail("X") == {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
