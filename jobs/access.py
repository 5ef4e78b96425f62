"""Who sees a job: whoever asked for it, and the reform office."""

from django.http import HttpRequest

from jobs.models import Job, JobQuerySet


def visible_jobs(request: HttpRequest) -> JobQuerySet:
    """The jobs the asking person may see."""
    if request.access.is_reform_office:  # type: ignore[attr-defined]  # set by accounts, which is downstream
        return Job.objects.all()
    return Job.objects.filter(owner=request.user.pk)
