"""One at a time, across processes: who changes the tables."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from django.db.backends.base.base import BaseDatabaseWrapper

#: The advisory lock of PostgreSQL: a number that this project uses for nothing else.
MIGRATING = 7_205_610_439


def turn_to_migrate(connection: BaseDatabaseWrapper, waiting: Callable[[], None]) -> AbstractContextManager[None]:
    """Holds the turn of this database; `waiting` is called once where somebody else has it.

    The turn ends with the process, however it ends: both locks belong to a connection or an open file.
    """
    if connection.vendor == "postgresql":
        return _advisory_lock(connection, waiting)
    if connection.vendor == "sqlite" and not connection.is_in_memory_db():  # type: ignore[attr-defined]
        return _file_lock(f"{connection.settings_dict['NAME']}.migrating", waiting)
    return nullcontext()


@contextmanager
def _advisory_lock(connection: BaseDatabaseWrapper, waiting: Callable[[], None]) -> Iterator[None]:
    # A connection of its own: what is migrated may close or roll back the other.
    holder = connection.copy()
    try:
        with holder.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [MIGRATING])
            if cursor.fetchone() != (True,):
                waiting()
                cursor.execute("SET statement_timeout = 0; SET lock_timeout = 0")
                cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
            yield
    finally:
        holder.close()


@contextmanager
def _file_lock(path: str, waiting: Callable[[], None]) -> Iterator[None]:
    # The file stays: a second process may already wait for it.
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)
