"""Worlds that take seconds to build: a process builds each once, and every file that asks finds it as it was built.

On SQLite the database's pages are kept in memory and copied back. Another engine builds the world again for each file, in
a transaction that is undone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import TestCase

from jobs.dispatch import finish_work_here

World = TypeVar("World")
#: Of each world its pages, and what its builder gave.
_built: dict[str, tuple[sqlite3.Connection, Any]] = {}


@contextmanager
def built_once(name: str, build: Callable[[], World]) -> Iterator[World]:
    """The world is in the database while this lasts, on top of what was there before; background work is done.

    What lies outside the database (files, the clock) is the caller's, and has to be the same each time.
    """
    if connection.vendor != "sqlite":
        with _outermost():
            yield _with_its_work(build)
            transaction.set_rollback(True)
        return
    before = _pages()
    try:
        if name in _built:
            _bring_back(_built[name][0])
        else:
            with _outermost():
                made = _with_its_work(build)
                connection.run_on_commit = []  # done above
            _built[name] = _pages(), made
        yield _built[name][1]
    finally:
        _bring_back(before)


@contextmanager
def _outermost() -> Iterator[None]:
    """As TestCase's transaction: a durable block may stand within."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield


@contextmanager
def read_in(file: Path) -> Iterator[None]:
    """On SQLite: what is in that file is in the tests' own database while this lasts."""
    before = _pages()
    try:
        with closing(sqlite3.connect(file)) as pages:
            _bring_back(pages)
        yield
    finally:
        _bring_back(before)


def _with_its_work(build: Callable[[], World]) -> World:
    with finish_work_here(), TestCase.captureOnCommitCallbacks(execute=True):
        return build()


def _pages() -> sqlite3.Connection:
    connection.ensure_connection()
    copy = sqlite3.connect(":memory:")
    connection.connection.backup(copy)
    return copy


def _bring_back(pages: sqlite3.Connection) -> None:
    pages.backup(connection.connection)
    ContentType.objects.clear_cache()  # a test that committed gave the types other numbers
