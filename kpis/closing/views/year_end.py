"""The change of the fiscal year."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import Request, reform_office_only
from kpis.closing.targets_of_year import TargetsForm
from kpis.closing.year_end import year_end_items

YEARS = range(1990, 2200)


@reform_office_only
@require_GET
def checklist(request: Request, fiscal_year: int) -> HttpResponse:
    """年度更新: what is in order for the new year and what is not, as the data says."""
    _known(fiscal_year)
    items = year_end_items(fiscal_year, access=request.access)
    context = {"items": items, "fiscal_year": fiscal_year, "done": sum(item.is_done for item in items)}
    return render(request, "closing/year.html", context)


@reform_office_only
@require_http_methods(["GET", "HEAD", "POST"])
def targets(request: Request, fiscal_year: int) -> HttpResponse:
    """Last year's targets, to change and confirm for the new year."""
    _known(fiscal_year)
    form = TargetsForm(fiscal_year, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        count = form.save(request.access)
        if count is not None:
            messages.success(request, f"目標値{count}件を登録しました。" if count else "登録する目標値がありません。")
            for warning in form.warnings:
                messages.warning(request, warning)
            return redirect("closing:year", fiscal_year)
    context = {"form": form, "fiscal_year": fiscal_year}
    return render(request, "closing/targets.html", context, status=422 if form.errors else 200)


def _known(fiscal_year: int) -> None:
    """Years of another age are a slip in the address."""
    if fiscal_year not in YEARS:
        raise Http404
