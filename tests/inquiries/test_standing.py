"""How far a department is with an inquiry: from its figures and records, or from its answer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import ClosedDay
from initiatives.models import Initiative, ProgressRecord
from inquiries.models import Inquiry, Recipient
from inquiries.regular import make_due_inquiries
from inquiries.standing import Standing, standings_of
from kpis.entries import approve, send_back
from kpis.models import Reporting
from kpis.values.closed import close_month, reopen
from tests.kpis.reporting_world import draft, handed_in, report
from tests.kpis.world import access, make_kpi, part, put

DUE = date(2025, 6, 13)


def standing(inquiry: Inquiry, today: date, department=None) -> Standing:
    recipients = inquiry.recipients.in_official_order()
    if department is not None:
        recipients = recipients.filter(department=department)
    [found] = standings_of(recipients, today)
    return found


@pytest.mark.parametrize(
    ("today", "code", "left", "late"),
    [
        (date(2025, 6, 10), "open", 3, 0),
        (date(2025, 6, 11), "soon", 2, 0),
        (DUE, "soon", 0, 0),
        (date(2025, 6, 14), "overdue", 0, 0),  # a Saturday: late, by no working day yet
        (date(2025, 6, 17), "overdue", 0, 2),
    ],
)
def test_a_month_nobody_began_comes_near_and_is_overdue(monthly, today, code, left, late):
    found = standing(monthly, today)
    assert (found.code, found.days_left, found.days_late, found.due_on) == (code, left, late, DUE)
    assert found.rest == "未入力3件"


def test_a_month_is_submitted_then_returned_then_answered_with_its_figures(monthly, month, editor, approver):
    entries = [handed_in(series, editor, "5") for series in (month.friends, month.hours, month.growth)]
    assert standing(monthly, DUE).label == "確認待ち"
    returned = send_back(entries[0], access=access(approver), reason="確認を")
    assert standing(monthly, DUE + timedelta(days=10)).label == "差戻し"
    returned.refresh_from_db()
    for entry in entries[1:]:
        approve(entry, access=access(approver))
    from kpis.entries import submit

    approve(submit(returned, access=access(editor)), access=access(approver))
    found = standing(monthly, DUE + timedelta(days=10))
    assert (found.label, found.is_late, found.progress.done, found.rest) == ("回答済", False, 3, "")


def test_what_was_handed_in_is_not_late(monthly, month, editor):
    for series in (month.friends, month.hours, month.growth):
        handed_in(series, editor, "5")
    assert not standing(monthly, date(2025, 7, 1)).is_late


def test_a_draft_is_still_waited_for(monthly, month, editor):
    draft(month.friends, editor, "5")
    found = standing(monthly, date(2025, 6, 16))
    assert (found.code, found.rest) == ("overdue", "作成中1件、未入力2件")


def test_more_time_moves_the_due_date(monthly):
    Recipient.objects.update(extended_to=date(2025, 6, 20))
    found = standing(monthly, date(2025, 6, 17))
    assert (found.code, found.due_on) == ("open", date(2025, 6, 20))


def test_a_closed_inquiry_waits_for_nobody(monthly):
    Inquiry.objects.update(closed_at=timezone.now())
    found = standing(monthly, date(2025, 7, 1))
    assert (found.label, found.is_late, found.waits_for_department) == ("締切済", False, False)


def test_the_office_that_registers_is_as_far_as_what_it_registers(month, other_department):
    Reporting.objects.filter(series__kpi__code="friends").update(registrar=other_department)
    report(part(make_kpi("own", "市民課の件数", "件", "flow")), other_department)
    [made] = make_due_inquiries(date(2025, 6, 10))
    assert standing(made, DUE, other_department).rest == "未入力2件"
    put(month.friends.kpi, "2025-05", 5)
    found = standing(made, DUE, other_department)
    assert (found.progress.done, found.progress.total) == (1, 2)


def test_a_month_that_is_closed_waits_for_nobody_any_more(monthly, reform_office):
    close_month(date(2025, 5, 1), access=access(reform_office))
    found = standing(monthly, date(2025, 7, 1))
    assert (found.label, found.is_late, found.waits_for_department) == ("締切済", False, False)


def test_a_department_that_was_let_in_is_waited_for_again_and_no_other(
    monthly, department, other_department, reform_office
):
    Recipient.objects.create(inquiry=monthly, department=other_department)
    report(part(make_kpi("own", "市民課の件数", "件", "flow")), other_department)
    close_month(date(2025, 5, 1), access=access(reform_office))
    reopen(date(2025, 5, 1), department, reason="未提出", until=date(2025, 6, 20), access=access(reform_office))
    assert standing(monthly, date(2025, 6, 18), department).label == "期限超過"
    assert standing(monthly, date(2025, 6, 18), other_department).label == "締切済"
    assert standing(monthly, date(2025, 6, 23), department).label == "締切済"


@pytest.mark.parametrize(
    ("state", "label"),
    [
        (None, "期限が近い"),
        ("draft", "期限が近い"),
        ("submitted", "確認待ち"),
        ("returned", "差戻し"),
        ("approved", "回答済"),
    ],
)
def test_a_quarter_is_as_far_as_its_records(state, label, department, editor, approver):
    initiative = Initiative.objects.create(code="line", title="LINE", department=department, status="running")
    [made] = make_due_inquiries(date(2025, 7, 1))
    if state:
        ProgressRecord.objects.create(
            initiative=initiative, department=department, fiscal_year=2025, quarter=1, status="running",
            state=state, author=editor, decided_by=approver, updated_at=timezone.now(),
        )  # fmt: skip
    assert standing(made, date(2025, 7, 14)).label == label


def test_closed_days_do_not_count_as_days_late(monthly):
    ClosedDay.objects.create(day=date(2025, 6, 16), name="臨時の閉庁日")
    assert standing(monthly, date(2025, 6, 17)).days_late == 1


def test_many_departments_take_as_many_queries_as_one(month, department, other_department, django_assert_num_queries):
    Initiative.objects.create(code="line", title="LINE", department=department, status="running")
    for code in ("a", "b", "c"):
        report(part(make_kpi(code, code, "件", "flow")), other_department)
    make_due_inquiries(date(2025, 7, 1))
    today = date(2025, 7, 1)
    with django_assert_num_queries(11):
        assert len(standings_of(Recipient.objects.in_official_order().filter(department=department), today)) == 2
    with django_assert_num_queries(11):
        assert len(standings_of(Recipient.objects.in_official_order(), today)) == 3
