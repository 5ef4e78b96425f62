"""The timeline and each initiative."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from initiatives.chronicle import Chronicle, chronicle, in_order, years_of
from initiatives.data import milestones_csv
from initiatives.forms import TimelineForm
from initiatives.models import Initiative, Pillar


@require_GET
def timeline(request: HttpRequest) -> HttpResponse:
    """Pillars × fiscal years; the address holds the filter."""
    form, shown = _asked(request)
    return render(request, "initiatives/timeline.html", {"form": form, "chronicle": shown})


@require_GET
def data(request: HttpRequest) -> HttpResponse:
    """The milestones shown, as CSV; `?for=excel` for Excel."""
    _, shown = _asked(request)
    content = milestones_csv(shown.milestones, for_excel=request.GET.get("for") == "excel")
    headers = {"Content-Disposition": content_disposition_header(True, "取組の年表.csv") or ""}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


@require_GET
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One initiative with everything published about it."""
    initiative = get_object_or_404(Initiative.objects.for_timeline(), code=code)
    milestones = in_order(initiative.milestones.all())
    return render(request, "initiatives/detail.html", {"initiative": initiative, "milestones": milestones})


def _asked(request: HttpRequest) -> tuple[TimelineForm, Chronicle]:
    pillars = list(Pillar.objects.with_names())
    initiatives = list(Initiative.objects.for_timeline())
    form = TimelineForm(request.GET, pillars=pillars, years=years_of(initiatives))
    return form, chronicle(pillars, initiatives, form.wish)
