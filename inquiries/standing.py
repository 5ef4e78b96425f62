"""How far a department is with an inquiry: of a regular one that follows from its figures, of a one-off one from its answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from accounts.models import ClosedDay, Department
from initiatives.models import Initiative, ProgressRecord
from initiatives.quarters import Quarter, quarter_of
from inquiries.models import Inquiry, Recipient
from japan.closed_days import CityCalendar
from japan.fiscal import fiscal_year_of
from kpis.entries.progress import MonthStatus, status_of_lines
from kpis.entries.sheet import slots_of
from kpis.models import Entry
from kpis.values.closed import ClosedMonths, closed_on

State = Recipient.State
#: An inquiry is due soon when no more than this many working days are left after today.
SOON = 2
OVERDUE, SOON_CODE, CLOSED = "overdue", "soon", "closed"
LABELS = {
    State.OPEN.value: "未回答",
    State.SUBMITTED.value: "確認待ち",
    State.RETURNED.value: "差戻し",
    State.ANSWERED.value: "回答済",
    OVERDUE: "期限超過",
    SOON_CODE: "期限が近い",
    CLOSED: "締切済",
}


@dataclass(frozen=True)
class Progress:
    """How far the answer is: the state of the answering, how many of how many are answered, what is left in words."""

    state: str
    done: int = 0
    total: int = 1
    rest: str = ""
    due: date | None = None


@dataclass(frozen=True)
class Standing:
    """A recipient as pages and mails tell of it."""

    recipient: Recipient
    progress: Progress
    today: date
    due_on: date
    days_left: int
    days_late: int
    #: Closed by 取りまとめ課, or its month is (確定) and not open again for the department: nothing is waited for.
    is_closed: bool = False

    @property
    def inquiry(self) -> Inquiry:
        return self.recipient.inquiry

    @property
    def department(self) -> Department:
        return self.recipient.department

    @property
    def rest(self) -> str:
        return self.progress.rest

    @property
    def is_answered(self) -> bool:
        return self.progress.state == State.ANSWERED

    @property
    def is_void(self) -> bool:
        """Nothing is reported any more: it counts neither among those who answered nor among those who were asked."""
        return self.is_answered and not self.progress.total

    @property
    def waits_for_department(self) -> bool:
        """The clerk has something to do."""
        return not self.is_closed and self.progress.state in (State.OPEN, State.RETURNED)

    @property
    def waits_for_approval(self) -> bool:
        return not self.is_closed and self.progress.state == State.SUBMITTED

    @property
    def is_late(self) -> bool:
        """Past its due date with something left for the department to hand in."""
        return self.waits_for_department and self.due_on < self.today

    @property
    def time_left(self) -> str:
        """How long the department has, as its people say it; the day after today is the first."""
        return f"あと{self.days_left}開庁日" if self.days_left else "きょうまで"

    @property
    def is_due_soon(self) -> bool:
        return self.waits_for_department and not self.is_late and self.days_left <= SOON

    @property
    def code(self) -> str:
        """What a reader should see first; a returned one stays returned however late it is."""
        if self.is_answered or self.waits_for_approval:
            return self.progress.state
        if self.is_closed:
            return CLOSED
        if self.progress.state == State.RETURNED:
            return State.RETURNED.value
        if self.is_late:
            return OVERDUE
        return SOON_CODE if self.is_due_soon else State.OPEN.value

    @property
    def label(self) -> str:
        if self.code == State.SUBMITTED and self.inquiry.kind == Inquiry.Kind.ONE_OFF:
            return self.recipient.turn_label
        if self.is_void:
            return "対象なし"
        return LABELS[self.code]

    @property
    def icon_code(self) -> str:
        """The code that components/state.html knows the shape of."""
        if self.is_void:
            return "void"  # the mark of an answer would count it among those who answered
        return {State.ANSWERED.value: "approved", SOON_CODE: "queued", State.OPEN.value: ""}.get(self.code, self.code)


def standings_of(recipients: Iterable[Recipient], today: date) -> list[Standing]:
    """How far each recipient is, in the order given; the number of queries does not depend on how many there are.

    Recipients come with their inquiry and department.
    """
    listed = list(recipients)
    if not listed:
        return []
    calendar = ClosedDay.objects.calendar()
    monthly = _monthly([each for each in listed if each.inquiry.kind == Inquiry.Kind.MONTHLY])
    quarterly = _quarterly([each for each in listed if each.inquiry.kind == Inquiry.Kind.PROGRESS])
    known = monthly | quarterly
    months = {each.inquiry.month for each in listed if each.inquiry.kind == Inquiry.Kind.MONTHLY and each.inquiry.month}
    shut = closed_on(months, today)
    return [
        _standing(each, known.get(each.pk) or _one_off(each), today, calendar, _is_closed(each, shut))
        for each in listed
    ]


def _is_closed(recipient: Recipient, closed: ClosedMonths) -> bool:
    inquiry = recipient.inquiry
    if inquiry.closed_at is None and inquiry.kind == Inquiry.Kind.MONTHLY and inquiry.month is not None:
        return closed.locks(recipient.department_id, inquiry.month)
    return inquiry.closed_at is not None


def _standing(
    recipient: Recipient, progress: Progress, today: date, calendar: CityCalendar, is_closed: bool
) -> Standing:
    due_on = max(progress.due, recipient.extended_to or date.min) if progress.due else recipient.due_on
    left = calendar.working_days_after(today, due_on)
    late = calendar.working_days_after(due_on, today)
    return Standing(recipient, progress, today, due_on, left, late, is_closed)


def _one_off(recipient: Recipient) -> Progress:
    return Progress(recipient.state, int(recipient.state == State.ANSWERED))


def _monthly(recipients: list[Recipient]) -> dict[int, Progress]:
    """From the figures on each department's sheet; what an office registers for everybody stands on its own."""
    if not recipients:
        return {}
    months = {each.inquiry.month for each in recipients if each.inquiry.month}
    sheets = slots_of({each.department for each in recipients}, months)
    found = {}
    for each in recipients:
        if each.inquiry.month is not None:
            lines = sheets.get((each.department_id, each.inquiry.month), [])
            found[each.pk] = _of_month(status_of_lines(each.department, each.inquiry.month, lines))
    return found


