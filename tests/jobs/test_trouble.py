"""What lies beneath is told from faults of the code: by real errors where the machine can make them."""

from __future__ import annotations

import errno
import socket
import sqlite3

import psycopg
import pytest
import redis
from django.db import InterfaceError, OperationalError
from kombu.exceptions import OperationalError as BrokerError

from jobs.trouble import Trouble, trouble_of


def of_django(cause: Exception, kind: type[Exception] = OperationalError) -> Exception:
    """As Django raises it."""
    error = kind(str(cause))
    error.__cause__ = cause
    return error


def sqlite_error(act) -> Exception:
    with pytest.raises(sqlite3.OperationalError) as caught:
        act()
    return of_django(caught.value)


def test_a_full_sqlite_file_is_a_full_disk(tmp_path):
    connection = sqlite3.connect(tmp_path / "db")
    connection.execute("CREATE TABLE t (x)")
    connection.execute("PRAGMA max_page_count = 3")
    error = sqlite_error(lambda: connection.execute("INSERT INTO t VALUES (?)", ["x" * 100_000]))
    assert trouble_of(error) is Trouble.DISK


def test_a_locked_sqlite_file_is_busy(tmp_path):
    first, second = (sqlite3.connect(tmp_path / "db", timeout=0, isolation_level=None) for _ in range(2))
    first.execute("BEGIN IMMEDIATE")
    assert trouble_of(sqlite_error(lambda: second.execute("BEGIN IMMEDIATE"))) is Trouble.BUSY


@pytest.mark.parametrize("statement", ["SELECT * FROM missing", "SELEC"])
def test_a_wrong_statement_is_no_trouble_though_sqlite_calls_it_operational(statement):
    connection = sqlite3.connect(":memory:")
    assert trouble_of(sqlite_error(lambda: connection.execute(statement))) is None


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        (psycopg.OperationalError("connection refused"), Trouble.DATABASE),
        (psycopg.errors.AdminShutdown(), Trouble.DATABASE),
        (psycopg.errors.CannotConnectNow(), Trouble.DATABASE),
        (psycopg.errors.TooManyConnections(), Trouble.DATABASE),
        (psycopg.errors.DiskFull(), Trouble.DISK),
        (psycopg.errors.IoError(), Trouble.DISK),
        (psycopg.errors.DeadlockDetected(), Trouble.BUSY),
        (psycopg.errors.LockNotAvailable(), Trouble.BUSY),
    ],
)
def test_what_postgresql_says_is_sorted_by_its_state(cause, expected):
    assert trouble_of(of_django(cause)) is expected


def test_a_closed_connection_is_a_database_away():
    assert (
        trouble_of(of_django(psycopg.InterfaceError("connection already closed"), InterfaceError)) is Trouble.DATABASE
    )


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EROFS])
def test_no_room_for_a_file_is_a_full_disk(number):
    assert trouble_of(OSError(number, "x")) is Trouble.DISK


@pytest.mark.parametrize("error", [FileNotFoundError(errno.ENOENT, "x"), ValueError("x"), KeyError("x"), None])
def test_other_errors_are_no_trouble(error):
    assert trouble_of(error) is None


def test_a_redis_that_is_gone_is_told(unused_port):
    with pytest.raises(redis.exceptions.ConnectionError) as caught:
        redis.Redis(port=unused_port, retry=None).ping()
    assert trouble_of(caught.value) is Trouble.REDIS
    assert trouble_of(BrokerError("x")) is Trouble.REDIS


def test_trouble_is_found_beneath_what_it_was_wrapped_in():
    outer = RuntimeError("while saving")
    outer.__cause__ = OSError(errno.ENOSPC, "x")
    assert trouble_of(outer) is Trouble.DISK


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
