"""A KPI's own page and its data file: for everyone signed in."""

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_update
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import Request
from kpis.dashboards.page import page_of
from kpis.definitions.listing import history_of
from kpis.models import Kpi
from kpis.values.export import data_file
from kpis.values.history import history_page


@require_GET
@csp_update({"style-src": [UNSAFE_INLINE]})  # type: ignore[arg-type]  # plotly styles its own elements; our Request
def detail(request: Request, code: str) -> HttpResponse:
    """The figure, its chart over ?range=, its parts, years, initiatives and the ?page= of its history."""
    kpi = get_object_or_404(Kpi.objects.for_page(), code=code)
    page = page_of(kpi, today=timezone.localdate(), asked=request.GET.get("range", ""))
    history, versions = history_page(kpi, request.GET.get("page"), request.access)
    context = {
        "page": page,
        "kpi": kpi,
        "history": history,
        "versions": versions,
        "definitions": history_of(kpi),
    }
    return render(request, "kpis/detail.html", context)


@require_GET
def data(request: Request, code: str) -> HttpResponse:
    """The approved values as CSV; ?for=excel adds the byte order mark Excel needs to read UTF-8."""
    kpi = get_object_or_404(Kpi, code=code)
    for_excel = request.GET.get("for") == "excel"
    response = HttpResponse(data_file(kpi, for_excel=for_excel), content_type="text/csv; charset=utf-8")
    name = f"{kpi.code}{'-excel' if for_excel else ''}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
