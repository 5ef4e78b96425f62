"""Work that is asked for by itself, once a night."""

from __future__ import annotations

from django.utils import timezone

from jobs.dispatch import dispatch
from jobs.models import Job

#: Hours of the night in which it is asked for.
HOURS = range(1, 5)


def by_night(kind: str) -> Job | None:
    """Asks for a kind of work when the night has come and it was not asked for this day. Returns the newest one before."""
    last = Job.objects.filter(kind=kind).order_by("pk").last()
    now = timezone.localtime()
    if now.hour in HOURS and (last is None or timezone.localdate(last.created_at) != now.date()):
        dispatch(kind, subject=f"{now:%Y-%m-%d}")
    return last
