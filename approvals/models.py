"""A report on its way through the hands of those who approve it, and what happened to it, whatever it is about.

Both are abstract: a value (kpis), a 進捗状況調書 (initiatives) and an answer to an inquiry (inquiries) keep their own tables.
Their states are changed by approvals.procedure alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Assignment, Department, Route
from approvals.routes import DEFAULT_STEPS, turn_label
from constraints.rows import never_changes


class Action(models.TextChoices):
    """What happens to a report of any kind. No kind knows all of them."""

    SAVED = "saved", "一時保存"
    SUBMITTED = "submitted", "提出"
    WITHDRAWN = "withdrawn", "引戻し"
    CONFIRMED = "confirmed", "確認（次の段階へ）"
    RETURNED = "returned", "差戻し"
    APPROVED = "approved", "承認"
    REOPENED = "reopened", "訂正のため再開"
    REVIEWED = "reviewed", "後閲"
    HANDED_OVER = "handed_over", "引継"
    REASSIGNED = "reassigned", "所属の変更"
    REORGANISED = "reorganised", "組織改正"
    DISCARDED = "discarded", "取消し"


#: Who did one of these is an author of the report, and somebody else decides.
AUTHORED = (Action.SAVED.value, Action.SUBMITTED.value)
#: What those who approve do.
DECIDED = (Action.CONFIRMED.value, Action.APPROVED.value, Action.RETURNED.value)


class Report(models.Model):
    """What a department reports and others approve. A kind of report adds what it says, and its states' words."""

    #: The states as the kind's own enumeration has them in the database.
    BEGUN: ClassVar[str] = "draft"
    SUBMITTED: ClassVar[str] = "submitted"
    RETURNED: ClassVar[str] = "returned"
    APPROVED: ClassVar[str] = "approved"
    DISCARDED: ClassVar[str] = "discarded"

    author_post = models.CharField("入力者の職", max_length=120, blank=True)
    route = models.ForeignKey(
        Route, verbose_name="承認ルート", null=True, blank=True, on_delete=models.PROTECT, related_name="%(class)s_set"
    )
    steps = models.CharField(
        "承認の段階", max_length=60, blank=True, help_text="提出したときの承認ルートの役割を、順に並べたものです。"
    )
    steps_passed = models.PositiveSmallIntegerField("済んだ承認の段階", default=0)
    version = models.PositiveIntegerField("版", default=1)
    submitted_at = models.DateTimeField("提出日時", null=True, blank=True)
    #: The last approval, by which the report counts. Steps before it and returns stand in the events.
    decided_at = models.DateTimeField("確認日時", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="確認者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decided_%(class)s_set",
    )
    decided_post = models.CharField("確認者の職", max_length=120, blank=True)

    if TYPE_CHECKING:  # each kind declares these with its own words
        state: models.CharField[Any, str]
        department: models.ForeignKey[Any, Department]
        department_id: int
        author: models.ForeignKey[Any, Any]
        author_id: Any
        events: Any  # the manager of the kind's own events

        def get_state_display(self) -> str: ...

    class Meta:
        abstract = True

    @property
    def is_writable(self) -> bool:
        """It is with those who write it: never handed in, taken back, or returned."""
        return self.state in (self.BEGUN, self.RETURNED)

    @property
    def roles(self) -> tuple[str, ...]:
        """Who approves, in order, as its route was when it was handed in: a route changed since changes nothing."""
        return tuple(self.steps.split(",")) if self.steps else DEFAULT_STEPS

    @property
    def current_role(self) -> str:
        """The role whose turn it is."""
        return self.roles[min(self.steps_passed, len(self.roles) - 1)]

    @property
    def turn_label(self) -> str:
        """Whose turn it is, in words."""
        return turn_label(self.roles, self.steps_passed)

    @property
    def state_label(self) -> str:
        """The state in words: of what was handed in, whose turn it is."""
        return self.turn_label if self.state == self.SUBMITTED else self.get_state_display()

    @property
    def last_return(self) -> Any:
        """The event of the return, while it is back. Read from all its events, which a list fetches for all reports at once."""
        if self.state != self.RETURNED:
            return None
        returns = [event for event in self.events.all() if event.action == Action.RETURNED]
        return max(returns, key=lambda event: (event.at, event.pk), default=None)

    @property
    def return_reason(self) -> str:
        """Why it came back, while it is back."""
        return self.last_return.reason if self.last_return else ""


def event_constraints(of: str, called: str) -> list[models.BaseConstraint]:
    """What the database holds of every model of events: a return has its reason, `action` is a known one, and nothing of
    it is ever changed. `of` begins the names, `called` is the model's name in words."""
    return [
        models.CheckConstraint(
            condition=~Q(action="returned") | ~Q(reason=""),
            name=f"{of}_return_has_reason",
            violation_error_message="差し戻す理由を入力してください。",
        ),
        models.CheckConstraint(
            condition=Q(action__in=Action.values),
            name=f"{of}_event_action_is_known",
            violation_error_message="行為を選択肢から選んでください。",
        ),
        never_changes(f"{of}_event_never_changes", f"{called}は変更も削除もできません。"),
    ]


class Event(models.Model):
    """What happened to a report, by whom, in which post and why. Never changed, never deleted.

    A kind of report adds the field named in OF: the report that it happened to.
    """

    OF: ClassVar[str]
    Action = Action
    #: Who did it, when and in which post; and in whose place something was decided: the fields that accounts.acts asks.
    DONE_BY = (("actor", "at", "post"),)
    DONE_FOR = (("principal", "at"),)
    DECIDED = DECIDED

    action = models.CharField("行為", max_length=12, choices=Action)
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
    def report_id(self) -> int:
        found: int = getattr(self, f"{self.OF}_id")
        return found

    @property
    def report(self) -> Any:
        """The report that it happened to."""
        return getattr(self, self.OF)

    @property
    def is_by_deputy(self) -> bool:
        """代決: decided in the place of somebody absent."""
        return self.principal_id is not None
