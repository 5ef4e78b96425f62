"""Closing months, opening them again, and what was changed after they were closed."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import Request, reform_office_only
from accounts.first_rows import first_rows
from japan.fiscal import add_months, fiscal_year_of, month_start
from japan.wareki import date_label, month_label
from kpis.closing.corrections import choices, corrections, corrections_file, lines_of, reopenings_asked, reopenings_file
from kpis.closing.finalising import provisional_of
from kpis.closing.forms import ChangesFilter, CloseForm, FinalForm, ReopenForm
from kpis.closing.months_to_close import MonthToClose, departments_to_open, months_to_close
from kpis.definitions.listing import changes_after_the_fact, changes_file
from kpis.entries.progress import months_of
from kpis.models import Reopening
from kpis.values.addresses import month_or_404
from kpis.values.closed import end_reopening

MONTHS = 24
PAGE_LENGTH = 50
#: 確定解除 on the page of changes; all of them are in their file.
REOPENINGS = 50


@reform_office_only
@require_GET
def month_list(request: Request) -> HttpResponse:
    """The last two years' months: who has answered, what is closed, what is open again."""
    today = timezone.localdate()
    rows = months_to_close(months_of(month_start(today), MONTHS), access=request.access, on=today)
    context = {
        "rows": rows,
        "reopenings": Reopening.objects.in_force(today).select_related("department", "opened_by"),
        # From January on the year to prepare is the next one.
        "fiscal_year": fiscal_year_of(add_months(today, 3)),
    }
    return render(request, "closing/list.html", context)


@reform_office_only
@require_GET
def month(request: Request, month: str) -> HttpResponse:
    """One month: its departments in 建制順, and what can be done with it."""
    return _month_page(request, month_or_404(month))


@reform_office_only
@require_POST
def close(request: Request, month: str) -> HttpResponse:
    """確定 of a month, with the provisional values that become final."""
    start = month_or_404(month)
    form = _close_form(request, start, _stand(request, start))
    count = form.perform(request.access)
    if count is None:
        return _month_page(request, start, close=form)
    messages.success(request, f"{month_label(start)}分を確定しました。{_made_final(count)}")
    return redirect("closing:month", f"{start:%Y-%m}")


@reform_office_only
@require_POST
def final(request: Request, month: str) -> HttpResponse:
    """Provisional values of a closed month become final, where it is open again."""
    start = month_or_404(month)
    form = FinalForm(request.POST, start, provisional_of(start), today=timezone.localdate())
    count = form.perform(request.access)
    if count is None:
        return _month_page(request, start, final=form)
    messages.success(request, _made_final(count) or "確定値にする速報値が選ばれていません。")
    return redirect("closing:month", f"{start:%Y-%m}")


@reform_office_only
@require_POST
def open_again(request: Request, month: str) -> HttpResponse:
    """確定解除 of one department's month."""
    start = month_or_404(month)
    is_reopened = Reopening.objects.in_force(timezone.localdate()).filter(month=start).exists()
    form = ReopenForm(request.POST, departments_to_open(start), is_reopened=is_reopened)
    reopening = form.perform(start, request.access)
    if reopening is None:
        return _month_page(request, start, reopen=form)
    until = date_label(reopening.until)
    messages.success(request, f"{reopening.department}の{month_label(start)}分の確定を、{until}まで解除しました。")
    return redirect("closing:month", f"{start:%Y-%m}")


@reform_office_only
@require_POST
def end(request: Request, pk: int) -> HttpResponse:
    """Ends a re-opening before its day."""
    reopening = get_object_or_404(Reopening.objects.select_related("department"), pk=pk)
    if end_reopening(reopening, access=request.access):
        messages.success(request, f"{reopening.department}の{month_label(reopening.month)}分の解除を終えました。")
    else:
        messages.info(request, "この確定解除は、すでに終わっています。")
    return redirect("closing:month", f"{reopening.month:%Y-%m}")


@require_GET
def changes(request: Request) -> HttpResponse:
    """訂正・遡及改定の一覧, for everybody signed in."""
    chosen = ChangesFilter(request.GET, *choices())
    page = Paginator(corrections(chosen.asked), PAGE_LENGTH).get_page(request.GET.get("page"))
    context = {
        "definitions": first_rows(changes_after_the_fact(chosen.asked.kpi), REOPENINGS),
        "page": page,
        "reopenings": first_rows(reopenings_asked(chosen.asked), REOPENINGS),
        "lines": lines_of(page.object_list, request.access),
        "filter": chosen,
        "is_asked": any(request.GET.values()),
    }
    return render(request, "closing/changes.html", context)


@require_GET
def changes_data(request: Request) -> HttpResponse:
    """The list as CSV; ?for=excel adds the byte order mark Excel needs to read UTF-8."""
    asked, for_excel = ChangesFilter(request.GET, *choices()).asked, request.GET.get("for") == "excel"
    return _csv_file("changes", corrections_file(asked, request.access, for_excel=for_excel), for_excel=for_excel)


@require_GET
def reopenings_data(request: Request) -> HttpResponse:
    """The list of 確定解除 as CSV; ?for=excel as above."""
    asked, for_excel = ChangesFilter(request.GET, *choices()).asked, request.GET.get("for") == "excel"
    return _csv_file("reopenings", reopenings_file(asked, for_excel=for_excel), for_excel=for_excel)


@require_GET
def definitions_data(request: Request) -> HttpResponse:
    """The list of changes of definitions and targets as CSV; ?for=excel as above."""
    asked, for_excel = ChangesFilter(request.GET, *choices()).asked, request.GET.get("for") == "excel"
    content = changes_file(changes_after_the_fact(asked.kpi), for_excel=for_excel)
    return _csv_file("definitions", content, for_excel=for_excel)


def _csv_file(name: str, content: bytes, *, for_excel: bool) -> HttpResponse:
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}{"-excel" if for_excel else ""}.csv"'
    return response


def _stand(request: Request, start: date) -> MonthToClose:
    [row] = months_to_close([start], access=request.access, on=timezone.localdate())
    return row


def _close_form(request: Request, start: date, row: MonthToClose) -> CloseForm:
    data = request.POST if request.method == "POST" else None
    return CloseForm(data, start, provisional_of(start), today=timezone.localdate(), missing=row.missing)


def _made_final(count: int) -> str:
    return f"速報値{count}件を確定値にしました。" if count else ""


def _month_page(
    request: Request,
    start: date,
    *,
    close: CloseForm | None = None,
    final: FinalForm | None = None,
    reopen: ReopenForm | None = None,
) -> HttpResponse:
    """The month as it stands; after a refusal with the form that came back."""
    today = timezone.localdate()
    row = _stand(request, start)
    provisional = provisional_of(start)
    wrong = close or final or reopen
    context = {
        "row": row,
        "has_ended": start < month_start(today),
        "close": close or CloseForm(None, start, provisional, today=today, missing=row.missing),
        "final": final or FinalForm(None, start, provisional, today=today),
        "reopen": reopen or ReopenForm(None, departments_to_open(start), is_reopened=bool(row.reopenings)),
        "wrong": wrong,
        "previous_month": add_months(start, -1),
        "next_month": add_months(start, 1) if add_months(start, 1) < month_start(today) else None,
    }
    return render(request, "closing/month.html", context, status=422 if wrong else 200)
