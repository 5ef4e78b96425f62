"""Pages about reports: everyone signed in reads the editions, the reform office writes and publishes."""

from __future__ import annotations

from csp.decorators import csp_replace
from django.contrib import messages
from django.db import transaction
from django.db.models import F
from django.http import FileResponse, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import Request, reform_office_only
from accounts.back_office import seen
from accounts.security_log import note
from jobs.dispatch import dispatch
from jobs.models import Job
from kpis.models import Kpi
from reports import copying, editing, readiness, rendering, snapshot
from reports.exporting import KIND
from reports.fonts import FontMissing
from reports.forms import ReportForm, SectionForm
from reports.models import Edition, Report, Section
from reports.pdf import Complaint

#: An edition brings its styles, font and pictures along; nothing in it may run or load.
EDITION_POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "font-src": ["data:"],
    "img-src": ["data:"],
    "connect-src": ["'none'"],
}


@require_GET
def report_list(request: Request) -> HttpResponse:
    """All volumes, the newest first, with their newest edition."""
    return render(request, "reports/list.html", {"reports": Report.objects.for_list()})


@require_GET
def detail(request: Request, volume: int) -> HttpResponse:
    """A volume: its editions for everyone; its pages and the work under way for the reform office."""
    report = get_object_or_404(Report, volume=volume)
    editions = Edition.objects.filter(report=report).finished().for_list()
    context: dict[str, object] = {"report": report, "editions": editions}
    if request.access.is_reform_office:
        context["sections"] = readiness.with_problems(report.sections.select_related("report"))
        context["job"] = Job.objects.filter(kind=KIND, subject=str(report)).order_by("-pk").first()
    return render(request, "reports/detail.html", context)


@reform_office_only
def report_create(request: Request) -> HttpResponse:
    """A new volume, with the pages of an earlier one if wanted."""
    form = ReportForm(request.POST or None, initial=_next_volume())
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            report = form.save()
            template = form.cleaned_data["template"]
            copied = copying.copy_sections(template, report) if template else 0
        messages.success(request, f"{report} を作成しました。{f'{copied}ページを写しました。' if copied else ''}")
        return redirect("reports:detail", report.volume)
    return render(request, "reports/form.html", {"form": form}, status=422 if form.errors else 200)


@reform_office_only
def report_edit(request: Request, volume: int) -> HttpResponse:
    """A volume's own data: title, period, as-of, issuer."""
    report = get_object_or_404(Report, volume=volume)
    with transaction.atomic():
        if request.method == "POST":
            seen.hold(Report, report.pk)
        # The heading keeps the stored name while the form shows what was typed.
        stored = Report.objects.get(pk=report.pk)
        shown = seen.Shown([_report_form(None, stored)])
        form = _report_form(request.POST or None, report)
        changed = shown.since(request.POST.get(seen.FIELD, ""))
        if changed:
            form.add_error(None, seen.CHANGED)
        if request.method == "POST" and form.is_valid():
            saved = form.save()
            Report.objects.filter(pk=saved.pk).update(version=F("version") + 1)
            messages.success(request, "保存しました。")
            return redirect("reports:detail", saved.volume)
    context = {
        "form": form,
        "report": stored,
        seen.FIELD: str(shown),
        "seen_changes": shown.compared(changed, [form]),
    }
    return render(request, "reports/form.html", context, status=422 if form.errors else 200)


def _report_form(typed: QueryDict | None, report: Report) -> ReportForm:
    form = ReportForm(typed, instance=report)
    del form.fields["template"]
    return form


