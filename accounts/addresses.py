"""Where a request came from, for counting failed sign-ins."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The address that the outermost of our own PROXY_COUNT proxies saw; None when the server knows none.

    Each proxy appends to X-Forwarded-For whom it was asked by; what stands further left came with the request and can
    be made up. Without proxies the header is not read at all.
    """
    seen = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if 0 < settings.PROXY_COUNT <= len(seen):
        try:
            return str(ip_address(seen[-settings.PROXY_COUNT].strip()))
        except ValueError:
            pass  # not what a proxy writes: the nearest known sender counts
    return request.META.get("REMOTE_ADDR") or None
