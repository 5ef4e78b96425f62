"""Files that people handed in, given back: to keep and never to be run."""

from __future__ import annotations

from django.core.files.base import File
from django.http import FileResponse


def as_download(file: File, name: str, content_type: str) -> FileResponse:
    """Always a download, never guessed at by the browser, never kept on the way."""
    response = FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
