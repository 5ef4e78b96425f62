"""Every stored file is there and is the one that was stored. Apps above this one name theirs here; this app knows none."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db.models.fields.files import FieldFile

from kpis.models import Evidence, ImportedFile


@dataclass(frozen=True)
class StoredFile:
    """A file of a row: what it is in words, and the SHA-256 it had when it was stored."""

    words: str
    file: FieldFile
    sha256: str


#: Yields the files of one kind of row.
Source = Callable[[], Iterable[StoredFile]]
_sources: list[Source] = []


def keeps_files(source: Source) -> Source:
    """Registers a function that names stored files. Registering twice changes nothing."""
    if source not in _sources:
        _sources.append(source)
    return source


def audit_files() -> Iterator[str]:
    """A sentence for each file that is missing or is another one than was stored."""
    for source in _sources:
        for stored in source():
            if problem := _problem_with(stored):
                yield f"{stored.words}：{problem}"


def _problem_with(stored: StoredFile) -> str:
    try:
        with stored.file.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, ValueError):
        return f"ファイル {stored.file.name or '（名前なし）'} が見つかりません。"
    if found != stored.sha256:
        return f"ファイル {stored.file.name} が保存したときのものと異なります。"
    return ""


@keeps_files
def evidence_files() -> Iterator[StoredFile]:
    """根拠資料, also those that were taken back: what happened stays readable."""
    for paper in Evidence.objects.order_by("pk").iterator(1000):
        yield StoredFile(f"根拠資料 {paper.pk}", paper.file, paper.sha256)


@keeps_files
def imported_files() -> Iterator[StoredFile]:
    """Files that values were taken from, or were going to be."""
    for imported in ImportedFile.objects.order_by("pk").iterator(1000):
        yield StoredFile(f"取込ファイル {imported.pk}", imported.file, imported.sha256)
