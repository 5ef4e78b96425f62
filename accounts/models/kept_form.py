"""What somebody had typed when their session was over: kept for a while, for them alone."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

#: The newest so many of a person; an older one goes when another comes.
KEPT_OF_ONE = 10


def new_key() -> str:
    """A name that nobody can guess."""
    return secrets.token_urlsafe(24)


class KeptFormQuerySet(models.QuerySet["KeptForm"]):
    def of(self, user_id: int | None) -> KeptFormQuerySet:
        return self.filter(user=user_id)

    def alive(self, now: datetime) -> KeptFormQuerySet:
        return self.filter(kept_at__gt=now - timedelta(minutes=settings.KEPT_MINUTES))

    def sweep(self) -> int:
        """Removes what nobody came back for; returns how many."""
        return self.filter(kept_at__lte=timezone.now() - timedelta(minutes=settings.KEPT_MINUTES)).delete()[0]

    def make_room(self, user_id: int) -> None:
        """Leaves place for one more of the person."""
        newest = self.of(user_id).order_by("-kept_at", "-pk").values_list("pk", flat=True)[: KEPT_OF_ONE - 1]
        self.of(user_id).exclude(pk__in=list(newest)).delete()


class KeptForm(models.Model):
    """The text of one form: the page it stood on, where it was sent, and its fields as [name, value] pairs."""

    key = models.CharField(max_length=40, unique=True, default=new_key)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="kept_forms")
    page = models.TextField()
    action = models.TextField()
    fields = models.JSONField(default=list)
    files = models.JSONField(default=list)
    kept_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = KeptFormQuerySet.as_manager()

    class Meta:
        verbose_name = "お預かりしている入力"
        verbose_name_plural = "お預かりしている入力"
        ordering = ["-kept_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user} {self.page}"
