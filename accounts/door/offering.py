"""Offers kept text on the page it was typed on: in its fields again, not saved."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from accounts.door.filling import Filled, fill
from accounts.door.keeping import HAS_KEPT, NOT_TYPED, drop_what_was_sent
from accounts.door.naming import named, title_of
from accounts.door.opened import COPY, KEPT, with_kept
from accounts.models import KeptForm

NOTICE = "accounts/_kept_notice.html"


class OfferKeptMiddleware:
    """Reads `?kept=`: fills in the form of the page that the view has made, or lists what was typed where it has none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method == "POST":
            drop_what_was_sent(request, response)
        key = request.GET.get(KEPT) if request.method == "GET" else None
        if not key or not request.user.is_authenticated:
            return response
        kept = KeptForm.objects.of(request.user.pk).alive(timezone.now()).filter(key=key).first()
        if kept is None:
            return response
        return offered(request, response, kept)


def offered(request: HttpRequest, response: HttpResponseBase, kept: KeptForm) -> HttpResponseBase:
    """The page with the text in it. A page that is no page any more (moved on, closed, refused) is replaced by a list."""
    is_page = response.status_code == 200 and response.headers.get("Content-Type", "").startswith("text/html")
    if response.streaming or not is_page:
        filled = Filled("", [(name, value) for name, value in kept.fields if value.strip()], None)
        return render(request, "accounts/kept.html", _context(kept, filled))
    page = cast(HttpResponse, response)
    html = page.content.decode(page.charset)
    filled = fill(
        html,
        kept.action,
        [(name, value) for name, value in kept.fields],
        page_path=request.path,
        never=NOT_TYPED,
        mark=(COPY, kept.key),
    )
    at = filled.at if filled.at is not None else max(0, filled.html.find("<h1"))
    notice = render_to_string(NOTICE, _context(kept, filled), request)
    page.content = (filled.html[:at] + notice + filled.html[at:]).encode(page.charset)
    return page


def _context(kept: KeptForm, filled: Filled) -> dict[str, object]:
    rest = named(kept, filled.rest)
    return {"kept": kept, "title": title_of(kept), "rest": rest, "form_is_there": filled.at is not None}


def tell_of_kept(request: HttpRequest, going_to: str) -> None:
    """After a sign-in that leads elsewhere: where kept text waits."""
    waiting = KeptForm.objects.of(request.user.pk).alive(timezone.now())
    links = [(with_kept(kept.page, kept.key), title_of(kept)) for kept in waiting if kept.key not in going_to]
    if links or KEPT in going_to:
        request.session[HAS_KEPT] = True
    if links:
        listed = format_html_join("、", '<a href="{}">{}</a>', links)
        messages.info(request, format_html("保存されなかった入力をお預かりしています：{}", listed))
