"""Pages that show how far background work is."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from jobs import dispatch
from jobs.access import visible_jobs
from jobs.models import Job, name_subjects


@require_GET
def job_list(request: HttpRequest) -> HttpResponse:
    """The jobs the person asked for (all of them for the reform office), newest first."""
    state = request.GET.get("state", "")
    jobs = visible_jobs(request).in_state(state).select_related("owner")
    page = Paginator(jobs, 50).get_page(request.GET.get("page"))
    name_subjects(page.object_list)
    return render(request, "jobs/list.html", {"page": page, "state": state, "states": Job.State.choices})


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One job with its progress; the page renews the part that changes."""
    job = get_object_or_404(visible_jobs(request).select_related("owner"), pk=pk)
    return render(request, "jobs/detail.html", {"job": job})


@require_GET
def status(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that changes. 286 tells htmx to stop asking when the job has ended."""
    job = get_object_or_404(visible_jobs(request).select_related("owner"), pk=pk)
    return render(request, "jobs/_status.html", {"job": job}, status=286 if job.is_ended else 200)


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Runs a failed or interrupted job again."""
    job = get_object_or_404(visible_jobs(request), pk=pk)
    if dispatch.retry(job):
        messages.success(request, "もう一度実行します。")
    else:
        messages.info(request, "この処理は、もう一度実行する必要がありません。")
    return redirect("jobs:detail", job.pk)
