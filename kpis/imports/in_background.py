"""Files too large to wait for: looked through and taken over by a job, whose page shows how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.access import Access
from jobs import dispatch
from jobs.models import Job
from jobs.registry import JobError
from kpis.imports.applying import Changed, apply_file
from kpis.imports.looking import look_through
from kpis.imports.remembering import Reading, reading_of
from kpis.imports.versions import Conflict
from kpis.models import ImportedFile, ImportMapping

if TYPE_CHECKING:
    from collections.abc import Callable

LOOK = "kpis.look_through_file"
APPLY = "kpis.apply_file"
#: So many values are looked through and taken over within a second or two; for more a page shows the progress.
AT_ONCE = 3_000

State = ImportedFile.State


def is_large(reading: Reading) -> bool:
    """More values than a person waits for without being told how far it is."""
    table = reading.found.table
    columns = len(reading.mapping.value_columns) or len(table.columns)
    return len(table.rows) * columns > AT_ONCE


def look_through_later(file: ImportedFile, *, access: Access, saved: ImportMapping | None) -> Job:
    """Asks for the preview. The way of reading has to be kept with the file already."""
    return dispatch.dispatch(
        LOOK,
        subject=file.name[:120],
        arguments={"file_id": file.pk, "user_id": access.user.pk, "mapping_id": saved.pk if saved else None},
        owner=access.user,  # type: ignore[arg-type]  # signed in
    )


def apply_later(
    file: ImportedFile, *, access: Access, note: str, change_reason: str, is_confirmed: bool, seal: str
) -> Job:
    said = {"note": note, "change_reason": change_reason, "is_confirmed": is_confirmed, "seal": seal}
    return dispatch.dispatch(
        APPLY,
        subject=file.name[:120],
        arguments={"file_id": file.pk, "user_id": access.user.pk, **said},
        owner=access.user,  # type: ignore[arg-type]  # signed in
    )


def look_through_now(file_id: int, user_id: int, mapping_id: int | None, say: Callable[[int, str], None]) -> None:
    """The job's work. Raises JobError with what stands in the way."""
    file, access = _asked(file_id, user_id)
    say(5, "ファイルを読んでいます")
    try:
        reading = reading_of(file, access=access)
        say(40, "登録されている値と比べています")
        saved = ImportMapping.objects.filter(pk=mapping_id).first() if mapping_id else None
        look_through(file, reading, access=access, saved=saved)
    except ValidationError as error:
        raise JobError(" ".join(error.messages)) from error


def apply_now(file_id: int, user_id: int, say: Callable[[int, str], None], **said: str | bool) -> int:
    """The job's work: how many values were taken over. Raises JobError with what stands in the way."""
    file, access = _asked(file_id, user_id)
    if file.state == State.APPLIED:  # the process ended between the commit and the note that it is done
        return file.counts.get("new", 0) + file.counts.get("changed", 0)
    say(10, "値を取り込んでいます")
    try:
        return apply_file(file, access=access, **said)  # type: ignore[arg-type]  # what apply_later was given
    except ValidationError as error:
        raise JobError(" ".join(error.messages)) from error
    except PermissionDenied as error:
        raise JobError("このファイルを取り込む権限がなくなっています。取りまとめ課に連絡してください。") from error
    except Changed as changed:
        raise JobError(str(changed)) from changed
    except Conflict as conflict:
        say(60, "内容を確かめ直しています")
        look_through(file, reading_of(file, access=access), access=access, saved=file.mapping)
        raise JobError(
            f"{conflict}内容の画面を、いまの値に更新しました。もう一度確かめてから取り込んでください。"
        ) from conflict


def page_of(file_id: int) -> str:
    return reverse("imports:preview", args=[file_id])


def _asked(file_id: int, user_id: int) -> tuple[ImportedFile, Access]:
    file = ImportedFile.objects.select_related("department", "mapping").filter(pk=file_id).first()
    user = get_user_model().objects.filter(pk=user_id, is_active=True).first()
    if file is None or user is None:
        raise JobError("このファイルか、依頼した職員の登録がなくなっています。")
    return file, Access(user, timezone.localdate())
