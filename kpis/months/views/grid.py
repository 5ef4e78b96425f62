"""The grid's own requests: cells saved one by one or a block at once."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import Request, entry_reader_only
from kpis.months.grid import save_cells
from kpis.months.line import Line
from kpis.months.month import MonthForm
from kpis.values.addresses import department_or_404, month_or_404


@entry_reader_only
@require_POST
def cells(request: Request, department_code: str, month: str) -> HttpResponse:
    """Saves the lines of a month that were sent (one cell, or a pasted block) and answers with each as it is now."""
    start = month_or_404(month)
    department = department_or_404(department_code, start)
    form = MonthForm(department, start, access=request.access, today=timezone.localdate(), data=request.POST)
    if not form.may_enter or not form.is_open:
        raise PermissionDenied

    def draw(line: Line) -> str:
        context = {"line": line, "sheet": form, "department": department, "month": start}
        return render_to_string("entries/_line.html", context)

    answer = save_cells(form.lines, request.POST, access=request.access, department_id=department.pk, draw=draw)
    return JsonResponse({"cells": answer})
