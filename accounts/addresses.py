"""Where a request came from, and for whom its failed sign-ins are counted."""

from ipaddress import IPv6Address, IPv6Network, ip_address

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


def counted_address(request: HttpRequest) -> str | None:
    """The address that failed sign-ins are counted for: of IPv6 the first of its /64 network.

    RFC 6177 gives a site at least a /64: who has one has 2^64 addresses, and each would begin to count anew. An IPv4
    address written as IPv6 (::ffff:192.0.2.1) is the IPv4 one.
    """
    seen = client_address(request)
    try:
        address = ip_address(seen or "")
    except ValueError:
        return seen
    if not isinstance(address, IPv6Address):
        return seen
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address), 64), strict=False).network_address)
