"""gunicorn.conf.py, read as gunicorn reads it."""

from __future__ import annotations

import sys
from unittest import mock

from django.conf import settings
from gunicorn.app.wsgiapp import WSGIApplication
from gunicorn.config import Config

from accounts.door.hashing import turns


def configuration(monkeypatch, **environment: str) -> Config:
    """What gunicorn makes of the file, with these variables set."""
    for name in ("BIND", "REDIS_URL", "WEB_PROCESSES", "WEB_THREADS", "GUNICORN_CMD_ARGS"):
        monkeypatch.setenv(name, environment.get(name, ""))
    monkeypatch.chdir(settings.BASE_DIR)
    monkeypatch.setattr(sys, "argv", ["gunicorn"])
    with mock.patch("gunicorn.workers.gthread.DEFAULT_WORKER_DATA_TIMEOUT", 5):
        return WSGIApplication().cfg


def test_by_default_nobody_but_this_machine_reaches_it(monkeypatch):
    assert configuration(monkeypatch).address == [("127.0.0.1", 8000)]


def test_without_redis_one_process_keeps_its_jobs_and_is_not_replaced(monkeypatch):
    found = configuration(monkeypatch)
    assert (found.workers, found.threads, found.max_requests) == (1, 12, 0)


def test_with_redis_processes_are_replaced_in_time(monkeypatch):
    found = configuration(monkeypatch, REDIS_URL="redis://localhost:6379/0")
    assert (found.workers, found.max_requests) == (2, 5000)


def test_the_environment_says_where_and_how_many(monkeypatch):
    found = configuration(monkeypatch, BIND="0.0.0.0:9000", WEB_PROCESSES="3", WEB_THREADS="4")
    assert (found.address, found.workers, found.threads) == ([("0.0.0.0", 9000)], 3, 4)


def test_the_heads_of_requests_are_bounded(monkeypatch):
    found = configuration(monkeypatch)
    assert (found.limit_request_line, found.limit_request_fields, found.limit_request_field_size) == (8190, 64, 8190)


def test_half_of_the_threads_go_on_answering_while_people_sign_in(monkeypatch):
    assert turns.places <= configuration(monkeypatch).threads / 2


def test_what_it_writes_is_for_its_own_user(monkeypatch):
    assert configuration(monkeypatch).umask == 0o077
