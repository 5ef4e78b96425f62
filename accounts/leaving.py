"""Who left loses access: some days after their last post ended, without anybody having to remember it.

An account that never had a post is being prepared and stays open; the operator (superuser) always does. The account and
its history stay.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Assignment, User

APRIL = 4
#: A post that ended from this day on may have a successor in April's list: (month, day).
END_OF_YEAR = (3, 1)


def earliest_end(today: date, grace_days: int, *, april_list_is_in: bool) -> date:
    """The first last day of a post that still gives access today.

    Normally `grace_days` before today. In April, until posts of the new list begin, everybody whose post ended since
    1 March keeps access: the list of 人事異動 is often registered days after it took effect.
    """
    normal = today - timedelta(days=grace_days)
    if today.month == APRIL and not april_list_is_in:
        return min(normal, date(today.year, *END_OF_YEAR))
    return normal


def has_left(today: date) -> Q:
    """The condition on users that they had posts, and that the last of them ended too long ago."""
    posts = Assignment.objects.filter(user=OuterRef("pk"))
    kept = posts.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=_earliest_end(today)))
    return Q(Exists(posts)) & ~Q(Exists(kept)) & Q(is_superuser=False)


def _earliest_end(today: date) -> date:
    is_in = True
    if today.month == APRIL:
        is_in = Assignment.objects.filter(valid_from__range=(date(today.year, APRIL, 1), today)).exists()
    return earliest_end(today, settings.LEAVER_GRACE_DAYS, april_list_is_in=is_in)


class PostBackend(ModelBackend):
    """Django's, for people who have not left. A session that is open when access ends is over with its next request."""

    def get_user(self, user_id: int) -> User | None:
        """The user of a session, in one query (in April in two)."""
        found = User.objects.filter(~has_left(timezone.localdate()), pk=user_id, is_active=True)
        return found.first()

    def user_can_authenticate(self, user: User | None) -> bool:  # type: ignore[override]  # the stubs know only their own
        if user is None or not super().user_can_authenticate(user):
            return False
        return not User.objects.filter(has_left(timezone.localdate()), pk=user.pk).exists()
