"""Writes the lines of a preview: on PostgreSQL by COPY, since a system's file may hold years of months."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from kpis.models import ImportedFile, ImportLine

_FIELDS = [field for field in ImportLine._meta.concrete_fields if not field.primary_key]
_CHUNK = 2_000


def store_lines(file: ImportedFile, lines: Sequence[ImportLine]) -> None:
    """All lines of a file, all or none."""
    for line in lines:
        line.imported_file_id = file.pk
    if connection.vendor == "postgresql" and len(lines) > _CHUNK:
        _copy(lines)
    else:
        ImportLine.objects.bulk_create(lines, batch_size=500)


def _copy(lines: Sequence[ImportLine]) -> None:
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in _FIELDS)
    table = connection.ops.quote_name(ImportLine._meta.db_table)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for chunk in _chunks(lines):
            copy.write(chunk)


def _chunks(lines: Sequence[ImportLine]) -> Iterator[str]:
    """COPY's text format: tab-separated, \\N for nothing."""
    names = [field.attname for field in _FIELDS]
    for start in range(0, len(lines), _CHUNK):
        rows = (
            "\t".join([_written(value) for value in map(line.__dict__.get, names)])
            for line in lines[start : start + _CHUNK]
        )
        yield "\n".join(rows) + "\n"


def _written(value: Any) -> str:
    match value:
        case None:
            return "\\N"
        case bool():
            return "t" if value else "f"
        case Decimal():
            return f"{value:f}"
        case int():
            return str(value)
        case date():
            return value.isoformat()
        case _:
            text = str(value)
            if text.isalnum():
                return text
            escaped = text.replace("\\", "\\\\").replace("\t", "\\t")
            return escaped.replace("\n", "\\n").replace("\r", "\\r")
