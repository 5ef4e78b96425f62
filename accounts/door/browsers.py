"""Whether somebody of the staff signed in with this browser lately: known from a signed cookie, before a body is read.

After a session has ended, what its page still sends may be as large as the page's forms are; a stranger's may not.
"""

from __future__ import annotations

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse

COOKIE = "known"
#: Seconds: a working day and the night after it.
KNOWN_FOR = 24 * 60 * 60
_signer = TimestampSigner(salt="accounts.door.browsers")


def remember_browser(response: HttpResponse) -> None:
    """Says so in the answer to a sign-in."""
    response.set_cookie(
        COOKIE, _signer.sign("staff"), secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )


def is_known_browser(request: HttpRequest) -> bool:
    try:
        _signer.unsign(request.COOKIES.get(COOKIE, ""), max_age=KNOWN_FOR)
    except BadSignature:
        return False
    return True
