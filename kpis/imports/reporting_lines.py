"""Hands the lines of a file in as entries, each on the route of the department that reports it, all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Assignment, Department
from approvals.models import Action
from approvals.procedure import WAY
from kpis.entries.procedure import ENTRIES
from kpis.imports.reporters import place_of, reporters_of
from kpis.imports.versions import Conflict, refuse_stale, stale_lines
from kpis.models import Entry, ImportedFile, ImportLine, Measurement, Revision
from kpis.models.value import STATEMENT
from kpis.values.closed import check_open, hold_series, month_of
from kpis.values.statement import needs_reason, statement_of, with_marks_of

if TYPE_CHECKING:
    from accounts.access import Access

Role = Assignment.Role
_ENTRY_FIELDS = [
    *STATEMENT, *WAY, "department", "typed", "comment", "author", "author_post", "imported_file", "change_kind",
    "base_version", "updated_at",
]  # fmt: skip


def report_lines(file: ImportedFile, *, access: Access, note: str) -> int:
    """Inside the caller's transaction. Raises Conflict, MonthIsClosed, ValidationError."""
    lines = list(file.lines.filter(outcome__in=["new", "changed"]).select_related("series__kpi"))
    ids = {line.series_id for line in lines if line.series_id is not None}
    hold_series(ids)
    held = {_key(entry): entry for entry in Entry.objects.select_for_update().open().filter(series_id__in=ids)}
    refuse_stale(file)
    reopened = check_open(lines, access.on)  # type: ignore[arg-type]  # a line to take over has its series
    corrected = {_key(line) for line in lines if line.seen_version and month_of(line) in reopened}  # type: ignore[arg-type]
    if reopened and not note:
        what = "確定した値を直す" if corrected else "確定した月に値を加える"
        raise ValidationError(f"{what}理由を入力してください。", code="reason")
    counting, asked = _counting(lines), _Asked(file, lines, access)
    if not note and (count := sum(_corrects(line, counting.get(_key(line))) for line in lines)):
        raise ValidationError(
            f"承認された値を変えるものが{count}件あります。変える理由を「コメント」に入力してください。", code="reason"
        )
    entries = [_entry(file, line, held.get(_key(line)), counting.get(_key(line)), asked) for line in lines]
    for entry in entries:
        entry.comment, entry.change_kind = (
            note or entry.comment,
            Revision.Kind.CORRECTION if _key(entry) in corrected else "",
        )
    ENTRIES.put_on_route(entries, access)
    new, known = [e for e in entries if e.pk is None], [e for e in entries if e.pk is not None]
    try:
        with transaction.atomic():
            Entry.objects.bulk_create(new, batch_size=500)
    except IntegrityError as error:
        raise Conflict(stale_lines(file)) from error
    Entry.objects.bulk_update(known, _ENTRY_FIELDS, batch_size=200)
    for action in (Action.SAVED, Action.SUBMITTED):
        ENTRIES.note(entries, action, access, post=asked.post)
    return len(entries)


def _key(row: Entry | ImportLine | Measurement) -> tuple[int | None, str, object]:
    return row.series_id, str(row.span), row.period


class _Asked:
    """Whose entry each line becomes, and in which post it is handed in."""

    def __init__(self, file: ImportedFile, lines: list[ImportLine], access: Access) -> None:
        self.access, self._whose = access, file.department_id
        self._reporters = reporters_of(lines)  # type: ignore[arg-type]  # a line to take over has its series
        whose = (file.department_id, Role.EDITOR) if file.department_id else (None, Role.REFORM_OFFICE)
        self.post = access.post_in(*whose)

    def department_of(self, line: ImportLine) -> Department:
        """Raises ValidationError where nobody reports the value any more, or another department than the one whose file
        it is."""
        department = self._reporters.get(place_of(line))  # type: ignore[arg-type]
        if department is None:
            raise ValidationError(
                f"{line.series}を報告する所属がなくなりました。もう一度内容を確かめてください。", code="nobody"
            )
        if self._whose not in (None, department.pk):
            raise ValidationError(
                f"{line.series}を報告する所属が{department.name}に変わりました。もう一度内容を確かめてください。",
                code="other",
            )
        return department


def _counting(lines: list[ImportLine]) -> dict[tuple[int | None, str, object], Measurement]:
    """The values that count already and that the lines would change."""
    changed = [line for line in lines if line.seen_version]
    if not changed:
        return {}
    within = Measurement.objects.filter(
        series__in={line.series_id for line in changed}, period__in={line.period for line in changed}
    )
    return {_key(value): value for value in within}


def _corrects(line: ImportLine, counting: Measurement | None) -> bool:
    return counting is not None and needs_reason(with_marks_of(counting, statement_of(line)), counting)


def _entry(
    file: ImportedFile,
    line: ImportLine,
    entry: Entry | None,
    counting: Measurement | None,
    asked: _Asked,
) -> Entry:
    """A file says a value or why there is none; the day and the marks of what stands there stay as they were."""
    held, said = entry or counting, statement_of(line)
    if held is not None:
        said = with_marks_of(held, said)
    if entry is None:
        entry = Entry(series=line.series, span=line.span, period=line.period, version=0)
    for name in STATEMENT:
        setattr(entry, name, getattr(said, name))
    entry.department, entry.imported_file = asked.department_of(line), file
    entry.typed = line.shown[:100]
    entry.author, entry.author_post = asked.access.user, asked.post  # type: ignore[assignment]
    entry.base_version = line.seen_version
    return entry
