"""The security log: who signed in or failed to, whose rights changed, what left the application. One JSON object a line.

It is a log of its own (logger `security`), apart from the application's: a city keeps it longer and lets fewer people read it.
Numbers and addresses are written whole; nothing that somebody typed as a password is.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable
from datetime import datetime
from io import TextIOWrapper
from logging.handlers import WatchedFileHandler
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.utils import timezone

from accounts.addresses import client_address

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger("security")
#: A line stays readable, whatever was sent as a number or a path.
MAX_LETTERS = 200


def note(event: str, request: HttpRequest | None = None, **facts: Any) -> None:
    """Writes one line: the event's name, who asked and from where (of a request), and the facts.

    Facts are JSON values; texts are cut to MAX_LETTERS.
    """
    told: dict[str, Any] = {}
    if request is not None:
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            told["number"] = user.employee_number
        told["address"] = client_address(request)
        told["request"] = getattr(request, "number", "")
    log.info(event, extra={"facts": {**told, **facts}})


class JsonLines(logging.Formatter):
    """A record as one line of JSON; line breaks and control characters of what was sent are escaped by JSON itself."""

    def format(self, record: logging.LogRecord) -> str:
        facts = {name: _cut(value) for name, value in getattr(record, "facts", {}).items()}
        at = datetime.fromtimestamp(record.created, timezone.get_default_timezone())
        return json.dumps(
            {"at": at.isoformat(timespec="milliseconds"), "event": record.getMessage(), **facts},
            ensure_ascii=False,
            default=str,
        ).translate(_LINE_BREAKS)


#: JSON leaves these alone outside ASCII, and some readers begin a new line at them.
_LINE_BREAKS = {code: f"\\u{code:04x}" for code in (0x7F, 0x85, 0x2028, 0x2029)}


def _cut(value: Any) -> Any:
    return value[:MAX_LETTERS] if isinstance(value, str) else value


class SecurityFile(WatchedFileHandler):
    """A file that only its owner can read. It is opened anew when a log rotation moved it away."""

    def _open(self) -> TextIOWrapper:
        os.makedirs(os.path.dirname(self.baseFilename), exist_ok=True)
        handle = os.open(self.baseFilename, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)
        return TextIOWrapper(os.fdopen(handle, "ab"), encoding="utf-8", write_through=True)


class DownloadsMiddleware:
    """Notes every file that leaves the application: `download` of a stored file, `export` of one that is made on request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code == 200 and response.headers.get("Content-Disposition"):
            event = "download" if isinstance(response, FileResponse) else "export"
            note(event, request, path=request.get_full_path(), file=response.headers["Content-Disposition"])
        return response


def note_failure(request: HttpRequest, number: str, *, is_closed: bool = False) -> None:
    """A sign-in that failed: with which number, from where, and whether the door is locked by now."""
    locked = is_closed or bool(getattr(request, "axes_locked_out", False))
    note("sign_in_locked" if locked else "sign_in_failed", request, tried=number)


def note_about(event: str, user: User, request: HttpRequest | None = None, **facts: Any) -> None:
    """A line about somebody's account: whose, and by whom (the request's person; a command has none)."""
    note(event, request, about=user.employee_number, **facts)
