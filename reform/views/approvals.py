"""Everything that waits for somebody's decision: values, 進捗状況調書 and answers to inquiries, and what deputies decided."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import Request, decider_only
from accounts.ids import is_id
from approvals.queue import review_picked, to_review, waiting_for
from initiatives.reporting import RECORDS
from inquiries.answering import ANSWERS
from kpis.entries import ENTRIES
from kpis.entries import queue as queues
from kpis.models import Entry
from reform.decisions import decided_lately


@decider_only
@require_http_methods(["GET", "HEAD", "POST"])
def queue(request: Request) -> HttpResponse:
    """What waits for me; the ones I picked are approved together, all or none."""
    if request.method != "POST":
        return _queue_page(request)
    if request.POST.get("action") == "review":
        return _reviewed(request)
    picked = _picked(request)
    if not picked:
        messages.error(request, "承認する回答を選んでください。")
        return redirect("approvals:list")
    done = queues.approve_together(picked, request.access)
    if done.refusals:
        return _queue_page(request, picked, done.refusals)
    messages.success(request, done.message)
    return redirect("approvals:list")


def _reviewed(request: Request) -> HttpResponse:
    access = request.access
    count = review_picked(ENTRIES, _ids(request, "event"), access)
    count += review_picked(RECORDS, _ids(request, "record_event"), access)
    count += review_picked(ANSWERS, _ids(request, "answer_event"), access)
    messages.success(request, f"{count}件を後閲しました。") if count else messages.info(
        request, "後閲するものはありません。"
    )
    return redirect("approvals:list")


def _ids(request: Request, name: str) -> list[int]:
    return [int(pk) for pk in request.POST.getlist(name) if is_id(pk)]


def _queue_page(
    request: Request, picked: Collection[int] = (), refusals: Mapping[int, str] | None = None
) -> HttpResponse:
    """The queue as it is now; after a refusal with what was picked, apart from what stood in the way."""
    refusals = refusals or {}
    batches = queues.queue_of(request.access)
    for line in (line for batch in batches for line in batch.lines):
        line.refusal = refusals.get(line.entry.pk, "")
        line.is_picked = line.entry.pk in picked and not line.refusal
    entries = Entry.objects.with_names().in_bulk(refusals) if refusals else {}
    context = {
        "batches": batches,
        "can_approve": sum(batch.can_approve for batch in batches),
        "refused": [(entries.get(pk), reason) for pk, reason in refusals.items()],
        "decided": decided_lately(request.access),
        "records": waiting_for(RECORDS, request.access),
        "answers": waiting_for(ANSWERS, request.access),
        "to_review": queues.to_review(request.access),
        "records_to_review": to_review(RECORDS, request.access),
        "answers_to_review": to_review(ANSWERS, request.access),
    }
    return render(request, "approvals/list.html", context, status=409 if refusals else 200)


def _picked(request: Request) -> dict[int, int]:
    """The picked entries and the versions that were shown; what is not two numbers was not sent by our page."""
    parts = (value.partition(":") for value in request.POST.getlist("entry"))
    return {int(pk): int(version) for pk, _, version in parts if is_id(pk) and is_id(version)}
