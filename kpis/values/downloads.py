"""Files that people handed in, given back: to keep and never to be run."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.files.base import File
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

MISSING = "登録したファイルがサーバーに見つかりません。"
DIFFERS = "保存してあるファイルが、登録したときのものと異なります（照合値が一致しません）。"


def as_download(file: File, name: str, content_type: str) -> FileResponse:
    """Always a download, never guessed at by the browser, never kept on the way."""
    response = FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def as_checked_download(
    request: HttpRequest, file: File, name: str, content_type: str, *, sha256: str
) -> HttpResponseBase:
    """A download if the file is still the one whose checksum is on record (hexadecimal); else a page that says what is wrong."""
    if problem := _problem_with(file, sha256):
        return _refused(request, problem, name)
    file.seek(0)
    return as_download(file, name, content_type)


def _problem_with(file: Any, sha256: str) -> str:
    try:
        file.open("rb")
    except (FileNotFoundError, ValueError):  # no such file, or none on record
        return MISSING
    return "" if hashlib.file_digest(file, "sha256").hexdigest() == sha256 else DIFFERS


def _refused(request: HttpRequest, problem: str, name: str) -> HttpResponse:
    return render(request, "kpis/file_refused.html", {"problem": problem, "name": name}, status=500)