@reform_office_only
def section_edit(request: Request, volume: int, pk: int) -> HttpResponse:
    """A page's texts and figures. What was typed stays; nobody's newer page is written over."""
    section = get_object_or_404(Section.objects.select_related("report"), pk=pk, report__volume=volume)
    form = SectionForm(request.POST or None, instance=section)
    problems = readiness.problems_of(section) if request.method == "GET" else []
    context = {
        "form": form,
        "section": section,
        "report": section.report,
        "heading": section.title,
        "problems": problems,
    }
    if request.method == "POST" and form.is_valid():
        if request.POST.get("action") == "preview":
            context["preview"] = editing.preview(form.instance)
        else:
            try:
                editing.save(form.instance, form.cleaned_data["seen_version"])
            except editing.PageConflict as conflict:
                context["conflict"] = conflict.current
            else:
                messages.success(request, f"「{section.title}」を保存しました。")
                return redirect("reports:detail", volume)
    codes = list(Kpi.objects.values_list("code", "name"))
    context["offer"] = editing.figures_on_offer(section.report, codes)
    return render(
        request, "reports/section_form.html", context, status=422 if form.errors or "conflict" in context else 200
    )


@reform_office_only
@require_POST
def export(request: Request, volume: int) -> HttpResponse:
    """Asks for a new edition and goes to the page that shows how far it is."""
    report = get_object_or_404(Report, volume=volume)
    arguments = {
        "report_id": report.pk,
        "asked_at": timezone.now().isoformat(),
        "author_id": request.user.pk,
        "post": request.access.post_in(None),
    }
    note("report_export", request, volume=volume)
    with transaction.atomic():
        job = dispatch(KIND, subject=str(report), arguments=arguments, owner=request.user)  # type: ignore[arg-type]
    return redirect("jobs:detail", job.pk)


@reform_office_only
@require_GET
@csp_replace(EDITION_POLICY)  # type: ignore[arg-type]  # our Request
def draft(request: Request, volume: int) -> HttpResponse:
    """The report as it would be published now, in the browser; nothing is stored."""
    report = get_object_or_404(Report, volume=volume)
    try:
        context = rendering.context_of(snapshot.take(report), timezone.localdate().isoformat())
        context, _ = rendering.laid_out_of(context)
        return HttpResponse(rendering.to_html(context))
    except (snapshot.SnapshotError, FontMissing, Complaint) as error:
        messages.error(request, str(error))
        return redirect("reports:detail", volume)


@require_GET
def edition_html(request: Request, volume: int, number: int) -> HttpResponseBase:
    """The HTML file, to keep."""
    return _file(request, volume, number, "html", as_attachment=True)


@require_GET
@csp_replace(EDITION_POLICY)  # type: ignore[arg-type]  # our Request
def edition_view(request: Request, volume: int, number: int) -> HttpResponseBase:
    """The HTML file, shown in the browser."""
    return _file(request, volume, number, "html", as_attachment=False)


@require_GET
def edition_pdf(request: Request, volume: int, number: int) -> HttpResponseBase:
    """The PDF file, to keep."""
    return _file(request, volume, number, "pdf", as_attachment=True)


def _file(request: Request, volume: int, number: int, kind: str, *, as_attachment: bool) -> HttpResponseBase:
    """A stored file, if it is still the one that was published; else back to the volume's page with the reason."""
    edition = get_object_or_404(
        Edition.objects.finished().select_related("report"), report__volume=volume, number=number
    )
    if problem := edition.problem_with(kind):
        messages.error(request, problem)
        return redirect("reports:detail", volume)
    content_type = {"html": "text/html; charset=utf-8", "pdf": "application/pdf"}[kind]
    name = f"{edition.report.title}_vol{volume}_第{number}版.{kind}"
    file = getattr(edition, kind).open("rb")
    return FileResponse(file, as_attachment=as_attachment, filename=name, content_type=content_type)


def _next_volume() -> dict[str, object]:
    last = Report.objects.order_by("-volume").first()
    if last is None:
        return {"volume": 1}
    return {
        "volume": last.volume + 1,
        "title": last.title,
        "first_fiscal_year": last.first_fiscal_year,
        "last_fiscal_year": last.last_fiscal_year + 1,
        "issuer": last.issuer,
        "contact": last.contact,
        "template": last.pk,
    }
