"""One submitted value before those who decide: a chief, another step of a route, or a deputy."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, SuspiciousOperation, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import Request, decider_only
from approvals.forms import DecisionForm
from kpis import entries as acts
from kpis.entries.evidence import of_entry
from kpis.entries.queue import waiting_lines, why
from kpis.models import Entry


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
    return _decision_page(request, entry, DecisionForm.shown(entry.version))


def _decided(request: Request, entry: Entry) -> HttpResponse:
    action = request.POST.get("action")
    if action not in ("approve", "return"):  # nothing is approved by what was not meant
        raise SuspiciousOperation("approve or return")
    returning = action == "return"
    form = DecisionForm(request.POST, reason_needed=returning)
    if not form.is_valid():
        return _decision_page(request, entry, form, 422)
    seen = form.cleaned_data["seen_version"]
    try:
        is_final = True
        if returning:
            acts.send_back(entry, access=request.access, reason=form.cleaned_data["reason"], seen_version=seen)
        else:
            decided = acts.approve(entry, access=request.access, seen_version=seen)
            is_final = decided.state == Entry.State.APPROVED
    except (acts.Conflict, ValidationError) as error:
        messages.error(request, f"{entry.series}：{why(error)}")
        entry.refresh_from_db()
        if entry.state != Entry.State.SUBMITTED or acts.authority_over(entry, request.access) is None:
            return redirect("entries:detail", entry.pk)
        return _decision_page(request, entry, DecisionForm.shown(entry.version, form.cleaned_data["reason"]), 409)
    done = (
        "差し戻しました" if returning else "承認しました" if is_final else "確認しました。次の段階の確認者へ回りました"
    )
    messages.success(request, f"{entry.series}を{done}。")
    return redirect("approvals:list")


def _decision_page(request: Request, entry: Entry, form: DecisionForm, status: int = 200) -> HttpResponse:
    [line] = waiting_lines([entry], request.access)
    is_stale = entry.base_version != (line.stored.known.version if line.stored else 0)
    context = {
        "line": line,
        "entry": entry,
        "form": form,
        "papers": of_entry(entry),
        "events": entry.events.order_by("-at", "-id"),
        "is_stale": is_stale,
        "can_approve": line.can_approve and not is_stale,
    }
    return render(request, "approvals/decide.html", context, status=status)
