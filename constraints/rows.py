"""A rule about a row beside the rows of its table, or beside what the row was before.

SQL's CHECK sees one row as it is to be. What needs a second look - a name that never changes, two departments in the
same month - is a trigger here, on SQLite and PostgreSQL alike, declared in `Meta.constraints` like every other rule:
migrations make it, a form asks it before saving, and it carries a name and a sentence for the clerk.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.models.constraints import BaseConstraint

_SHARES_A_DAY = (
    "EXISTS (SELECT 1 FROM {table} other WHERE other.COLUMN = NEW.COLUMN AND other.id <> COALESCE(NEW.id, 0)"
    " AND other.valid_from <= COALESCE(NEW.valid_to, '9999-12-31')"
    " AND NEW.valid_from <= COALESCE(other.valid_to, '9999-12-31'))"
)
#: Stands in each function, so that those of tables that went can be told from others (constraints.installing).
MADE_HERE = "-- constraints.rows"
_COLUMN = re.compile(r"\b(NEW|OLD)\.(\w+)")


class RowConstraint(BaseConstraint):
    """Refuses a row of which `refused` is true.

    `refused` is a condition in the SQL that both engines share: `NEW.column` is what is to be written, `OLD.column` what
    stood there before, `{table}` the rows of the table as they are afterwards. A condition that asks for OLD is asked of
    changes only. With `keeps_rows`, deleting asks it too, and PostgreSQL's TRUNCATE, which no row trigger sees, is refused
    (SQLite has none; its INSERT OR REPLACE deletes under `PRAGMA recursive_triggers`, which reform.env sets). With
    `may_change` as well, deleting alone asks it.

    `in_turn` names a column: on PostgreSQL, writers of rows with the same value there wait for each other, so that two at
    once do not each miss what the other writes. (SQLite has one writer.)
    """

    #: The sentence is part of the trigger: another one makes it anew.
    non_db_attrs = ("violation_error_code",)

    def __init__(
        self,
        *,
        name: str,
        refused: str,
        in_turn: str = "",
        keeps_rows: bool = False,
        may_change: bool = False,
        violation_error_message: str,
    ) -> None:
        self.refused, self.in_turn, self.keeps_rows, self.may_change = refused, in_turn, keeps_rows, may_change
        super().__init__(name=name, violation_error_message=violation_error_message)

    @property
    def events(self) -> tuple[str, ...]:
        if self.may_change:
            return ("DELETE",)
        changes = ("UPDATE",) if "OLD." in self.refused else ("INSERT", "UPDATE")
        return (*changes, "DELETE") if self.keeps_rows else changes

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: Collection[str] | None = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        """Raises ValidationError where the database would refuse the instance."""
        if self.may_change:
            return
        asked = _COLUMN.findall(self.refused)
        fields = {str(field.column): field for field in model._meta.concrete_fields}
        if {fields[column].name for _, column in asked} & set(exclude or ()):
            return
        before: dict[str, Any] = {}
        if any(row == "OLD" for row, _ in asked):
            found = model._base_manager.using(using).filter(pk=instance.pk).first()
            if found is None:  # it is not a change
                return
            before = {column: getattr(found, field.attname) for column, field in fields.items()}
        connection = connections[using]
        values: list[Any] = []

        def placeholder_of(field: models.Field[Any, Any]) -> str:
            # PostgreSQL must be told what kind of NULL it is; SQLite would make a number of a day.
            return f"CAST(%s AS {field.db_type(connection)})" if connection.vendor == "postgresql" else "%s"

        def placeholder(match: re.Match[str]) -> str:
            field = fields[match[2]]
            value = before[match[2]] if match[1] == "OLD" else getattr(instance, field.attname)
            values.append(field.get_db_prep_value(value, connection))
            return placeholder_of(field)

        table = connection.ops.quote_name(model._meta.db_table)
        with connection.cursor() as cursor:
            # The condition is a developer's, the values are parameters.
            condition = _COLUMN.sub(placeholder, self.refused.replace("%", "%%")).replace("{table}", table)
            cursor.execute(f"SELECT 1 WHERE {condition}", values)
            if cursor.fetchone():
                raise ValidationError(self.get_violation_error_message(), code=self.violation_error_code)

    def get_violation_error_message(self) -> str:
        """The sentence as it stands. Django's own would take a `%` in it for a place to fill."""
        return str(self.violation_error_message)

    # The stubs have Django's own callers in mind, which pass None for what a new table does not need.
    def constraint_sql(  # type: ignore[override]
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> None:
        """A new table gets its triggers when it stands (SQLite makes a table anew for each constraint)."""
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))
            return
        schema_editor.deferred_sql.extend(self._sqlite_triggers(model, schema_editor))

    def create_sql(  # type: ignore[override]
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> Statement:
        turn = f"PERFORM pg_advisory_xact_lock(hashtextextended('{self.name} ' || NEW.{self.in_turn}, 0));\n"
        return self._statement(
            f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $rule$\n{MADE_HERE}\nBEGIN\n"
            f"{self._refusing_truncate if self.keeps_rows else ''}"
            f"{turn if self.in_turn else ''}IF {self._condition} THEN\n"
            f"{self._raise}END IF;\nRETURN NULL;\nEND $rule$;\n"
            f"CREATE TRIGGER {self.name} AFTER {' OR '.join(self.events)} ON %(table)s\n"
            f"FOR EACH ROW EXECUTE FUNCTION {self.name}()" + (self._before_truncate if self.keeps_rows else ""),
            model,
            schema_editor,
        )

    def _sqlite_triggers(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> list[Statement]:
        return [
            self._statement(
                f"CREATE TRIGGER {self.name}_{event.lower()} AFTER {event} ON %(table)s WHEN {self._condition}\n"
                f"BEGIN SELECT RAISE(ABORT, {self._complaint}); END",
                model,
                schema_editor,
            )
            for event in self.events
        ]

    def remove_sql(  # type: ignore[override]
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> Statement:
        return self._statement(
            f"DROP TRIGGER {self.name} ON %(table)s;\nDROP TRIGGER IF EXISTS {self.name}_truncate ON %(table)s;\n"
            f"DROP FUNCTION {self.name}()",
            model,
            schema_editor,
        )

    @property
    def _raise(self) -> str:
        rule = f"ERRCODE = 'check_violation', CONSTRAINT = '{self.name}', MESSAGE = {self._complaint}"
        return f"RAISE EXCEPTION USING {rule};\n"

    @property
    def _refusing_truncate(self) -> str:
        """A statement's trigger has no OLD to ask: emptying the table is refused whatever stands in it."""
        return f"IF TG_OP = 'TRUNCATE' THEN {self._raise}END IF;\n"

    @property
    def _before_truncate(self) -> str:
        return (
            f";\nCREATE TRIGGER {self.name}_truncate BEFORE TRUNCATE ON %(table)s\n"
            f"FOR EACH STATEMENT EXECUTE FUNCTION {self.name}()"
        )

    @property
    def _condition(self) -> str:
        return self.refused.replace("%", "%%").replace("{table}", "%(table)s")

    @property
    def _complaint(self) -> str:
        """What the database says, as a string of SQL: the name of the rule, and its sentence.

        `%` stands twice: it becomes part of a Statement, which is a template of Python's `%`.
        """
        text = f"{self.name}: {self.violation_error_message}".replace("'", "''").replace("%", "%%")
        return f"'{text}'"

    def _statement(self, sql: str, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> Statement:
        return Statement(sql, table=Table(model._meta.db_table, schema_editor.quote_name))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, RowConstraint):
            return self.deconstruct() == other.deconstruct()
        return NotImplemented

    __hash__ = BaseConstraint.__hash__

    def __repr__(self) -> str:
        return f"<RowConstraint: {self.name} refused={self.refused!r}>"

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        kwargs |= {"refused": self.refused}
        if self.in_turn:
            kwargs["in_turn"] = self.in_turn
        if self.keeps_rows:
            kwargs["keeps_rows"] = True
        if self.may_change:
            kwargs["may_change"] = True
        return path, args, kwargs


def never_changes(name: str, message: str) -> RowConstraint:
    """Rows that are written once, and neither changed nor deleted: what history stands on."""
    return RowConstraint(name=name, refused="OLD.id IS NOT NULL", keeps_rows=True, violation_error_message=message)


def never_deleted(name: str, message: str, *, when: str = "OLD.id IS NOT NULL") -> RowConstraint:
    """Rows that change and are not taken away (`when`: of which this is true)."""
    return RowConstraint(name=name, refused=when, keeps_rows=True, may_change=True, violation_error_message=message)


def never_two_at_once(name: str, column: str, message: str) -> RowConstraint:
    """Rows with the same value in `column` share no day, from `valid_from` to `valid_to` (NULL: open)."""
    return RowConstraint(
        name=name,
        refused=_SHARES_A_DAY.replace("COLUMN", column),
        in_turn=column,
        violation_error_message=message,
    )
