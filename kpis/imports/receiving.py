"""Takes a file in: read once to see that it can be read, and kept as it was with who handed it in and when."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from accounts.models import Assignment
from kpis.imports.being_read import Unreadable
from kpis.imports.leaving_out import LeftOut, of_sheets
from kpis.imports.standard import HEADINGS, with_totals_named
from kpis.models import ImportedFile
from sheets import FileRefused, Table, Tables, goes_on, open_tables, torn_said

if TYPE_CHECKING:
    from accounts.access import Access
    from accounts.models import Department


@dataclass(frozen=True)
class Found:
    """A table of a file, by its number in the file."""

    number: int
    table: Table

    @property
    def label(self) -> str:
        table = self.table
        sheet = f"シート「{table.sheet}」 " if table.sheet else ""
        hidden = "（表示されていないシート）" if table.is_hidden else ""
        return f"{sheet}{hidden}{table.first_row}〜{table.last_row}行目（{len(table.columns)}列）"


def may_import(access: Access, department: Department | None) -> bool:
    """An editor for an own department; 取りまとめ課 for all departments."""
    if department is None:
        return access.is_reform_office
    return access.may_enter(department.pk)


def receive(
    data: bytes, name: str, *, access: Access, department: Department | None, records: bool = False
) -> ImportedFile:
    """Keeps a file that can be read. Its values become entries of `department`, or (None, for 取りまとめ課) of whichever
    department reports each; with `records` they count at once, which is for values of the past.

    Raises ValidationError with the reason where the file cannot be read; nothing is kept then.
    """
    if records and department is not None:
        raise PermissionDenied
    if not may_import(access, department):
        raise PermissionDenied
    opened = _opened(data, name)
    if not opened.tables:
        raise ValidationError(
            "表が見つかりません。見出しと値のある表を、1つのシートに入れて保存し直してください。", code="no_table"
        )
    if torn := torn_said([number for found in opened.tables for number in found.unclear]):
        raise ValidationError(torn, code="torn")
    roles = (Assignment.Role.EDITOR,) if department else (Assignment.Role.REFORM_OFFICE,)
    file = ImportedFile(
        name=PurePath(name.replace("\\", "/")).name[:200] or "ファイル",
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        department=department,
        way=ImportedFile.Way.RECORD if records else ImportedFile.Way.REPORT,
        uploaded_by=access.user,  # type: ignore[misc]
        uploaded_post=access.post_in(department.pk if department else None, *roles),
        uploaded_at=timezone.now(),
        understood={"warnings": list(opened.warnings), "kind": opened.kind, "encoding": opened.encoding},
    )
    with transaction.atomic():
        # The name on disk is ours: what a file is called says nothing safe.
        file.file.save(f"{file.sha256[:16]}.{opened.kind}", ContentFile(data), save=False)
        file.save()
    file.just_read = opened
    return file


def _opened(data: bytes, name: str) -> Tables:
    """The file's tables. Raises ValidationError for what sheets refuses."""
    try:
        return open_tables(data, name, HEADINGS)
    except FileRefused as refused:
        raise ValidationError(str(refused), code="file") from refused


def _sorted(tables: Sequence[Table]) -> list[Found]:
    """All tables of the file, the largest first; those on sheets that are not shown come last."""
    found = [Found(number, with_totals_named(table)) for number, table in enumerate(tables)]
    later = {number for number in range(1, len(tables)) if goes_on(tables[number], tables[number - 1])}
    # What goes on without a year of its own is read with the table that it goes on from.
    return sorted(
        found,
        key=lambda each: (
            each.table.is_hidden,
            each.number in later,
            -len(each.table.rows) * len(each.table.columns),
        ),
    )


def read_again(file: ImportedFile) -> tuple[list[Found], list[LeftOut]]:
    """The tables of a kept file, the largest first, and what stands outside of them. Raises Unreadable."""
    opened = file.just_read
    if opened is None:
        with file.file.open("rb") as stored:
            data = stored.read()
        try:
            opened = open_tables(data, file.name, HEADINGS)
        except FileRefused as refused:
            raise Unreadable(str(refused), code="file") from refused
    return _sorted([found.table for found in opened.tables]), list(of_sheets(opened.outside))


def may_see(access: Access, file: ImportedFile) -> bool:
    """Who may read what a file says before it counts: its department's people and 取りまとめ課."""
    if access.is_reform_office:
        return True
    return file.department is not None and access.may_see_entries(file.department)


def may_go_on(access: Access, file: ImportedFile) -> bool:
    """Who may decide about a file: whoever may import for its department."""
    return may_import(access, file.department)
