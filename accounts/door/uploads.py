"""Where uploads lie while a page reads them: in a folder of their own, with nothing left in it."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler

#: Seconds. No request takes so long: what is older was left by a process that was killed.
LEFT_AFTER = 60 * 60


class DiscardingHandler(FileUploadHandler):
    """Lets a file run through and keeps nothing of it but that it was there: `request.discarded_files` (names)."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Mapping[str, str],
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        assert self.request is not None
        self.request.discarded_files = []  # type: ignore[attr-defined]

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.request.discarded_files.append(self.file_name or "")  # type: ignore[union-attr]

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None


def sweep_uploads(folder: Path | None = None) -> int:
    """Removes what killed processes left in the folder for uploads; returns the number of files."""
    place = Path(folder or settings.FILE_UPLOAD_TEMP_DIR)
    before, removed = time.time() - LEFT_AFTER, 0
    for entry in os.scandir(place) if place.is_dir() else ():
        try:
            if entry.is_file(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_mtime < before:
                os.unlink(entry.path)
                removed += 1
        except FileNotFoundError:
            continue  # another process sweeps too
    return removed
