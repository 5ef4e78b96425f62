"""What happened to a report on its route, whatever the report is about."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models.people import Assignment
from constraints.rows import never_changes

#: What happens to a report of any kind.
ACTIONS = ("saved", "submitted", "withdrawn", "confirmed", "returned", "approved", "reviewed", "handed_over")


def event_constraints(of: str, called: str, *also: str) -> list[models.BaseConstraint]:
    """What the database holds of every model of events: a return has its reason, `action` is a known one (ACTIONS and
    `also`), and nothing of it is ever changed. `of` begins the names, `called` is the model's name in words."""
    return [
        models.CheckConstraint(
            condition=~Q(action="returned") | ~Q(reason=""),
            name=f"{of}_return_has_reason",
            violation_error_message="差し戻す理由を入力してください。",
        ),
        models.CheckConstraint(
            condition=Q(action__in=[*ACTIONS, *also]),
            name=f"{of}_event_action_is_known",
            violation_error_message="行為を選択肢から選んでください。",
        ),
        never_changes(f"{of}_event_never_changes", f"{called}は変更も削除もできません。"),
    ]


class RouteEvent(models.Model):
    """What happened, by whom, in which post and why. Never changed, never deleted.

    A model of events gives `action` its choices and adds what the report is that it happened to.
    """

    #: Who did it, when and in which post: the fields that accounts.acts asks.
    DONE_BY = (("actor", "at", "post"),)

    action = models.CharField("行為", max_length=12)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="職員", on_delete=models.PROTECT, related_name="%(class)s_set"
    )
    actor_name = models.CharField("当時の氏名", max_length=60)
    post = models.CharField("当時の職", max_length=120, blank=True)
    reason = models.TextField("理由", blank=True, max_length=1000)
    principal = models.ForeignKey(
        Assignment,
        verbose_name="代決した職",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="%(class)s_set",
    )
    at = models.DateTimeField("日時")

    class Meta:
        abstract = True

    @property
    def is_by_deputy(self) -> bool:
        """代決: decided in the place of somebody absent."""
        return self.principal_id is not None
