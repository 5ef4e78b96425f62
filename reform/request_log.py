"""A number for each request: it stands in the log's lines, in the security log, and on the page that says that something failed."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

#: Refusals and missing pages are told in one line: their traceback says only that they were refused. So is what a
#: database that is away makes of each request: reform.views.failure says why.
WITHOUT_TRACEBACK = (403, 404, 503)


class NumberMiddleware:
    """Gives the request a number that nobody chose from outside."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.number = new_number()  # type: ignore[attr-defined]  # ours
        return self.get_response(request)


def new_number() -> str:
    """Short enough to read out on the telephone: 7F3A-09C2."""
    text = secrets.token_hex(4).upper()
    return f"{text[:4]}-{text[4:]}"


def number_of(request: HttpRequest) -> str:
    """The request's number; one is given to a request that failed before it had one."""
    number = getattr(request, "number", "") or new_number()
    request.number = number  # type: ignore[attr-defined]  # ours
    return str(number)


class NumberedLines(logging.Filter):
    """Puts the request's number before lines about a request, and takes the traceback from refusals."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and not getattr(record, "is_numbered", False):
            record.msg = f"[{number_of(request)}] {record.msg}"
            record.is_numbered = True
        if getattr(record, "status_code", None) in WITHOUT_TRACEBACK:
            record.exc_info = None
        return True
