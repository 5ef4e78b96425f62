"""What somebody had typed when their session was over: kept for a while, for them alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models.columns import new_key

#: The newest so many of a person; an older one goes when another comes.
KEPT_OF_ONE = 10


#: What the pages say of themselves in their forms.
OF_PAGES = frozenset({"action", "filled", "next"})
ENDS_OF_PAGES = ("seen_version", "seen_measurement", "is_conflict", "version")


def is_of_the_page(name: str) -> bool:
    """A field that no person fills in, by its name."""
    return name in OF_PAGES or name.startswith("initial-") or name.endswith(ENDS_OF_PAGES)


class KeptFormQuerySet(models.QuerySet["KeptForm"]):
    def of(self, user_id: int | None) -> KeptFormQuerySet:
        return self.filter(user=user_id)

    def alive(self, now: datetime) -> KeptFormQuerySet:
        return self.filter(kept_at__gt=now - timedelta(minutes=settings.KEPT_MINUTES))

    def sweep(self) -> int:
        """Removes what nobody came back for; returns how many."""
        return self.filter(kept_at__lte=timezone.now() - timedelta(minutes=settings.KEPT_MINUTES)).delete()[0]

    def drop_sent(self, user_id: int, action: str, sent: list[list[str]], copy: str | None) -> None:
        """Removes the person's copy of that key, and those of the same form whose typed text is all in `sent`."""
        typed = {(name, value) for name, value in sent}
        mine = list(self.of(user_id).filter(action=action))
        self._drop(kept for kept in mine if kept.key == copy or kept.typed <= typed)

    def drop_same(self, user_id: int, page: str, action: str, fields: list[list[str]], copy: str | None) -> None:
        """Removes the copies that a new one replaces: the one it was filled from, and the same form pressed before."""
        told = [pair for pair in fields if pair[0] != "action"]
        mine = list(self.of(user_id).filter(page=page, action=action))
        same = (kept for kept in mine if [pair for pair in kept.fields if pair[0] != "action"] == told)
        self._drop([*same, *(kept for kept in mine if kept.key == copy)])

    def _drop(self, copies: Iterable[KeptForm]) -> None:
        if done := [kept.pk for kept in copies]:
            self.filter(pk__in=done).delete()

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

    @property
    def typed(self) -> set[tuple[str, str]]:
        """What a person put in: not the button, not what the page itself had in its fields."""
        pairs = {(name, value) for name, value in self.fields}
        return {
            (name, value)
            for name, value in pairs
            if value.strip() and not is_of_the_page(name) and (f"initial-{name}", value) not in pairs
        }
