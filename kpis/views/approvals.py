"""The queue of those who decide: a chief, another step of a route, or a deputy."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.contrib import messages
from django.core.exceptions import PermissionDenied, SuspiciousOperation, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import Request, decider_only
from initiatives import deciding
from kpis import entries as acts
from kpis.forms import ReturnForm
from kpis.models import Entry
from kpis.queue import approve_together, decided_lately, queue_of, review_together, to_review, waiting_lines, why
from kpis.views.addresses import is_id


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
    refusals = approve_together(picked, request.access)
    if refusals:
        return _queue_page(request, picked, refusals)
    messages.success(request, f"{len(picked)}件を承認しました。")
    return redirect("approvals:list")


def _reviewed(request: Request) -> HttpResponse:
    count = review_together(_ids(request, "event"), request.access) + deciding.review(
        _ids(request, "record_event"), request.access
    )
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
    batches = queue_of(request.access)
    for line in (line for batch in batches for line in batch.lines):
        line.refusal = refusals.get(line.entry.pk, "")
        line.is_picked = line.entry.pk in picked and not line.refusal
    entries = Entry.objects.with_names().in_bulk(refusals) if refusals else {}
    context = {
        "batches": batches,
        "can_decide": sum(batch.can_decide for batch in batches),
        "refused": [(entries.get(pk), reason) for pk, reason in refusals.items()],
        "decided": decided_lately(request.access),
        "records": deciding.records_in_turn(request.access),
        "to_review": to_review(request.access),
        "records_to_review": deciding.to_review(request.access),
    }
    return render(request, "approvals/list.html", context, status=409 if refusals else 200)


def _picked(request: Request) -> dict[int, int]:
    """The picked entries and the versions that were shown; what is not two numbers was not sent by our page."""
    parts = (value.partition(":") for value in request.POST.getlist("entry"))
    return {int(pk): int(version) for pk, _, version in parts if is_id(pk) and is_id(version)}


@decider_only
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: Request, pk: int) -> HttpResponse:
    """One submitted entry: approve it, or return it with a reason."""
    entry = get_object_or_404(Entry.objects.with_names().prefetch_related("events"), pk=pk)
    if entry.state != Entry.State.SUBMITTED and request.method != "POST":
        return redirect("entries:detail", entry.pk)
    if acts.authority_over(entry, request.access) is None:
        raise PermissionDenied
    if request.method == "POST":
        return _decided(request, entry)
    return _decision_page(request, entry, ReturnForm(initial={"seen_version": entry.version}))


def _decided(request: Request, entry: Entry) -> HttpResponse:
    action = request.POST.get("action")
    if action not in ("approve", "return"):  # nothing is approved by what was not meant
        raise SuspiciousOperation("approve or return")
    returning = action == "return"
    form = ReturnForm(request.POST, reason_needed=returning)
    if not form.is_valid():
        return _decision_page(request, entry, form, 422)
    seen = form.cleaned_data["seen_version"]
    try:
        if returning:
            acts.send_back(entry, access=request.access, reason=form.cleaned_data["reason"], seen_version=seen)
        else:
            acts.approve(entry, access=request.access, seen_version=seen)
    except (acts.EntryConflict, ValidationError) as error:
        messages.error(request, f"{entry.series}：{why(error)}")
        entry.refresh_from_db()
        if entry.state != Entry.State.SUBMITTED or acts.authority_over(entry, request.access) is None:
            return redirect("entries:detail", entry.pk)
        return _decision_page(request, entry, form.shown_again(entry.version), 409)
    messages.success(request, f"{entry.series}を{'差し戻しました' if returning else '承認しました'}。")
    return redirect("approvals:list")


def _decision_page(request: Request, entry: Entry, form: ReturnForm, status: int = 200) -> HttpResponse:
    [line] = waiting_lines([entry], request.access)
    context = {
        "line": line,
        "entry": entry,
        "form": form,
        "events": entry.events.order_by("-at", "-id"),
        "is_stale": entry.base_version != (line.stored.measurement.version if line.stored else 0),
    }
    return render(request, "approvals/decide.html", context, status=status)
