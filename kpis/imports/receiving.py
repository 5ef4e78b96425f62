"""Takes a file in: read once to see that it can be read, and kept as it was with who handed it in and when."""

from __future__ import annotations

import hashlib
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
from kpis.imports.standard import standard_table
from kpis.models import ImportedFile
from sheets import Book, FileRefused, Table, find_tables, open_book, put_together, torn_said

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
    book = book_of(data, name)
    if not tables_of(book):
        raise ValidationError(
            "表が見つかりません。見出しと値のある表を、1つのシートに入れて保存し直してください。", code="no_table"
        )
    if torn := torn_said([put_together(table) for table in _tables(book)] if book.kind == "csv" else []):
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
        understood={"warnings": list(book.warnings), "kind": book.kind, "encoding": book.encoding},
    )
    with transaction.atomic():
        # The name on disk is ours: what a file is called says nothing safe.
        file.file.save(f"{file.sha256[:16]}.{book.kind}", ContentFile(data), save=False)
        file.save()
    return file


def book_of(data: bytes, name: str) -> Book:
    """The file's sheets. Raises ValidationError for what sheets refuses."""
    try:
        return open_book(data, name)
    except FileRefused as refused:
        raise ValidationError(str(refused), code="file") from refused


def tables_of(book: Book) -> list[Found]:
    """All tables of the file, the largest first; those on sheets that are not shown come last."""
    tables = _tables(book)
    if book.kind == "csv":
        tables = [put_together(table).table for table in tables]
    found = [Found(number, table) for number, table in enumerate(tables)]
    return sorted(found, key=lambda each: (each.table.is_hidden, -len(each.table.rows) * len(each.table.columns)))


def _tables(book: Book) -> list[Table]:
    own = [(sheet, standard_table(sheet)) for sheet in book.sheets]
    return [table for sheet, standard in own for table in ([standard] if standard else find_tables(sheet))]


def read_again(file: ImportedFile) -> tuple[list[Found], list[LeftOut]]:
    """The tables of a kept file, the largest first, and what stands outside of them. Raises Unreadable."""
    with file.file.open("rb") as stored:
        data = stored.read()
    try:
        book = open_book(data, file.name)
    except FileRefused as refused:
        raise Unreadable(str(refused), code="file") from refused
    tables = tables_of(book)
    return tables, list(of_sheets(book, [each.table for each in tables]))


def may_see(access: Access, file: ImportedFile) -> bool:
    """Who may read what a file says before it counts: its department's people and 取りまとめ課."""
    if access.is_reform_office:
        return True
    return file.department is not None and access.may_see_entries(file.department)


def may_go_on(access: Access, file: ImportedFile) -> bool:
    """Who may decide about a file: whoever may import for its department."""
    return may_import(access, file.department)
