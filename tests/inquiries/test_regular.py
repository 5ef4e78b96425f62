"""Regular inquiries make themselves, once, for those who have something to report."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import call_command

from accounts.models import ClosedDay
from initiatives.models import Initiative
from inquiries.models import Inquiry
from inquiries.regular import make_due_inquiries
from kpis.models import Reporting
from tests.kpis.reporting_world import report
from tests.kpis.world import make_kpi, part

JUNE_2 = date(2025, 6, 2)


def asked(inquiry: Inquiry) -> list[str]:
    return [recipient.department.name for recipient in inquiry.recipients.in_official_order()]


def test_a_month_that_has_ended_asks_those_who_report_it(month, other_department, monthly):
    assert (monthly.title, asked(monthly)) == ("令和7年5月分の実績の照会", ["情報政策課"])
    assert monthly.due_on == date(2025, 6, 13)
    assert monthly.issued_at is not None


def test_a_month_still_running_is_not_asked_for(month):
    assert [each.month for each in make_due_inquiries(date(2025, 5, 31))] == [date(2025, 4, 1)]


def test_made_twice_it_makes_nothing_new(month):
    assert len(make_due_inquiries(JUNE_2)) == 1
    assert make_due_inquiries(JUNE_2) == []
    assert Inquiry.objects.count() == 1


def test_months_in_which_nobody_ran_it_are_made_up_for(month):
    make_due_inquiries(JUNE_2)
    assert [each.month for each in make_due_inquiries(date(2025, 9, 1))] == [
        date(2025, 6, 1), date(2025, 7, 1), date(2025, 8, 1)
    ]  # fmt: skip


def test_a_department_that_came_to_report_is_added_and_answers_are_kept(month, monthly, other_department):
    report(part(make_kpi("late", "あとから", "件", "flow")), other_department)
    make_due_inquiries(JUNE_2)
    assert asked(monthly) == ["情報政策課", "市民課"]


def test_a_closed_inquiry_gets_no_new_recipients(month, monthly, other_department):
    Inquiry.objects.update(closed_at=monthly.issued_at)
    report(part(make_kpi("late", "あとから", "件", "flow")), other_department)
    make_due_inquiries(JUNE_2)
    assert asked(monthly) == ["情報政策課"]


def test_the_office_that_registers_for_everybody_is_asked_too(month, other_department):
    Reporting.objects.filter(series__kpi__code="friends").update(registrar=other_department)
    [made] = make_due_inquiries(JUNE_2)
    assert asked(made) == ["情報政策課", "市民課"]


def test_the_citys_own_closed_days_move_the_due_date(month):
    ClosedDay.objects.create(day=date(2025, 6, 4), name="臨時の閉庁日")
    [made] = make_due_inquiries(JUNE_2)
    assert made.due_on == date(2025, 6, 16)


@pytest.mark.parametrize(("status", "count"), [("running", 1), ("unknown", 1), ("done", 0), ("stopped", 0)])
def test_a_quarter_asks_the_departments_of_initiatives_under_way(department, status, count):
    Initiative.objects.create(code="line", title="LINE", department=department, status=status)
    made = make_due_inquiries(date(2025, 7, 1))
    assert [each.title for each in made] == ["令和7年度第1四半期の進捗状況調書の照会"] * count
    assert [each.due_on for each in made] == [date(2025, 7, 14)] * count


def test_march_is_the_fourth_quarter_of_the_year_that_ends(department):
    Initiative.objects.create(code="line", title="LINE", department=department, status="running")
    [made] = make_due_inquiries(date(2026, 5, 20))
    assert (made.month, made.title) == (date(2026, 3, 1), "令和7年度第4四半期の進捗状況調書の照会")


def test_the_contact_follows_the_last_regular_inquiry(month, monthly):
    Inquiry.objects.update(contact="改革係 内線1234")
    [made] = make_due_inquiries(date(2025, 7, 1))
    assert made.contact == "改革係 内線1234"


def test_the_command_says_what_it_made(month, capsys):
    call_command("make_inquiries")
    call_command("make_inquiries")
    first, second = capsys.readouterr().out.splitlines()
    assert first == "作成しました：令和7年5月分の実績の照会（1所属）"
    assert second == "新しく作成する定例の照会はありません。"
