"""代決者の登録: a chief names who decides during absence, and takes it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Request, deputy_namer_only
from accounts.deputising import cancel, deputies_of
from accounts.forms import DeputyForm
from accounts.models import Deputy
from japan.wareki import date_label


@deputy_namer_only
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: Request) -> HttpResponse:
    """The deputies of one's own posts from today on, and the form for another."""
    form = DeputyForm(request.POST if request.method == "POST" else None, request.access)
    named = form.perform() if request.method == "POST" else None
    if named is not None:
        days = f"{date_label(named.valid_from)}から{date_label(named.valid_to)}まで"
        messages.success(request, f"{days}、{named.deputy}を{named.principal.post}の代決者に登録しました。")
        return redirect("deputies:list")
    context = {"form": form, "deputies": deputies_of(request.access), "today": request.access.on}
    return render(request, "deputies/list.html", context, status=422 if request.method == "POST" else 200)


@deputy_namer_only
@require_POST
def end(request: Request, pk: int) -> HttpResponse:
    """Back before the day: the deputy decides no longer."""
    deputy = get_object_or_404(Deputy.objects.select_related("principal__department", "deputy"), pk=pk)
    if cancel(deputy, access=request.access):
        messages.success(request, f"{deputy.deputy}の代決を取り消しました。")
    else:
        messages.info(request, "この代決は、すでに終わっています。")
    return redirect("deputies:list")
