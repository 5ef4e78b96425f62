"""A SQLite database that was migrated is the one the models describe: most tests build theirs from the models."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

Schema = dict[str, tuple[set[tuple[object, ...]], set[str]]]
_COLUMNS = 'SELECT name, type, "notnull", pk FROM pragma_table_info(?)'
_TRIGGERS = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
_NAMES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"


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


@pytest.fixture
def migrated(tmp_path: Path) -> sqlite3.Connection:
    """What `manage.py migrate` makes of an empty file."""
    file = tmp_path / "new.sqlite3"
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{file}", "REDIS_URL": ""}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=True)
    return sqlite3.connect(file)


def test_migrations_and_models_make_the_same_sqlite_database(migrated, request, db):
    if not request.config.getvalue("nomigrations"):
        pytest.fail("run it with --nomigrations, or it compares the migrations with themselves")
    stored, made = schema_of(migrated), schema_of(connection.connection)
    del stored[MigrationRecorder.Migration._meta.db_table]
    assert stored == made
    assert len(stored) > 50
    assert any(rule.startswith("CREATE TRIGGER") for rule in stored["kpis_revision"][1])
