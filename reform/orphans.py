"""Files that belong to no row: a process was killed between writing the file and committing its row.

They are found, never deleted by themselves: after a restore of the database alone, every newer file looks like one.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import CharField, FileField, Model

from constraints.files import INCOMING
from jobs.nightly import by_night
from jobs.progress import Progress
from jobs.registry import Finding, JobError, handles, watches

#: Seconds: a younger file may belong to a request or job under way.
YOUNG = 24 * 3600
KIND = "find_orphaned_files"


def orphans() -> list[Path]:
    """Full paths of the files below MEDIA_ROOT that no row names, a day old or older, in order."""
    root, limit = Path(settings.MEDIA_ROOT), time.time() - YOUNG
    known = {str(name) for name in _names_in_rows()}
    found = []
    for folder in sorted({INCOMING, *_folders()}):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.relative_to(root).as_posix() not in known and path.stat().st_mtime < limit:
                found.append(path)
    return found


def _file_fields() -> Iterator[tuple[type[Model], FileField]]:
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, FileField):
                yield model, field


def _folders() -> set[str]:
    """Those of the fields, and the one for uploads under way, below MEDIA_ROOT."""
    uploads = Path(settings.FILE_UPLOAD_TEMP_DIR or settings.MEDIA_ROOT / "uploads")
    return {str(field.upload_to).split("/")[0] for _, field in _file_fields()} | {uploads.name}


def _names_in_rows() -> Iterator[str]:
    """Of the fields that hold a file, and of the columns of the same name in which an event keeps where a file was."""
    names = {field.name for _, field in _file_fields()}
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if field.name in names and isinstance(field, FileField | CharField):
                yield from model._base_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True)


@handles(KIND, title="残ったファイルの点検", merge=True, repeatable=True)
def find_orphaned_files(progress: Progress) -> dict[str, Any]:
    """Fails when there are any, so that the office sees it."""
    progress.report(10, "ファイルを確かめています")
    if found := orphans():
        raise JobError(
            f"登録のないファイルが{len(found)}件、サーバーに残っています。数値や公表版には影響しません。"
            "システムの管理者に、manage.py orphaned_files で確かめるよう伝えてください。"
        )
    return {"files": 0}


@watches
def look_by_night() -> Iterable[Finding]:
    last = by_night(KIND)
    if last is not None and last.may_retry:
        yield Finding("files-left-over", last.error)
