"""A database of its own that is migrated: on SQLite a file, on PostgreSQL a database of the same server."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
from django.conf import settings
from django.db import connection
from django.db.backends.sqlite3._functions import register

Schema = dict[str, tuple[set[tuple[object, ...]], set[str]]]
_COLUMNS = 'SELECT name, type, "notnull", pk FROM pragma_table_info(?)'
_TRIGGERS = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
_NAMES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
_IN_TURN = """
import json, os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reform.settings")
import django
from django.core.management import call_command
django.setup()
for words in json.loads(sys.argv[1]):
    call_command(*words)
"""


class NewDatabase:
    """Empty at first; `migrate` brings it to a migration, `run` asks it in SQL that both engines share (%s for values)."""

    def __init__(self, url: str, media: Path) -> None:
        self.url = url
        self.environment = os.environ | {"DATABASE_URL": url, "REDIS_URL": "", "MEDIA_ROOT": str(media)}
        self.is_postgresql = url.startswith("postgres")

    @property
    def file(self) -> str:
        """Where it is kept on SQLite."""
        return urlsplit(self.url).path[1:]

    def manage(self, *commands: tuple[str, ...]) -> str:
        """What commands of manage.py print, run in turn in one process: the application takes seconds to load."""
        done = subprocess.run(
            [sys.executable, "-c", _IN_TURN, json.dumps(commands)],
            cwd=settings.BASE_DIR,
            env=self.environment,
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def migrate(self, *targets: tuple[str, str]) -> None:
        """To these migrations of apps, and what they depend on; to the newest of all without any."""
        self.manage(*(("migrate", *target, "--verbosity", "0") for target in targets or [()]))

    def run(self, sql: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
        """In a transaction of its own, as Django's connections are set up."""
        if self.is_postgresql:
            with psycopg.connect(self.url) as server:
                cursor = server.execute(sql, values)  # type: ignore[arg-type]
                return cursor.fetchall() if cursor.description else []
        file = sqlite3.connect(self.file)
        try:
            register(file)  # the functions that Django's constraints call
            file.execute("PRAGMA foreign_keys=ON")
            file.execute("PRAGMA recursive_triggers=ON")
            with file:
                return file.execute(sql.replace("%s", "?"), values or []).fetchall()
        finally:
            file.close()


@contextmanager
def new_database(folder: Path) -> Iterator[NewDatabase]:
    """An empty one, for as long as the block lasts; its files lie in the folder."""
    media = folder / "media"
    media.mkdir()
    if connection.vendor == "sqlite":
        yield NewDatabase(f"sqlite:///{folder / 'new.sqlite3'}", media)
        return
    name = f"new_{uuid4().hex[:12]}"
    server = urlsplit(os.environ["DATABASE_URL"])
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            yield NewDatabase(urlunsplit(server._replace(path=f"/{name}")), media)
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def schema_of(database: sqlite3.Connection) -> Schema:
    """Of each table its columns, the names of its constraints and indexes, and its triggers."""
    found: Schema = {}
    for (table,) in database.execute(_NAMES).fetchall():
        [(sql,)] = database.execute("SELECT sql FROM sqlite_master WHERE name = ?", [table])
        indexes = {name for (name,) in database.execute("SELECT name FROM pragma_index_list(?)", [table])}
        named = {
            word.strip('"')
            for before, word in zip(sql.split(), sql.split()[1:], strict=False)
            if before == "CONSTRAINT"
        }
        triggers = {sql for (sql,) in database.execute(_TRIGGERS, [table])}
        found[table] = (
            set(database.execute(_COLUMNS, [table])),
            named | {n for n in indexes if "autoindex" not in n} | triggers,
        )
    return found
