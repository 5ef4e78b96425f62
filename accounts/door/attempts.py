"""Failed sign-ins of an address, whatever the names: django-axes counts those of a name at an address."""

from __future__ import annotations

from datetime import timedelta

from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

#: Who signed in from an address within this time is not kept out because others fail there.
KNOWN_FOR = timedelta(days=30)


def failures_from(address: str) -> int:
    """Failed sign-ins from the address within the time of a lock-out."""
    since = timezone.now() - timedelta(hours=settings.AXES_COOLOFF_TIME)
    there = AccessAttempt.objects.filter(ip_address=address, attempt_time__gte=since)
    return there.aggregate(sum=Sum("failures_since_start"))["sum"] or 0


def is_closed_for(number: str, address: str | None) -> bool:
    """Whether so many failed at the address that it may try no further number.

    A whole hall may stand behind one address. A number that somebody signed in with from there lately stays open: for it
    the lock-out of the number counts.
    """
    limit = settings.FAILURES_PER_ADDRESS
    if not limit or address is None or failures_from(address) < limit:
        return False
    since = timezone.now() - KNOWN_FOR
    return not AccessLog.objects.filter(username=number, ip_address=address, attempt_time__gte=since).exists()


def forget_old_sign_ins() -> int:
    """Removes what is_closed_for no longer asks about; the security log keeps its own record. Returns the number of rows."""
    return AccessLog.objects.filter(attempt_time__lt=timezone.now() - 2 * KNOWN_FOR).delete()[0]