def _of_month(status: MonthStatus) -> Progress:
    state = {
        Entry.State.RETURNED.value: State.RETURNED,
        Entry.State.APPROVED.value: State.ANSWERED,
        Entry.State.SUBMITTED.value: State.SUBMITTED,
    }.get(status.state, State.OPEN)
    if not status.total:  # nothing is reported any more
        state = State.ANSWERED
    return Progress(state.value, status.answered, status.total, status.rest, status.due)


def _quarterly(recipients: list[Recipient]) -> dict[int, Progress]:
    """From the records of the initiatives that the department looked after in the quarter's last month."""
    months = {each.inquiry.month for each in recipients if each.inquiry.month}
    if not months:
        return {}
    years = {fiscal_year_of(month) for month in months}
    records = {
        (record.initiative_id, Quarter(record.fiscal_year, record.quarter)): record.state
        for record in ProgressRecord.objects.filter(fiscal_year__in=years)
    }
    states: dict[tuple[int, date], list[str]] = {}
    for initiative in Initiative.objects.with_charges():
        for month in months:
            quarter = quarter_of(month)
            state = records.get((initiative.pk, quarter), "")
            department = initiative.department_on(month)
            # A record that was begun counts although its initiative is done by now.
            if department is not None and (state or initiative.is_under_way):
                states.setdefault((department.pk, month), []).append(state)
    return {
        each.pk: _of_records(states.get((each.department_id, each.inquiry.month), []))
        for each in recipients
        if each.inquiry.month is not None
    }


def _of_records(states: list[str]) -> Progress:
    approved, submitted = states.count("approved"), states.count("submitted")
    returned, drafts, blank = states.count("returned"), states.count("draft"), states.count("")
    words = {"差戻し": returned, "作成中": drafts, "未入力": blank, "確認待ち": submitted}
    rest = "、".join(f"{word}{count}件" for word, count in words.items() if count)
    if returned:
        state = State.RETURNED
    elif approved == len(states):
        state = State.ANSWERED
    else:
        state = State.SUBMITTED if not (drafts or blank) else State.OPEN
    return Progress(state.value, approved, len(states), rest)
