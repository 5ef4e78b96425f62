"""The last months as people reported them: through the same functions as the pages, with their usual slips."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import models
from django.utils import timezone

from accounts.access import Access
from accounts.loading import newest_department
from accounts.models import Assignment, Department
from japan.closed_days import next_open_day, nth_working_day
from japan.fiscal import add_months
from japan.periods import Period, Span
from kpis.checks import Unanswered
from kpis.entries import approve, save_draft, send_back, submit
from kpis.models import Entry, EntryEvent, Reporting
from kpis.values.recording import Change
from kpis.values.statement import Slot, Statement
from reform.demo.figures import Slot as Place
from reform.demo.organisation import reporting_departments
from reform.demo.shapes import noise

#: How many of the last months are reported entry by entry.
MONTHS = 3

#: What is not simply approved in the newest month: KPI and series → what became of it.
NEWEST = {
    ("line-friends", "total"): "missing",
    ("smartphone-services", "total"): "submitted",
    ("business-chat", "total"): "returned",
    ("cashless-counters", "total"): "draft",
    ("copies", "0200"): "missing",
    ("copies", "1100"): "missing",
    ("copies", "1200"): "submitted",
    ("copies", "1600"): "draft",
}
#: One month earlier a return was mended, two months earlier a value corrected after its approval.
EARLIER = {(1, ("copies", "0400")): "mended", (2, ("copies", "0700")): "corrected"}

RETURN_REASON = "前月のおよそ2倍です。2か月分を合わせていないか確かめてください。"
CORRECTION = "集計表からの転記誤りのため訂正"


class WorkingDays:
    """When people would have done what is reported: entered within the first working days of the following month,
    decided on the next open day. Nothing in the future."""

    def __init__(self) -> None:
        self._at = timezone.now()

    def now(self) -> datetime:
        return min(self._at, timezone.now())

    def begin(self, slot: Slot, days_later: int = 0) -> None:
        """The morning on which somebody takes a value up."""
        luck = noise("day", slot.series_id, slot.period) + 1
        month = add_months(Period(Span(slot.span), slot.period).end, 1)
        day = nth_working_day(month, 3 + int(luck * 2) + days_later)
        self._at = timezone.make_aware(datetime.combine(day, time(9, int(luck * 25))))

    def go_on(self) -> None:
        self._at += timedelta(minutes=40)

    def next_day(self) -> None:
        day = next_open_day(timezone.localtime(self._at).date() + timedelta(days=1))
        self._at = timezone.make_aware(datetime.combine(day, time(10, 20)))


@dataclass(frozen=True)
class Clerks:
    """Who enters and who approves for a department, and when."""

    department: Department
    editor: Access
    approver: Access
    days: WorkingDays


def clerks_of(codes: list[str], today: date) -> dict[int, Clerks]:
    """Editor and approver per department id, where both posts are held today by different people."""
    found: dict[int, Clerks] = {}
    days = WorkingDays()
    for code in codes:
        department = newest_department(code)
        if department is None:
            continue
        posts = Assignment.objects.in_force(today).filter(department=department).select_related("user")
        by_role = {post.role: post.user for post in posts.order_by("-pk")}
        editor, approver = by_role.get(Assignment.Role.EDITOR), by_role.get(Assignment.Role.APPROVER)
        if editor and approver and editor != approver:
            enters, decides = Access(editor, today, days.now), Access(approver, today, days.now)
            found[department.pk] = Clerks(department, enters, decides, days)
    return found


def report_months(changes: Mapping[Place, Change], last_month: date, today: date) -> int:
    """Reports what is neither stored nor ever entered of the last months. Returns how many entries were made."""
    months = [add_months(last_month, -age) for age in range(MONTHS)]
    clerks = clerks_of(reporting_departments(), today)
    keys = _keys()
    first = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for (series_id, span, period), change in sorted(changes.items(), key=lambda item: item[0]):
        month = _reported_with(change)
        if month not in months or series_id not in keys:
            continue
        department_id, key = keys[series_id]
        if department_id in clerks:
            outcome = _outcome(key, months.index(month))
            _report(clerks[department_id], Slot(series_id, period, span), _statement(change), outcome)
    # Whatever people enter meanwhile is not synthetic.
    made = list(Entry.objects.filter(pk__gt=first, is_synthetic=True).order_by("pk"))
    _date_back(made)
    return len(made)


def _keys() -> dict[int, tuple[int, tuple[str, str]]]:
    """Series id → the department that reports it, and the series' key."""
    rows = Reporting.objects.filter(valid_to=None).values_list(
        "series_id", "department_id", "series__kpi__code", "series__code"
    )
    return {series: (department, (kpi, code)) for series, department, kpi, code in rows}


def _reported_with(change: Change) -> date:
    assert change.as_of is not None
    return change.as_of.replace(day=1)


def _outcome(key: tuple[str, str], age: int) -> str:
    return NEWEST.get(key, "approved") if age == 0 else EARLIER.get((age, key), "approved")


def _statement(change: Change) -> Statement:
    return Statement(
        value=change.value,
        missing_reason=change.missing_reason,
        is_synthetic=change.is_synthetic,
        as_of=change.as_of,
    )


def _report(clerks: Clerks, slot: Slot, statement: Statement, outcome: str) -> None:
    clerks.days.begin(slot)
    match outcome:
        case "missing":
            return
        case "draft":
            _save(clerks, slot, statement)
        case "submitted":
            _submit(clerks, slot, statement)
        case "returned":
            _return(clerks, slot, _times(statement, 2))
        case "mended":
            _return(clerks, slot, _times(statement, 2))
            _approve(clerks, slot, statement)
        case "corrected":
            _approve(clerks, slot, replace(statement, value=(statement.value or Decimal(0)) + 9_000))
            clerks.days.begin(slot, days_later=8)
            _approve(clerks, slot, statement, CORRECTION)
        case _:
            _approve(clerks, slot, statement)


def _times(statement: Statement, factor: int) -> Statement:
    return statement if statement.value is None else replace(statement, value=statement.value * factor)


def _save(clerks: Clerks, slot: Slot, statement: Statement, comment: str = "") -> Entry:
    clerks.days.go_on()
    typed = "" if statement.value is None else f"{statement.value:,}"
    return save_draft(
        slot, statement, access=clerks.editor, department_id=clerks.department.pk, typed=typed, comment=comment
    )


def _submit(clerks: Clerks, slot: Slot, statement: Statement, comment: str = "") -> Entry:
    entry = _save(clerks, slot, statement, comment)
    clerks.days.go_on()
    try:
        return submit(entry, access=clerks.editor)
    except Unanswered:  # the clerk looks at the value again and says that it is right
        return submit(_save(clerks, slot, replace(statement, is_confirmed=True), comment), access=clerks.editor)


def _approve(clerks: Clerks, slot: Slot, statement: Statement, comment: str = "") -> Entry:
    entry = _submit(clerks, slot, statement, comment)
    clerks.days.next_day()
    return approve(entry, access=clerks.approver)


def _return(clerks: Clerks, slot: Slot, statement: Statement) -> None:
    entry = _submit(clerks, slot, statement)
    clerks.days.next_day()
    send_back(entry, access=clerks.approver, reason=RETURN_REASON)


def _date_back(entries: list[Entry]) -> None:
    """An entry was begun with its first event: the database itself stamps a new row with the hour of loading."""
    begun = EntryEvent.objects.filter(entry__in=entries).values_list("entry").annotate(models.Min("at"))
    first = dict(begun)
    for entry in entries:
        entry.created_at = first[entry.pk]
    Entry.objects.bulk_update(entries, ["created_at"], batch_size=200)
