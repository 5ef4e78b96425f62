"""The worker of the test run is real: another process, the same database, and its death loses no job."""

from __future__ import annotations

import os

from django.db import connection


def test_the_database_is_postgresql_18(db):
    assert connection.vendor == "postgresql"
    assert connection.pg_version >= 180000


def test_tasks_run_in_another_process(worker):
    children = worker.children()
    assert len(children) == 1
    assert os.getpid() not in (worker.pid, *children)
