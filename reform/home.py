"""ホーム: what one person has to do today in all their posts, and what moved."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils import timezone

from accounts.access import Access
from accounts.first_rows import FirstRows, first_rows
from accounts.models import AccountNotice, Assignment, Department
from approvals.queue import to_review, waiting_for
from approvals.reviews import is_own
from initiatives.reporting import RECORDS
from inquiries import listing
from inquiries.answering import ANSWERS
from inquiries.standing import Standing
from japan.fiscal import month_start
from jobs.models import Job, Sweep
from kpis.dashboards.board import look_at
from kpis.dashboards.cards import Card, card_of
from kpis.entries import ENTRIES
from kpis.entries.progress import MonthStatus, departments_of, month_status, months_of
from kpis.entries.queue import entries_in_turn, locked_entries
from kpis.models import Entry, EntryEvent, Kpi, Reopening
from kpis.owners.ownership import Owned, ownerless
from kpis.registration.reassigned_entries import moved_from
from kpis.registration.remarks import ToAnswer, remarks_to_answer
from kpis.registration.values import ToConfirm, to_confirm
from kpis.values.closed import ClosedMonths, closed_months, closed_on
from reports.models import Edition, Report

if TYPE_CHECKING:
    from accounts.models import User

#: How far back a month that nobody answered is still asked for here; older ones stand in the list of months.
MONTHS = 12
#: How far back registered values wait for a word of the department.
CONFIRM_MONTHS = 3
MOVES = 6
#: Notices about the account shown at once; reading them brings the rest.
NOTICES = 5
#: A failed job older than this was either run again under another row or is nobody's worry any more.
JOB_DAYS = 14


@dataclass(frozen=True)
class Returned:
    """An entry the chief sent back, with why."""

    entry: Entry
    event: EntryEvent | None


@dataclass(frozen=True)
class Unfinished:
    """What was begun of a department's month: entries sent back, and how many drafts."""

    department: Department
    month: date
    returned: list[Returned]
    drafts: int

    @property
    def words(self) -> str:
        """差戻し1件、一時保存2件."""
        parts = {"差戻し": len(self.returned), "一時保存": self.drafts}
        return "、".join(f"{word}{count}件" for word, count in parts.items() if count)


@dataclass(frozen=True)
class Queue:
    """What waits for the chief's decision."""

    count: int
    oldest: datetime | None
    locked: int = 0
    to_review: int = 0
    records: int = 0
    answers: int = 0

    @property
    def is_waiting(self) -> bool:
        return bool(self.count or self.locked or self.to_review or self.records or self.answers)


@dataclass
class Office:
    """What the reform office watches over."""

    month: date
    statuses: list[MonthStatus]
    reports: list[Report]
    failed_jobs: FirstRows[Job]
    ownerless: list[Owned] = field(default_factory=list)
    #: What the last sweep found (jobs.registry.Finding as stored): a sentence and where it is mended.
    findings: list[dict[str, str]] = field(default_factory=list)

    @property
    def silent(self) -> list[MonthStatus]:
        """Departments that have not handed in everything and still can, in 建制順."""
        return [status for status in self.statuses if status.waits]

    @property
    def left_over(self) -> list[MonthStatus]:
        """Departments whose month was closed (確定) before they had handed in everything."""
        return [status for status in self.statuses if status.is_closed and status.open]

    @property
    def is_closed(self) -> bool:
        return any(status.is_closed for status in self.statuses)

    @property
    def due(self) -> date | None:
        return min((status.due for status in self.silent if status.due), default=None)


@dataclass
class Home:
    """The page of one person."""

    today: date
    has_posts: bool
    is_editor: bool = False
    months: list[MonthStatus] = field(default_factory=list)
    unfinished: list[Unfinished] = field(default_factory=list)
    #: What was begun and can no longer be handed in, for its month is closed: told, not asked for.
    left_over: list[Unfinished] = field(default_factory=list)
    queue: Queue | None = None
    office: Office | None = None
    reopened: list[Reopening] = field(default_factory=list)
    to_confirm: list[ToConfirm] = field(default_factory=list)
    remarks: list[ToAnswer] = field(default_factory=list)
    handed_over: list[EntryEvent] = field(default_factory=list)
    inquiries: list[Standing] = field(default_factory=list)
    to_decide: list[listing.ToDecide] = field(default_factory=list)
    moved: list[Card] = field(default_factory=list)
    edition: Edition | None = None
    #: What was changed of the person's account, until they say that they have read it.
    notices: FirstRows[AccountNotice] = field(default_factory=FirstRows)

    @property
    def has_tasks(self) -> bool:
        """A person who is ever asked to do something: an editor, a chief or the reform office."""
        return self.is_editor or self.queue is not None or self.office is not None

    @property
    def is_quiet(self) -> bool:
        """Nothing is to be done."""
        office = self.office
        watched = office is not None and bool(office.silent or office.reports or office.failed_jobs or office.findings)
        waiting = self.queue is not None and self.queue.is_waiting
        return not (
            self.months
            or self.unfinished
            or self.reopened
            or self.to_confirm
            or self.remarks
            or self.inquiries
            or self.to_decide
            or waiting
            or watched
        )

    @property
    def has_synthetic(self) -> bool:
        return any(card.marks_of is not None and card.marks_of.is_synthetic for card in self.moved)


