"""What is wrong beneath the application: database, disk or Redis. Such an error passes; one of the code does not.

`trouble_of` is pure: an exception goes in, its kind comes out.
"""

from __future__ import annotations

import enum
import errno
import sqlite3
from collections.abc import Iterator

import redis.exceptions
from django.db import InterfaceError, OperationalError
from kombu.exceptions import OperationalError as BrokerError


class Trouble(enum.Enum):
    """What does not answer or is full."""

    DATABASE = "database"
    BUSY = "busy"
    DISK = "disk"
    REDIS = "redis"


#: EFBIG: the process may not write so large a file (RLIMIT_FSIZE); EROFS: the disk fell back to reading only.
DISK_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}
#: Result codes of SQLite (https://www.sqlite.org/rescode.html); extended ones hold these in their low byte.
SQLITE = {
    sqlite3.SQLITE_BUSY: Trouble.BUSY,
    sqlite3.SQLITE_LOCKED: Trouble.BUSY,
    sqlite3.SQLITE_FULL: Trouble.DISK,
    sqlite3.SQLITE_IOERR: Trouble.DISK,
    sqlite3.SQLITE_READONLY: Trouble.DISK,
    sqlite3.SQLITE_CANTOPEN: Trouble.DATABASE,
    sqlite3.SQLITE_PROTOCOL: Trouble.BUSY,
}
#: Classes of SQLSTATE (PostgreSQL, appendix A): connection, resources, operator, system.
POSTGRESQL = {
    "08": Trouble.DATABASE,
    "53": Trouble.DATABASE,
    "57": Trouble.DATABASE,
    "58": Trouble.DISK,
    "55": Trouble.BUSY,
    "40": Trouble.BUSY,
}
DISK_FULL = "53100"
READ_ONLY = "25006"


def trouble_of(error: BaseException | None) -> Trouble | None:
    """The kind of trouble an exception, or what it was raised from, tells of; None for any other error."""
    for each in _chain(error):
        found = _of_one(each)
        if found is not None:
            return found
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _of_one(error: BaseException) -> Trouble | None:
    if isinstance(error, OperationalError | InterfaceError):
        return _of_database(error)
    if isinstance(error, redis.exceptions.RedisError | BrokerError):
        return Trouble.REDIS
    if isinstance(error, OSError) and error.errno in DISK_ERRORS:
        return Trouble.DISK
    return None


def _of_database(error: BaseException) -> Trouble | None:
    """A wrong statement is OperationalError too on SQLite (a missing table): that is no trouble of the machine."""
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return SQLITE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
    state = getattr(cause, "sqlstate", None)
    if state is None:  # no answer came: refused, closed, timed out
        return Trouble.DATABASE
    if state in (DISK_FULL, READ_ONLY):
        return Trouble.DISK
    return POSTGRESQL.get(state[:2])
