"""Entering a department's fiscal year in one grid."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import Request, entry_reader_only
from accounts.models import Department, Succession
from japan.fiscal import fiscal_year_end, fiscal_year_of, fiscal_year_start, month_start
from japan.wareki import month_short
from kpis.months.grid import save_cells
from kpis.months.line import Line
from kpis.months.year import YearForm
from kpis.values.addresses import department_or_404, fiscal_year_or_404, month_or_404


@entry_reader_only
def year(request: Request, department_code: str, fiscal_year: int) -> HttpResponse:
    """The year as a grid; without scripts it is saved by its button, and wrong cells come back with their text."""
    form = _form(request, department_code, fiscal_year)
    if request.method != "POST":
        return _page(request, form)
    if not form.may_enter:
        raise PermissionDenied
    form.save()
    if form.saved:
        messages.success(request, f"{form.saved}件を一時保存しました。")
    elif not form.broken:
        messages.info(request, "変わったところはありません。")
    if form.broken:
        return _page(request, form, status=422)
    return redirect(request.get_full_path())


@entry_reader_only
@require_POST
def cells(request: Request, department_code: str, fiscal_year: int) -> HttpResponse:
    """Saves the cells of a year that were sent and answers with each as it is now."""
    form = _form(request, department_code, fiscal_year)
    if not form.may_enter:
        raise PermissionDenied

    def draw(line: Line) -> str:
        return render_to_string("entries/_year_cell.html", {"cell": line, "department": form.department})

    lines = list(form.lines)
    answer = save_cells(lines, request.POST, access=request.access, department_id=form.department.pk, draw=draw)
    return JsonResponse({"cells": answer})


def _form(request: Request, department_code: str, fiscal_year: int) -> YearForm:
    """The year of the department as it stands in the ?month= asked for, else at the year's end, or today within it."""
    today = timezone.localdate()
    asked = fiscal_year_or_404(fiscal_year, today)
    month = month_or_404(request.GET["month"]) if request.GET.get("month") else None
    in_year = month is not None and fiscal_year_of(month) == asked
    day = month if month is not None and in_year else min(fiscal_year_end(asked), today)
    department = department_or_404(department_code, day)
    if not request.access.may_see_entries(department):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    return YearForm(department, asked, access=request.access, today=today, data=data)


def _page(request: Request, form: YearForm, status: int = 200) -> HttpResponse:
    form.check()
    this_year = fiscal_year_of(form.today)
    context = {
        "sheet": form,
        "department": form.department,
        "previous_year": form.fiscal_year - 1,
        "next_year": form.fiscal_year + 1 if form.fiscal_year < this_year else None,
        "before_and_after": _before_and_after(form),
        "locked_months": "、".join(month_short(month) for month, lock in sorted(form.locks.items()) if lock.is_locked),
    }
    return render(request, "entries/year.html", context, status=status)


def _before_and_after(form: YearForm) -> list[tuple[Department, date]]:
    """The departments it took over from or was taken over by within the year, each with a month of the year in which it
    stood: their months are in their own tables."""
    first, last = fiscal_year_start(form.fiscal_year), fiscal_year_end(form.fiscal_year)
    mine = Q(predecessor=form.department) | Q(successor=form.department)
    rows = Succession.objects.filter(mine, date__range=(first, last)).select_related("predecessor", "successor")
    found = []
    for row in rows:
        if row.successor_id == form.department.pk:
            found.append((row.predecessor, first))
        else:
            found.append((row.successor, month_start(last)))
    return [(each, month) for each, month in found if form.access.may_see_entries(each)]
