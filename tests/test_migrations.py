"""Each app has one first migration; what they make is what the models describe, and it can be undone and made again."""

from __future__ import annotations

import ast
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from constraints.rows import MADE_HERE, RowConstraint
from tests.new_database import NewDatabase, new_database, schema_of

#: It migrates from nothing; and a file of tests with and without Django's database would be torn in two, and migrate twice.
pytestmark = [pytest.mark.timeout(600), pytest.mark.django_db]
#: What a migration may name of our own: modules that never move.
LASTING = {"constraints.rows", "constraints.installing", "kpis.models.columns", "accounts.models.columns"}
OTHERS = {"django", "decimal", "datetime"}
APPS = [app.label for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR]


def guarded() -> Iterator[tuple[str, RowConstraint]]:
    """Every table that keeps its rows, with the rule that says so."""
    for model in apps.get_models():
        for rule in model._meta.constraints:
            if isinstance(rule, RowConstraint) and rule.keeps_rows:
                yield model._meta.db_table, rule


def migration_files() -> list[Path]:
    return sorted(path for app in APPS for path in (settings.BASE_DIR / app / "migrations").glob("[0-9]*.py"))


@pytest.fixture(scope="module")
def migrated(tmp_path_factory, django_db_setup) -> Iterator[NewDatabase]:
    with new_database(tmp_path_factory.mktemp("new")) as database:
        database.migrate()
        yield database


def test_an_app_begins_with_one_migration_and_none_takes_the_place_of_others() -> None:
    for app in APPS:
        firsts = [path.name for path in migration_files() if path.parts[-3] == app and path.name.startswith("0001")]
        assert firsts in ([], ["0001_initial.py"])
    assert len({path.parts[-3] for path in migration_files()}) > 5
    assert [path for path in migration_files() if "replaces =" in path.read_text()] == []


def test_migrations_name_nothing_of_ours_that_may_move() -> None:
    for path in migration_files():
        named = set()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                named |= {alias.name for alias in node.names}
            if isinstance(node, ast.ImportFrom) and node.module:
                named.add(node.module)
        assert {name for name in named if name.partition(".")[0] not in OTHERS} <= LASTING, path


def test_an_app_whose_rules_are_triggers_drops_their_functions_at_last() -> None:
    for app in {model._meta.app_label for model in apps.get_models() if _has_rules(model)}:
        text = (settings.BASE_DIR / app / "migrations" / "0001_initial.py").read_text()
        assert "operations = [\n        rules_go_with_their_tables()," in text, app


def _has_rules(model: type) -> bool:
    return any(isinstance(rule, RowConstraint) for rule in model._meta.constraints)  # type: ignore[attr-defined]


def test_every_table_that_is_kept_refuses_to_be_emptied(migrated) -> None:
    assert {"kpis_closing", "kpis_measurement", "accounts_deputy", "kpis_revision"} <= {table for table, _ in guarded()}
    if migrated.is_postgresql:
        for table, rule in guarded():
            with pytest.raises(psycopg.errors.CheckViolation, match=rule.name):
                migrated.run(f"TRUNCATE {table} CASCADE")
    kept = {name for (name,) in migrated.run(_TRIGGERS[migrated.is_postgresql])}
    ending = "_truncate" if migrated.is_postgresql else "_delete"
    assert {f"{rule.name}{ending}" for _, rule in guarded()} <= kept


def test_migrations_and_models_make_the_same_sqlite_database(migrated, request, db) -> None:
    """Most tests build theirs from the models."""
    if not request.config.getvalue("nomigrations"):
        pytest.fail("run it with --nomigrations, or it compares the migrations with themselves")
    with closing(sqlite3.connect(migrated.file)) as file:
        stored = schema_of(file)
    del stored[MigrationRecorder.Migration._meta.db_table]
    assert stored == schema_of(connection.connection)
    assert len(stored) > 50
    assert any(rule.startswith("CREATE TRIGGER") for rule in stored["kpis_revision"][1])


def test_what_was_undone_leaves_nothing_behind_and_is_made_again(migrated) -> None:
    """The last test of this database."""
    said = _DEFINITIONS[migrated.is_postgresql]
    before = migrated.run(said)
    assert len(before) > 20
    migrated.migrate(*((app, "zero") for app in APPS if (settings.BASE_DIR / app / "migrations").is_dir()))
    assert migrated.run(said) == []
    if migrated.is_postgresql:
        left = f"SELECT proname FROM pg_proc WHERE prosrc LIKE '%%{MADE_HERE}%%' AND %s = 1"
        assert migrated.run(left, [1]) == []
    migrated.migrate()
    assert migrated.run(said) == before


_TRIGGERS = {
    True: "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    False: "SELECT name FROM sqlite_master WHERE type = 'trigger'",
}
_DEFINITIONS = {
    True: "SELECT pg_get_triggerdef(t.oid), pg_get_functiondef(tgfoid) FROM pg_trigger t"
    " WHERE NOT tgisinternal ORDER BY 1",
    False: "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
}
