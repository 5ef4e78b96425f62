"""A file and its row come together: what was written for a row that did not commit is taken away again.

A file is first written whole under another name, so that a full disk leaves no half of one where rows look.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.files import File
from django.core.files.storage import FileSystemStorage
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase

#: The folder, below the storage's own, in which files are written first.
INCOMING = ".incoming"


class _Files(threading.local):
    """Of this thread: full paths of files whose rows have not committed yet."""

    def __init__(self) -> None:
        self.unconfirmed: set[str] = set()


_files = _Files()


class RowStorage(FileSystemStorage):
    """Where the files of rows are."""

    def _save(self, name: str, content: File[Any]) -> str:
        stored: str
        if hasattr(content, "temporary_file_path"):  # a large upload is a file already, and is moved
            stored = super()._save(name, content)  # type: ignore[misc]  # Storage.save calls it
        else:
            with _Incoming(Path(self.location), content) as incoming:
                stored = super()._save(name, incoming)  # type: ignore[misc]
        path = self.path(stored)
        _files.unconfirmed.add(path)
        transaction.on_commit(partial(_files.unconfirmed.discard, path))
        return stored


class _Incoming(File):  # a File without a file, which Django moves by its path
    """Content written under a name of its own; what is left of it at the end is removed."""

    def __init__(self, folder: Path, content: File[Any]) -> None:
        super().__init__(None)
        self.place = folder / INCOMING / uuid4().hex
        self.content = content

    def temporary_file_path(self) -> str:
        return str(self.place)

    def __enter__(self) -> _Incoming:
        self.place.parent.mkdir(parents=True, exist_ok=True)
        try:
            with self.place.open("xb") as out:
                for piece in self.content.chunks():
                    out.write(piece if isinstance(piece, bytes) else piece.encode())
        except BaseException:
            self.place.unlink(missing_ok=True)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.place.unlink(missing_ok=True)

    def close(self) -> None:
        """There is nothing to close."""


def discard_unconfirmed() -> int:
    """At the end of a request or a job: removes the files of this thread whose transaction was rolled back."""
    if transaction.get_connection().in_atomic_block:
        return 0
    paths, _files.unconfirmed = _files.unconfirmed, set()
    for path in paths:
        Path(path).unlink(missing_ok=True)
    return len(paths)


class UnconfirmedFilesMiddleware:
    """Looks after each request, whatever became of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        discard_unconfirmed()
        return response
