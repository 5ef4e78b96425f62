"""Hangs the asking person's rights on the request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts.access import Access

#: What somebody with a first password may still open.
ALLOWED_BEFORE_CHANGE = ("password_change", "logout", "healthz")


class FirstPasswordMiddleware:
    """Whoever signed in with a password that somebody else knows changes it before anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or match.view_name in ALLOWED_BEFORE_CHANGE:
            return None
        if request.user.is_authenticated and request.user.must_change_password:
            return redirect("password_change")
        return None


class AccessMiddleware:
    """Sets `request.access`; it asks the database only when a right is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.access = Access(request.user, timezone.localdate())  # type: ignore[attr-defined]  # accounts.access.Request
        return self.get_response(request)
