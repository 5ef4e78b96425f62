"""Hangs the asking person's rights on the request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.access import Access


class AccessMiddleware:
    """Sets `request.access`; it asks the database only when a right is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.access = Access(request.user, timezone.localdate())  # type: ignore[attr-defined]  # accounts.access.Request
        return self.get_response(request)
