"""事務引継: choosing a post and its successor, seeing what moves, moving it, and the paper."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import Request, handing_over_only
from accounts.handing_over import givers, may_hand_over, takers
from accounts.models import Assignment
from reform.handing_over import papers_of, preview_of
from reform.handover_forms import HandoverForm, TakerForm

PAPERS = 50


@handing_over_only
@require_GET
def posts(request: Request) -> HttpResponse:
    """The posts that can be handed over, and the papers made so far."""
    context = {
        "posts": givers(request.access),
        "papers": Paginator(papers_of(request.access), PAPERS).get_page(request.GET.get("page")),
        "today": request.access.on,
    }
    return render(request, "handover/list.html", context)


@handing_over_only
@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: Request, pk: int) -> HttpResponse:
    """Who takes over (?taker=) and what would move; sent, it moves."""
    giver = get_object_or_404(Assignment.objects.select_related("user", "department"), pk=pk)
    if not may_hand_over(giver, request.access):
        raise PermissionDenied
    choose = TakerForm(request.GET or None, takers(giver, request.access.on))
    preview = preview_of(giver, choose.chosen, request.access.on) if choose.chosen else None
    form = HandoverForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and preview is not None:
        if (paper := form.perform(preview, request.access)) is not None:
            messages.success(request, f"{paper.giver.user}から{paper.taker.user}へ引き継ぎました。")
            return redirect("handover:paper", paper.pk)
        form.shown_again(preview)
    elif preview is not None:
        form = HandoverForm(initial={"seal": preview.seal})
    context = {"giver": giver, "choose": choose, "preview": preview, "form": form}
    return render(request, "handover/prepare.html", context, status=422 if form.errors or choose.errors else 200)


@handing_over_only
@require_GET
def paper(request: Request, pk: int) -> HttpResponse:
    """事務引継書, to print and sign."""
    return render(request, "handover/paper.html", {"paper": get_object_or_404(papers_of(request.access), pk=pk)})
