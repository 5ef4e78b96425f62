"""Takes a previewed file over: everything or nothing, and only where nothing has changed since the preview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from kpis.imports import recording_lines, reporting_lines
from kpis.imports.answering import unanswered
from kpis.imports.receiving import may_go_on
from kpis.imports.versions import Conflict
from kpis.models import ImportedFile, ImportLine

if TYPE_CHECKING:
    from accounts.access import Access

__all__ = ["Changed", "Conflict", "apply_file", "cancel", "take_the_other_way"]

Outcome = ImportLine.Outcome


class Changed(Exception):
    """The preview is another one by now than the page showed whose values were to be taken over."""

    def __init__(self) -> None:
        super().__init__(
            "この画面を開いた後に、読み取り方か内容が変わりました。何も取り込んでいません。"
            "いまの内容を確かめてから、もう一度取り込んでください。"
        )


def apply_file(
    file: ImportedFile,
    *,
    access: Access,
    note: str = "",
    change_reason: str = "",
    is_confirmed: bool = False,
    seal: str | None = None,
) -> int:
    """Takes the new and changed values over. Returns how many.

    A file becomes entries that are handed in on the routes of the departments that report them, unless 取りまとめ課
    chose to record it (values of the past). `note` is kept as comment and reason; `change_reason` or `is_confirmed` answers the checks for all values they asked about
    that have no answer of their own. `seal` is that of the preview that was looked at; by default that of `file`.
    Raises Changed, Conflict, ValidationError (MonthIsClosed among them), PermissionDenied; nothing is saved then. A file that
    is taken over already is refused, so pressing twice changes nothing.
    """
    with transaction.atomic():
        held = ImportedFile.objects.select_for_update().get(pk=file.pk)
        if not may_go_on(access, held):
            raise PermissionDenied
        if held.state == ImportedFile.State.PREVIEWED and not is_sealed_by(
            held, seal_of(file) if seal is None else seal
        ):
            raise Changed
        _check(held, answered=bool(change_reason) or is_confirmed)
        unanswered(held).update(change_reason=change_reason, is_confirmed=is_confirmed)
        save = recording_lines.record_lines if held.is_recorded else reporting_lines.report_lines
        count = save(held, access=access, note=note.strip())
        held.state, held.applied_at = ImportedFile.State.APPLIED, timezone.now()
        held.save(update_fields=["state", "applied_at"])
    file.state, file.applied_at = held.state, held.applied_at
    return count


def seal_of(file: ImportedFile) -> str:
    """The seal of the file's preview, as its page sends it along."""
    return str(file.understood.get("seal", ""))


def is_sealed_by(file: ImportedFile, seal: str) -> bool:
    """Whether the file's preview is the one with this seal."""
    return bool(seal) and seal_of(file) == seal


def take_the_other_way(file: ImportedFile, *, access: Access) -> None:
    """A file of 取りまとめ課 that was to be recorded is to be handed in instead, or the other way round; it has to be
    looked through again. Raises PermissionDenied, and ValidationError for a file that is taken over or given up."""
    with transaction.atomic():
        held = ImportedFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
        if not may_go_on(access, held) or held.department_id is not None:
            raise PermissionDenied
        if held.state in (ImportedFile.State.APPLIED, ImportedFile.State.CANCELLED):
            raise ValidationError(f"このファイルは「{held.get_state_display()}」です。", code="state")
        ways = ImportedFile.Way
        file.way = held.way = ways.REPORT if held.is_recorded else ways.RECORD
        # Until it is looked through again nothing of it can be taken over.
        file.state = held.state = ImportedFile.State.UPLOADED
        held.save(update_fields=["way", "state"])


def cancel(file: ImportedFile, *, access: Access) -> bool:
    """Gives a file up before it is taken over. False when it was taken over already."""
    if not may_go_on(access, file):
        raise PermissionDenied
    open_states = [ImportedFile.State.UPLOADED, ImportedFile.State.PREVIEWED]
    changed = ImportedFile.objects.filter(pk=file.pk, state__in=open_states).update(state=ImportedFile.State.CANCELLED)
    if changed:
        file.lines.all().delete()
    return bool(changed)


def _check(file: ImportedFile, *, answered: bool) -> None:
    if file.state == ImportedFile.State.APPLIED:
        raise ValidationError("このファイルは取込済です。", code="state")
    if file.state != ImportedFile.State.PREVIEWED:
        raise ValidationError("先に、読み取り方を決めて内容を確かめてください。", code="state")
    if file.lines.filter(outcome=Outcome.REFUSED).exists():
        raise ValidationError(
            "取り込めない値があります。ファイルを直すか、読み取り方でその内訳を外してください。", code="refused"
        )
    if not answered and unanswered(file).exists():
        raise ValidationError(
            "いつもと違う値があります。増減理由を選ぶか、値を確かめて「確認済（入力誤りなし）」に印を付けてください。",
            code="checks",
        )
