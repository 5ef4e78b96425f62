"""The side panel of a cell, a page of its own where no script runs, and the papers attached to a figure's month."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.access import Request, entry_reader_only
from accounts.door.bodies import takes_files
from accounts.ids import is_id
from kpis import entries as acts
from kpis.entries import evidence as papers
from kpis.models import Evidence, Series
from kpis.months.panel import Panel, panel_of, save_comment
from kpis.values.addresses import period_or_404
from kpis.values.downloads import as_checked_download


@entry_reader_only
def panel(request: Request, series_id: int, period: str) -> HttpResponse:
    """Everything about one cell; its comment is saved here."""
    found = _panel(request, series_id, period)
    if request.method == "POST":
        _save_comment(request, found)
        return _back(request, found)
    name = "entries/_panel.html" if request.GET.get("part") else "entries/panel.html"
    context = {"panel": found, "part": bool(request.GET.get("part")), "max_mb": settings.EVIDENCE_MAX_MB}
    return render(request, name, context)


def _save_comment(request: Request, found: Panel) -> None:
    seen = request.POST.get("seen_version", "")
    if not found.may_comment or not is_id(seen):
        raise PermissionDenied
    try:
        save_comment(found, request.POST.get("comment", ""), request.POST.keys(), int(seen), request.access)
        messages.success(request, "一時保存しました。")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except acts.Conflict as conflict:
        messages.error(request, str(conflict))


@takes_files(lambda: settings.EVIDENCE_MAX_MB)
@entry_reader_only
@require_POST
def evidence_add(request: Request, series_id: int, period: str) -> HttpResponse:
    """Attaches a paper to the figure's month."""
    found = _panel(request, series_id, period)
    if not found.may_enter:
        raise PermissionDenied
    upload = request.FILES.get("file")
    try:
        if upload is None:
            raise ValidationError("添付するファイルを選んでください。")
        papers.attach(
            upload,
            kpi=found.series.kpi,
            department=found.department,
            month=found.month,
            access=request.access,
            note=request.POST.get("note", ""),
        )
        messages.success(request, "根拠資料を添付しました。")
    except ValidationError as error:
        # A file has to be chosen anew; what was written about it stays.
        context = {"panel": found, "max_mb": settings.EVIDENCE_MAX_MB, "paper_note": request.POST.get("note", "")}
        context |= {"part": bool(request.POST.get("part")), "paper_problem": " ".join(error.messages)}
        name = "entries/_panel.html" if context["part"] else "entries/panel.html"
        # The script puts what comes back into the panel; a browser without it is told that nothing was kept.
        return render(request, name, context, status=200 if context["part"] else 422)
    return _back(request, found)


@require_GET
def evidence(request: Request, pk: int) -> HttpResponseBase:
    """A paper, to keep and never to be run: always as a download, and never guessed at by the browser."""
    paper = get_object_or_404(Evidence.objects.select_related("department"), pk=pk, removed_at=None)
    if not papers.may_see(request.access, paper):
        raise PermissionDenied
    return as_checked_download(request, paper.file, paper.name, paper.content_type, sha256=paper.sha256)


@entry_reader_only
@require_POST
def evidence_remove(request: Request, pk: int) -> HttpResponse:
    """取下げ of a paper, from the panel of the cell it was opened at."""
    paper = get_object_or_404(Evidence, pk=pk)
    try:
        if papers.take_back(paper, access=request.access):
            messages.success(request, f"「{paper.name}」を取り下げました。")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    series_id, _, period = request.POST.get("cell", "").partition("/")
    return _back(request, _panel(request, int(series_id) if is_id(series_id) else 0, period))


def _panel(request: Request, series_id: int, period: str) -> Panel:
    series = get_object_or_404(Series.objects.select_related("kpi"), pk=series_id)
    found = panel_of(series, period_or_404(period), request.access)
    if found is None:
        raise PermissionDenied
    return found


def _back(request: Request, found: Panel) -> HttpResponse:
    address = reverse("entries:panel", args=[found.series.pk, found.period.iso])
    return redirect(f"{address}?part=1" if request.POST.get("part") else address)
