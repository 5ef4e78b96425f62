"""What a migration does beside making tables whose rules are triggers."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython

from constraints.rows import MADE_HERE

_LEFT_BEHIND = """
SELECT function.oid::regprocedure
FROM pg_proc AS function
WHERE function.pronamespace = current_schema()::regnamespace
  AND function.prorettype = 'trigger'::regtype
  AND strpos(function.prosrc, %s) > 0
  AND NOT EXISTS (SELECT 1 FROM pg_trigger AS used WHERE used.tgfoid = function.oid)
"""


def drop_functions_left_behind(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """On PostgreSQL a dropped table takes its triggers along and leaves their functions. Drops those of RowConstraint that
    no trigger calls."""
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(_LEFT_BEHIND, [MADE_HERE])
        for (function,) in cursor.fetchall():
            cursor.execute(f"DROP FUNCTION {function}")


def rules_go_with_their_tables() -> RunPython:
    """The first operation of an app's first migration: it is the last one undone, when the tables are gone."""
    return RunPython(RunPython.noop, drop_functions_left_behind)
