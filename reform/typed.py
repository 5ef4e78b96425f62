"""What somebody had typed into a form whose request failed: given back to the same browser, to be sent once more."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException
from django.middleware.csrf import CsrfViewMiddleware

#: Numbers, codes and choices: nothing that somebody would want to copy out.
PLAIN = re.compile(r"[\w.,:+/-]*", re.ASCII)
TOKEN = "csrfmiddlewaretoken"  # noqa: S105  the field's name


@dataclass(frozen=True)
class Typed:
    """The fields of a form as they were sent, and the names of fields with a file, which has to be chosen again."""

    fields: list[tuple[str, str]]
    files: list[tuple[str, str]]

    @property
    def texts(self) -> list[str]:
        """What was written in words."""
        return [value for name, value in self.fields if name != TOKEN and not PLAIN.fullmatch(value)]


def typed_in(request: HttpRequest) -> Typed | None:
    """None where nothing may or can be given back: no form, a page elsewhere that sent it, a password, an unread body."""
    if request.method != "POST" or not _is_from_our_form(request):
        return None
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    if any("password" in name for name, _ in fields):
        return None
    files = [(name, file.name or "") for name, given in request.FILES.lists() for file in given]
    return Typed(fields, files)


def _is_from_our_form(request: HttpRequest) -> bool:
    """Whether the form carries the token of this browser. The failure may have come before the check of it, and a form
    that another site sent must not become one of ours with a button."""
    if not hasattr(request, "_post") and not _is_short(request):
        return False
    try:
        request.POST  # noqa: B018  parses the body
    except (OSError, RequestDataTooBig, TooManyFieldsSent, MultiPartParserError, RawPostDataException):
        return False
    check = CsrfViewMiddleware(lambda _: HttpResponse())
    check.process_request(request)
    request.csrf_processing_done = False  # type: ignore[attr-defined]  # Django's
    return TOKEN in request.POST and check.process_view(request, _any_view, (), {}) is None


def _any_view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def _is_short(request: HttpRequest) -> bool:
    """The body was not held to its page's limit yet: what is longer than any text is left unread."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return length.isdigit() and 0 < int(length) <= (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0)
