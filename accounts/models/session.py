"""Who is signed in where, since when, and when they last asked for anything."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.utils import timezone

#: Rows that one sweep removes: whoever signs in does not wait for thousands.
SWEPT_AT_ONCE = 500


def idle_since(now: datetime) -> datetime:
    """A session in which nothing was asked since this moment has ended."""
    return now - timedelta(minutes=settings.SESSION_IDLE_MINUTES)


class SessionQuerySet(models.QuerySet["Session"]):
    def alive(self, now: datetime) -> SessionQuerySet:
        return self.filter(expire_date__gt=now, seen_at__gt=idle_since(now))

    def ended(self, now: datetime) -> SessionQuerySet:
        return self.filter(Q(expire_date__lte=now) | Q(seen_at__lte=idle_since(now)))

    def of(self, user_id: int | None) -> SessionQuerySet:
        return self.filter(user=user_id)

    def sweep(self) -> int:
        """Removes sessions that have ended, SWEPT_AT_ONCE at most; returns how many."""
        ended = self.ended(timezone.now()).order_by("pk").values_list("pk", flat=True)[:SWEPT_AT_ONCE]
        return self.filter(pk__in=list(ended)).delete()[0]


class Session(AbstractBaseSession):
    """One browser of one person. Django reads and writes it through accounts.door.sessions."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="職員", null=True, on_delete=models.CASCADE, related_name="sessions"
    )
    begun_at = models.DateTimeField("ログインした日時")
    seen_at = models.DateTimeField("最後に操作した日時", db_index=True)
    address = models.GenericIPAddressField("アドレス", null=True)

    objects = SessionQuerySet.as_manager()  # type: ignore[assignment,misc]  # the stubs know a manager of their own

    class Meta:
        verbose_name = "ログイン中の端末"
        verbose_name_plural = "ログイン中の端末"
        ordering = ["-seen_at", "pk"]

    def __str__(self) -> str:
        return f"{self.user} {self.seen_at}"
