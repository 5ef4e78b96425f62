"""The rules of rows, made anew in a database that was migrated when they were less than they are."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython

from constraints.rows import RowConstraint


def installs_rules(app_label: str) -> RunPython:
    """An operation of a migration: every RowConstraint of the app's models, as they are at that point. Running it again
    changes nothing."""

    def install(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
        for model in apps.get_app_config(app_label).get_models():
            for rule in model._meta.constraints:
                if isinstance(rule, RowConstraint):
                    rule.install(model, schema_editor)

    return RunPython(install, RunPython.noop)