def home_of(user: User, access: Access, today: date) -> Home:
    """Everything the page shows; how many queries depends on the posts, never on how many figures there are."""
    home = Home(today, bool(access.assignments or access.principals), is_editor=access.is_editor)
    if access.is_editor:
        _to_enter(home, access)
        home.handed_over = moved_from(access)
        home.to_confirm = to_confirm(_departments_of(access), months_of(month_start(today), CONFIRM_MONTHS))
    if access.is_editor or access.is_approver:
        home.remarks = remarks_to_answer(access.editor_department_ids | access.approver_department_ids)
    if access.is_decider or access.is_reform_office or access.principals:
        home.queue = _queue(access)
    if access.is_reform_office:
        home.office = _office(access, today)
    if access.is_reform_office:
        home.to_decide = listing.to_decide()
    if access.is_editor:
        home.inquiries = listing.waiting_for(access, today)
    home.moved = _moved(today)
    home.edition = Edition.objects.newest().first()
    home.notices = first_rows(AccountNotice.objects.unread_of(user.pk), NOTICES)
    return home


def _to_enter(home: Home, access: Access) -> None:
    """What a clerk has to enter: a closed month is asked for only while it is open again for the department."""
    begun, recent = _begun(access), months_of(month_start(home.today), MONTHS)
    home.reopened = list(
        Reopening.objects.in_force(home.today)
        .filter(department__in=access.editor_department_ids)
        .select_related("department")
        .order_by("until", "month")
    )
    reopened = frozenset((each.department_id, each.month) for each in home.reopened)
    months = {*recent, *(each.month for each in home.reopened), *(group.month for group in begun)}
    closed = ClosedMonths(frozenset(closed_months(months)), reopened)
    locked = [group for group in begun if closed.locks(group.department.pk, group.month)]
    home.unfinished = [group for group in begun if group not in locked]
    home.left_over = [group for group in locked if group.month in recent]
    # Of the older months those that were opened again are asked for too: that is a request of its own.
    opened = {each.month for each in home.reopened}
    statuses = month_status(_departments_of(access), [*recent, *opened.difference(recent)], closed)
    sheets = {(status.department.pk, status.month): status for status in statuses}
    home.reopened = [each for each in home.reopened if (each.department_id, each.month) in sheets]
    home.months = _in_turn(
        [each for place, each in sheets.items() if each.waits and (each.month in recent or place in reopened)],
        home.today,
    )


def _in_turn(statuses: list[MonthStatus], today: date) -> list[MonthStatus]:
    """Overdue months first, then by due date and 建制順."""
    return sorted(statuses, key=lambda status: (not status.is_overdue(today), status.due or date.max, status.month))


def _departments_of(access: Access) -> list[Department]:
    """The departments for which this person enters values."""
    posts = (post for post in access.assignments if post.role == Assignment.Role.EDITOR)
    return list({post.department_id: post.department for post in posts if post.department is not None}.values())


def _begun(access: Access) -> list[Unfinished]:
    begun = (
        Entry.objects.open()
        .exclude(state=Entry.State.SUBMITTED)
        .of_departments(access.editor_department_ids)
        .with_names()
        .prefetch_related("events")
        .order_by("department__order", "department__code", "series__kpi__order", "series__order", "series__code")
    )
    entries = sorted(begun, key=lambda entry: (entry.department.order, entry.department.code, entry.reported_with))
    groups = groupby(entries, key=lambda entry: (entry.department, entry.reported_with))
    return [_group(department, month, list(own)) for (department, month), own in groups]


def _group(department: Department, month: date, entries: list[Entry]) -> Unfinished:
    returned = [Returned(entry, entry.last_return) for entry in entries if entry.state == Entry.State.RETURNED]
    return Unfinished(department, month, returned, len(entries) - len(returned))


def _queue(access: Access) -> Queue:
    """What waits for this person, without what they wrote themselves: that is somebody else's to decide."""
    entries = [entry for entry in entries_in_turn(access) if not is_own(entry, access)]
    locked = locked_entries(entries, access)
    moments = [entry.submitted_at for entry in entries if entry.submitted_at is not None and entry not in locked]
    return Queue(
        count=len(entries) - len(locked),
        oldest=min(moments, default=None),
        locked=len(locked),
        to_review=len(to_review(ENTRIES, access)) + len(to_review(RECORDS, access)) + len(to_review(ANSWERS, access)),
        records=sum(not waiting.is_own for waiting in waiting_for(RECORDS, access)),
        answers=sum(not waiting.is_own for waiting in waiting_for(ANSWERS, access)),
    )


def _office(access: Access, today: date) -> Office:
    [month] = months_of(month_start(today), 1)
    since = timezone.now() - timedelta(days=JOB_DAYS)
    failed = Job.objects.filter(state__in=(Job.State.FAILED, Job.State.INTERRUPTED), created_at__gte=since)
    return Office(
        month=month,
        statuses=month_status(departments_of(access), [month], closed_on([month], today)),
        reports=list(Report.objects.in_work()),
        failed_jobs=first_rows(failed, MOVES),
        ownerless=ownerless(today),
        findings=next(iter(Sweep.objects.values_list("findings", flat=True)), []),
    )


def _moved(today: date) -> list[Card]:
    """The figures that were approved last, with what changed."""
    board = look_at(Kpi.objects.for_board(), today=today)
    cards = [card for card in (card_of(sight, board) for sight in board.sights) if card.updated_at and card.number]
    # Python's sort is stable: figures of one moment stay in the order of the indicators, changed ones first.
    cards.sort(key=lambda card: not card.change)
    cards.sort(key=lambda card: card.updated_at.date() if card.updated_at else date.min, reverse=True)
    return cards[:MOVES]
