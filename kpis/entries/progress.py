"""回答状況: how far each department's months are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q

from accounts.managers import DepartmentQuerySet
from accounts.models import Assignment, Department
from japan.fiscal import add_months
from kpis.entries.sheet import Slot, slots_of
from kpis.models import Entry
from kpis.values.closed import ClosedMonths

if TYPE_CHECKING:
    from accounts.access import Access


@dataclass(frozen=True)
class MonthStatus:
    """How far a department's month is. Counts are numbers of figures (series)."""

    department: Department
    month: date
    total: int
    answered: int
    submitted: int
    returned: int
    drafts: int
    due: date | None
    #: 確定, and not open again for the department: what is left can be neither entered nor handed in.
    is_closed: bool = False
    #: Answered 集計中 and approved: a number is still to come.
    pending: int = 0

    @property
    def open(self) -> int:
        """Figures nobody has handed in yet."""
        return self.total - self.answered - self.submitted

    @property
    def waits(self) -> bool:
        """The clerk has something left to hand in, and still can."""
        return self.open > 0 and not self.is_closed

    @property
    def is_done(self) -> bool:
        return self.total > 0 and self.answered == self.total

    @property
    def state(self) -> str:
        """What a reader should see first: something came back, all is done, handed in, begun, or nothing yet."""
        if self.returned:
            return Entry.State.RETURNED.value
        if self.is_done:
            return Entry.State.APPROVED.value
        if self.open == 0:
            return Entry.State.SUBMITTED.value
        return Entry.State.DRAFT.value if self.open < self.total or self.drafts else ""

    @property
    def rest(self) -> str:
        """What is still to be done, in words: 差戻し1件、未入力2件."""
        blank = max(self.open - self.returned - self.drafts - self.pending, 0)
        parts = {
            "差戻し": self.returned,
            "作成中": self.drafts,
            "未入力": blank,
            "集計中": self.pending,
            "確認待ち": self.submitted,
        }
        return "、".join(f"{word}{count}件" for word, count in parts.items() if count)

    def is_overdue(self, today: date) -> bool:
        return self.waits and self.due is not None and self.due < today


def reporting_departments() -> DepartmentQuerySet:
    """The departments that report something, or register it for everybody, in 建制順."""
    reports = Q(reportings__isnull=False) | Q(registers__isnull=False)
    return Department.objects.filter(reports).distinct().in_official_order()


def departments_of(access: Access) -> list[Department]:
    """The departments with something to report whose entries a person may see, in 建制順."""
    departments = reporting_departments()
    if not access.is_reform_office:
        own = {post.department_id for post in access.deciding_posts if post.department_id is not None}
        gathered = {post.department_id for post in access.deciding_posts if post.role == Assignment.Role.COORDINATOR}
        departments = departments.filter(Q(pk__in=own) | Q(parent__in=gathered))
    return list(departments)


def months_of(newest: date, count: int) -> list[date]:
    """The last `count` months that have ended by `newest`'s month, newest first."""
    return [add_months(newest, -n) for n in range(1, count + 1)]


def month_status(
    departments: Iterable[Department], months: Sequence[date], closed: ClosedMonths | None = None
) -> list[MonthStatus]:
    """The status of each department's months that have something to report: newest month first, then 建制順.

    Who asks for answers passes which months are closed; who only counts needs not.
    """
    listed = list(departments)
    closed = closed or ClosedMonths()
    sheets = slots_of(listed, months)
    statuses = [
        status_of_lines(
            department,
            month,
            sheets.get((department.pk, month), []),
            is_closed=closed.locks(department.pk, month),
        )
        for month in sorted(months, reverse=True)
        for department in listed
    ]
    return [status for status in statuses if status.total]


def status_of_lines(
    department: Department, month: date, slots: Sequence[Slot], *, is_closed: bool = False
) -> MonthStatus:
    """How far the given lines of a department's month are."""
    states = [slot.entry.state if slot.entry else "" for slot in slots]
    return MonthStatus(
        department=department,
        month=month,
        total=len(slots),
        answered=sum(slot.is_answered for slot in slots),
        submitted=sum(
            state == Entry.State.SUBMITTED and not slot.is_answered for state, slot in zip(states, slots, strict=True)
        ),
        returned=states.count(Entry.State.RETURNED),
        drafts=states.count(Entry.State.DRAFT),
        due=min((slot.due for slot in slots), default=None),
        is_closed=is_closed,
        pending=sum(slot.is_pending for slot in slots),
    )
