"""What a kind of report says of itself: its tables, its words, and what its acts bring about beside their new state."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from accounts.deputising import note_used
from accounts.models import Assignment, RouteUse
from accounts.routing import Authority
from approvals.conflict import Errors
from approvals.models import DECIDED, Action, Event, Report

if TYPE_CHECKING:
    from accounts.access import Access

R = TypeVar("R", bound=Report)
BATCH = 200


class Kind(Generic[R]):
    """Every hook has a plain answer; a kind gives its own where it has one."""

    model: type[R]
    event: type[Event]
    subject: RouteUse.Subject
    #: What a single one is called in messages (回答, 調書), and the kind in headings (進捗状況調書).
    word: str
    name: str
    #: What its name is made of, beside the department.
    named: tuple[str, ...] = ()
    #: Columns that acts write beside those of WAY.
    also_written: tuple[str, ...] = ()

    def title(self, report: R) -> str:
        """What a report is about, in a line."""
        return str(report)

    def line(self, report: R) -> str:
        """What a report is about and how far it is, as the paper of a handover names it."""
        return f"{self.title(report)}（{report.state_label}）"

    def in_turn(self, posts: Iterable[Assignment]) -> Iterable[R]:
        """Reports handed in whose route leads past one of the posts, in the order of the queue, with their events and
        what the queue tells of them. Whose turn it is now is asked of each."""
        raise NotImplementedError

    def begun(self) -> QuerySet[R]:
        """Reports that are not approved and on which somebody can go on."""
        states = (self.model.BEGUN, self.model.SUBMITTED, self.model.RETURNED)
        found = self.model._default_manager.filter(state__in=states)
        return found.select_related("department", *self.named).order_by("pk")

    def events(self) -> QuerySet[Any]:
        """Events with what lists tell of the reports they happened to."""
        of = self.event.OF
        related = (f"{of}__department", *(f"{of}__{name}" for name in self.named))
        return self.event._default_manager.select_related(*related, "principal__department")

    def hold(self, reports: Iterable[R]) -> None:
        """Locks what has to be locked before the reports, for all of them at once."""

    def refusal(self, report: R) -> ValidationError | None:
        """Why nothing can be done with the report now, whatever its state."""
        return None

    def complete(self, reports: Collection[R], access: Access) -> Errors:
        """What keeps reports from being handed in."""
        return {}

    def counts(self, reports: Collection[R], rights: Mapping[int, Authority], access: Access) -> Errors:
        """What the last approval of reports brings about, by the right (of each, by its id) to give it; what stands in
        its way."""
        return {}

    def touched(self, report: R, action: Action, access: Access) -> None:
        """Sets the columns of `also_written` in a report to which something is about to happen."""

    def kept(self, report: R, action: Action) -> dict[str, Any]:
        """What an event keeps of the report, beside what all events keep."""
        return {}

    def counting(self, report: R) -> Any:
        """What counts already and the report would change."""
        return None

    def twin(self, report: R) -> R | None:
        """The report that somebody began in the same place a moment before."""
        return None

    def locked(self) -> QuerySet[R]:
        """Reports under lock, in one order, with what acts and conflicts tell of them. Call hold() before."""
        found = self.model._default_manager.select_for_update(of=("self",))
        return found.select_related("department", *self.named).order_by("pk")

    def note(
        self,
        reports: Iterable[R],
        action: Action,
        access: Access,
        *,
        rights: Mapping[int, Authority] | None = None,
        post: str | None = None,
        reason: str = "",
    ) -> None:
        """Notes what happened to reports: by the right of each to decide about it, else in the post named, else in the
        editor's post of its department."""
        events: list[Event] = []
        for report in reports:
            right = rights[report.pk] if rights else None
            of_editor = access.post_in(report.department_id, Assignment.Role.EDITOR) if post is None else post
            events.append(
                self.event(
                    **{self.event.OF: report},
                    action=action,
                    actor=access.user,  # type: ignore[misc]  # signed in
                    actor_name=str(access.user.name),  # type: ignore[union-attr]  # signed in
                    post=right.post if right else of_editor,
                    principal=right.principal if right else None,
                    reason=reason,
                    at=access.now(),
                    **self.kept(report, action),
                )
            )
        self.event._default_manager.bulk_create(events, batch_size=BATCH)
        if action in DECIDED:
            for principal in {event.principal for event in events if event.principal is not None}:
                note_used(principal, access.user.pk or 0, access.on)
