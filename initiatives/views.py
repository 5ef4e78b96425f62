"""The timeline and each initiative."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from accounts.access import Request, entry_reader_only
from initiatives.chronicle import Chronicle, chronicle, in_order, years_of
from initiatives.data import milestones_csv, records_csv
from initiatives.forms import TimelineForm
from initiatives.models import Initiative, Pillar, ProgressRecord
from initiatives.quarters import Quarter, groups_of, quarters_until
from initiatives.record_page import RecordPage


@require_GET
def timeline(request: HttpRequest) -> HttpResponse:
    """Pillars × fiscal years; the address holds the filter."""
    form, shown = _asked(request)
    context = {"form": form, "chronicle": shown, "latest": ProgressRecord.objects.newest_approved(shown.initiatives)}
    return render(request, "initiatives/timeline.html", context)


@require_GET
def data(request: HttpRequest) -> HttpResponse:
    """The milestones shown, as CSV; `?for=excel` for Excel."""
    _, shown = _asked(request)
    content = milestones_csv(shown.milestones, timezone.localdate(), for_excel=request.GET.get("for") == "excel")
    headers = {"Content-Disposition": content_disposition_header(True, "取組の年表.csv") or ""}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


@require_GET
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One initiative with everything published about it."""
    initiative = get_object_or_404(Initiative.objects.for_timeline().with_charges(), code=code)
    context = {
        "initiative": initiative,
        "department": initiative.department_on(timezone.localdate()),
        "milestones": in_order(initiative.milestones.all()),
        "records": initiative.progress_records.order_by("-fiscal_year", "-quarter").as_approved(),
    }
    return render(request, "initiatives/detail.html", context)


@entry_reader_only
@require_GET
def progress_list(request: Request) -> HttpResponse:
    """A quarter's records by department in 建制順, with who has not answered."""
    quarters = quarters_until(timezone.localdate())
    chosen = next((each for each in quarters if each.code == request.GET.get("quarter")), quarters[0])
    context = {"quarters": quarters, "quarter": chosen, "groups": groups_of(chosen, request.access)}
    return render(request, "initiatives/progress_list.html", context)


@entry_reader_only
def progress(request: Request, code: str, fiscal_year: int, quarter: int) -> HttpResponse:
    """An initiative's record for a quarter: written, handed in, decided."""
    initiative = get_object_or_404(Initiative.objects.with_charges(), code=code)
    asked = Quarter(fiscal_year, quarter)
    if not 1 <= quarter <= 4 or not 1989 <= fiscal_year <= 2200 or asked.last_day >= timezone.localdate():
        raise Http404
    page = RecordPage(initiative, asked, request.access)
    if request.method == "POST" and (done := page.act(request.POST)):
        messages.success(request, done)
        return redirect("initiatives:progress", code, fiscal_year, quarter)
    status = 422 if request.method == "POST" else 200
    return render(request, "initiatives/progress.html", {"page": page}, status=status)


@require_GET
def progress_data(request: HttpRequest) -> HttpResponse:
    """Every approved record, as CSV; `?for=excel` for Excel."""
    records = ProgressRecord.objects.select_related("initiative", "department").in_order().as_approved()
    content = records_csv(records, for_excel=request.GET.get("for") == "excel")
    headers = {"Content-Disposition": content_disposition_header(True, "進捗状況調書.csv") or ""}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


def _asked(request: HttpRequest) -> tuple[TimelineForm, Chronicle]:
    pillars = list(Pillar.objects.with_names())
    initiatives = list(Initiative.objects.for_timeline())
    form = TimelineForm(request.GET, pillars=pillars, years=years_of(initiatives))
    return form, chronicle(pillars, initiatives, form.wish)
