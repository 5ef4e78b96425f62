"""A signed word in each form: who had opened its page, and which page that was. It outlives the session, not the day."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.core import signing
from django.http import HttpRequest

#: The name of the hidden field, and of the parameter under which kept text is asked for.
FIELD, KEPT = "opened_by", "kept"
#: The hidden field of a form that was filled with kept text: which copy it was, so that it can be dropped.
COPY = "kept_copy"
#: Parameters that do not belong to a page's own address: kept text, and that only a part of the page is asked for.
NOT_OF_A_PAGE = frozenset({KEPT, "part"})
SALT = "accounts.door.opened"
#: Seconds: a page left open over night is still known in the morning.
VALID_FOR = 24 * 60 * 60


@dataclass(frozen=True)
class Opened:
    """Whose page it was, and its path with its query."""

    user_id: int
    page: str


def word_for(request: HttpRequest) -> str:
    """The word of all forms of this answer; "" where nobody is signed in."""
    if not hasattr(request, "_opened_word"):
        user = getattr(request, "user", None)
        is_known = user is not None and user.is_authenticated
        said = signing.dumps([user.pk, _page_of(request, user.pk)], salt=SALT) if user and is_known else ""
        request._opened_word = said  # type: ignore[attr-defined]
    return str(request._opened_word)  # type: ignore[attr-defined]


def opened_by(word: str | None) -> Opened | None:
    """What a word says; None when it is old or not ours."""
    try:
        user_id, page = signing.loads(word or "", salt=SALT, max_age=VALID_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Opened(user_id, page)


def with_kept(page: str, key: str) -> str:
    """The page's address that asks for kept text."""
    return f"{page}{'&' if '?' in page else '?'}{urlencode({KEPT: key})}"


def _page_of(request: HttpRequest, user_id: int) -> str:
    """A form that came back with errors belongs to the page on which it was first opened."""
    if request.method == "POST":
        before = opened_by(request.POST.get(FIELD))
        if before and before.user_id == user_id:
            return before.page
    parts = urlsplit(request.get_full_path())
    query = urlencode([pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in NOT_OF_A_PAGE])
    return parts._replace(query=query).geturl()
