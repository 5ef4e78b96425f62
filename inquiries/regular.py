"""定例の照会: the monthly figures and the quarterly records ask for themselves when their month has ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import ClosedDay, Department
from accounts.reorganising import reports_until
from initiatives.models import Initiative
from inquiries.models import Inquiry, Recipient
from inquiries.wording import contact_of_the_office, monthly_words, progress_words
from japan.fiscal import add_months, month_start
from kpis.entries.progress import month_status, reporting_departments

#: The working day of the following month until which a quarter's records are asked for.
PROGRESS_WORKING_DAY = 10
#: After a long pause inquiries are made for this many months back, not for years.
MONTHS_BACK = 12


def make_due_inquiries(today: date, at: datetime | None = None) -> list[Inquiry]:
    """Makes the regular inquiries of the months that ended, and adds departments that came to report since.

    `at` is the moment at which they go out; without it now. Returns the new ones. Run twice, or by two at once, it
    makes nothing twice: the database holds each month once.
    """
    made = []
    at = at or timezone.now()
    for month in _months(Inquiry.Kind.MONTHLY, today):
        made += _monthly(month, at)
    for month in _months(Inquiry.Kind.PROGRESS, today):
        if month.month % 3 == 0:
            made += _progress(month, at)
    return made


def _months(kind: str, today: date) -> list[date]:
    """The months to look at: the last that ended, and those before it back to the newest that was asked for."""
    last = add_months(month_start(today), -1)
    if kind == Inquiry.Kind.PROGRESS:
        last = add_months(last, -(last.month % 3))
    asked = Inquiry.objects.filter(kind=kind, month__lte=last).aggregate(newest=Max("month"))["newest"]
    months = [max(asked or last, add_months(last, -MONTHS_BACK))]
    while months[-1] < last:
        months.append(add_months(months[-1], 1))
    return months


def _monthly(month: date, at: datetime) -> list[Inquiry]:
    statuses = month_status(reporting_departments(), [month])
    asked = {status.department.pk for status in statuses}
    calendar = ClosedDay.objects.calendar()
    dues = [status.due for status in statuses if status.due]
    due_on = min(dues, default=calendar.nth_working_day(add_months(month, 1), PROGRESS_WORKING_DAY))
    return _make(Inquiry.Kind.MONTHLY, month, asked, due_on, at)


def _progress(month: date, at: datetime) -> list[Inquiry]:
    due_on = ClosedDay.objects.calendar().nth_working_day(add_months(month, 1), PROGRESS_WORKING_DAY)
    return _make(Inquiry.Kind.PROGRESS, month, departments_with_initiatives(month), due_on, at)


def departments_with_initiatives(month: date) -> set[int]:
    """The departments that looked after an initiative in the month which is still under way, and report yet."""
    asked = {i.department_on(month) for i in Initiative.objects.with_charges() if i.is_under_way}
    return {department.pk for department in asked if department is not None and _reports_on(department, month)}


def _reports_on(department: Department, day: date) -> bool:
    until = reports_until(department)
    return department.valid_from <= day and (until is None or day <= until)


def _make(kind: Inquiry.Kind, month: date, department_ids: Iterable[int], due_on: date, at: datetime) -> list[Inquiry]:
    wanted = sorted(department_ids)
    if not wanted:
        return []
    title, text, instructions = (monthly_words if kind == Inquiry.Kind.MONTHLY else progress_words)(month)
    words = {"title": title, "text": text, "instructions": instructions, "contact": contact_of_the_office()}
    with transaction.atomic():
        inquiry, is_new = Inquiry.objects.get_or_create(
            kind=kind, month=month, defaults={**words, "due_on": due_on, "issued_at": at}
        )
        if inquiry.closed_at is None:
            rows = [Recipient(inquiry=inquiry, department_id=department_id) for department_id in wanted]
            Recipient.objects.bulk_create(rows, ignore_conflicts=True)
    return [inquiry] if is_new else []
