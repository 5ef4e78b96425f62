"""What departments see and do."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import Request, entry_reader_only
from accounts.door.bodies import takes_files
from inquiries import listing
from inquiries.attachment import MAX_MB, TYPES, ending_of
from inquiries.forms import InquiryFilter
from inquiries.models import AnswerEvent, Recipient
from inquiries.page import AnswerPage
from inquiries.stored import stored_file
from kpis.values.downloads import as_checked_download


@entry_reader_only
@require_GET
def inquiry_list(request: Request) -> HttpResponse:
    """The inquiries of my departments, most urgent first; for the office all of them with how far each is."""
    today = timezone.localdate()
    chosen = InquiryFilter(request.GET or {"which": "open"})
    context: dict[str, Any] = {"filter": chosen, "today": today}
    if request.access.is_reform_office:
        context["overviews"], context["more"] = listing.overviews(today, with_closed=chosen.shows_closed)
    else:
        context["standings"], context["more"] = listing.mine(request.access, today, with_closed=chosen.shows_closed)
    return render(request, "inquiries/list.html", context)


@takes_files(MAX_MB)
@entry_reader_only
def recipient(request: Request, pk: int) -> HttpResponse:
    """A department's inquiry: what is asked, until when, its answer, questions, more time."""
    found = get_object_or_404(Recipient.objects.seen_by(request.access).in_official_order(), pk=pk)
    page = AnswerPage(found, request.access, timezone.localdate())
    if request.method == "POST":
        try:
            if done := page.act(request.POST, request.FILES):
                messages.success(request, done)
                return redirect("inquiries:recipient", pk)
        except ValidationError as error:
            page.problem = " ".join(error.messages)
    return render(request, "inquiries/recipient.html", {"page": page}, status=422 if page.is_refused else 200)


@entry_reader_only
@require_GET
def file(request: Request, pk: int) -> HttpResponseBase:
    """The file of an answer."""
    found = get_object_or_404(Recipient.objects.seen_by(request.access), pk=pk)
    return _download(request, found)


@entry_reader_only
@require_GET
def event_file(request: Request, pk: int) -> HttpResponseBase:
    """The file as it was when something happened to the answer: the one that was handed in, returned or approved."""
    seen = Recipient.objects.seen_by(request.access)
    event = get_object_or_404(AnswerEvent.objects.exclude(action=AnswerEvent.Action.SAVED), pk=pk, recipient__in=seen)
    return _download(request, event)


def _download(request: Request, kept: Recipient | AnswerEvent) -> HttpResponseBase:
    """Always as a download: what departments attach is never run in a browser."""
    if not kept.file:
        raise Http404
    content_type = TYPES.get(ending_of(kept.file_name), "application/octet-stream")
    return as_checked_download(request, stored_file(kept), kept.file_name, content_type, sha256=kept.file_sha256)
