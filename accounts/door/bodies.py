"""How large what is sent may be. A body over the limit of its page is refused before anything of it is parsed."""

from __future__ import annotations

from collections.abc import Callable
from tempfile import SpooledTemporaryFile
from typing import Any, TypeVar

from django.conf import settings
from django.core.handlers.wsgi import LimitedStream
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from accounts.door.browsers import is_known_browser
from accounts.door.uploads import DiscardingHandler
from jobs.trouble import trouble_of

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
Limit = Callable[[], int]

KILOBYTE = 1024
MEGABYTE = 1024 * KILOBYTE
#: From whom nobody knows yet: an employee number and a password.
FROM_STRANGERS = 64 * KILOBYTE
#: A page's text fields, beside the file of a page that takes one.
TEXT = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
#: A chunked body is held in memory up to here, then in the folder for uploads.
IN_MEMORY = MEGABYTE
PIECE = 64 * KILOBYTE


class BodyTooLarge(Exception):
    """What was sent is larger than its page takes."""


def takes_files(megabytes: int | Limit) -> Callable[[View], View]:
    """Marks a view that takes a file of up to so many megabytes (a number, or a function that reads a setting)."""

    def mark(view: View) -> View:
        limit = (lambda: megabytes) if isinstance(megabytes, int) else megabytes
        view.file_megabytes = limit  # type: ignore[attr-defined]
        return view

    return mark


def limit_of(view: object, *, is_stranger: bool) -> int:
    """Bytes that a view takes in one request."""
    if is_stranger:
        return FROM_STRANGERS
    files: Limit | None = getattr(view, "file_megabytes", None)
    return TEXT + (files() * MEGABYTE if files else 0)


class BodyLimitMiddleware:
    """Comes before the CSRF check, which is the first to parse a body."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        if not (_is_chunked(request) or _said_length(request)):
            return None
        is_signed_in = request.user.is_authenticated
        limit = limit_of(view, is_stranger=not (is_signed_in or is_known_browser(request)))
        try:
            _hold_to(request, limit)
        except BodyTooLarge:
            return render(request, "413.html", {"limit": max(1, limit // MEGABYTE)}, status=413)
        except OSError as error:
            if trouble_of(error):  # no room for the body: reform.views.failure says so
                raise
            # The sender stopped in the middle, as Django says of other bodies when they are parsed.
            return HttpResponse(
                "送信が途中で止まりました。もう一度お試しください。",
                status=408,
                content_type="text/plain; charset=utf-8",
            )
        if not is_signed_in:  # nothing that they send is kept but the text of a form
            request.upload_handlers = [DiscardingHandler(request)]
        return None


def _is_chunked(request: HttpRequest) -> bool:
    return "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower()


def _said_length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0  # Django reads nothing then


def _hold_to(request: HttpRequest, limit: int) -> None:
    """Raises BodyTooLarge. The server hands out no more than the length that was said; a chunked body is counted."""
    if not _is_chunked(request):
        if _said_length(request) > limit:
            raise BodyTooLarge
        return
    body, length = _counted(request.META["wsgi.input"], limit)
    # Django reads as many bytes as the length says, and takes a chunked body for an empty one.
    request.META["CONTENT_LENGTH"] = str(length)
    request._stream = LimitedStream(body, length)  # type: ignore[assignment]


def _counted(stream: Any, limit: int) -> tuple[Any, int]:
    held = SpooledTemporaryFile(max_size=IN_MEMORY, dir=str(settings.FILE_UPLOAD_TEMP_DIR))  # noqa: SIM115  the request's
    length = 0
    while piece := stream.read(PIECE):
        length += len(piece)
        if length > limit:
            held.close()
            raise BodyTooLarge
        held.write(piece)
    held.seek(0)
    return held, length
