"""A department's month: what it has to report with it, how far each line is, in few queries."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from accounts.models import ClosedDay, Department
from inquiries.models import Inquiry, Recipient
from kpis.entries import approve, save_draft, send_back, submit
from kpis.entries.progress import month_status, months_of
from kpis.entries.sheet import period_due_in, sheet_of, slots_of
from kpis.models import Entry, Kpi, Reporting, Series
from kpis.values.statement import Slot, Statement
from tests.kpis.world import access, make_kpi, part, put

APRIL, MAY, MARCH = date(2025, 4, 1), date(2025, 5, 1), date(2025, 3, 1)


def codes(department: Department, month: date) -> list[str]:
    return [f"{slot.kpi.code}/{slot.series.code}" for slot in sheet_of(department, month)]


def test_the_lines_stand_in_the_order_of_the_kpis_and_their_parts(world, department):
    assert codes(department, APRIL) == [
        "online/total", "applications/total", "friends/total", "services/a", "services/b",
        "satisfaction/total", "copies/total", "copies/a", "copies/b", "visits/a", "visits/b",
    ]  # fmt: skip


def test_a_yearly_figure_is_due_with_march_alone(world, department):
    assert "hours/total" in codes(department, MARCH)
    assert "hours/total" not in codes(department, APRIL)


@pytest.mark.parametrize(
    ("frequency", "month", "period"),
    [
        ("month", 5, "2025-05"),
        ("quarter", 6, "2025-Q1"),
        ("quarter", 5, None),
        ("fiscal_year", 3, "FY2024"),
        ("calendar_year", 12, "2025"),
        ("calendar_year", 3, None),
        ("occasional", 3, None),
    ],
)
def test_a_period_is_reported_with_the_month_it_ends_with(frequency, month, period):
    found = period_due_in(Kpi(frequency=frequency), date(2025, month, 1))
    assert (found.iso if found else None) == period


def test_a_line_shows_the_month_before_and_the_same_month_last_year_and_no_other(world, department):
    for when, value in (("2025-05", 3), ("2025-04", 2), ("2024-05", 1), ("2024-04", 99)):
        put(world.friends, when, value)
    [line] = [slot for slot in sheet_of(department, MAY) if slot.kpi == world.friends]
    assert line.measurement is not None
    assert line.previous is not None
    assert line.last_year is not None
    assert [line.measurement.value, line.previous.value, line.last_year.value] == [3, 2, 1]
    assert line.is_answered


def test_a_line_stands_beside_what_was_said_of_the_month_before_and_not_beside_what_it_replaces(
    world, department, editor
):
    series = part(world.friends)
    put(world.friends, "2025-04", 2)
    entry = save_draft(
        Slot(series.pk, APRIL), Statement(value=Decimal(7)), access=access(editor), department_id=department.pk
    )
    [line] = [slot for slot in sheet_of(department, MAY) if slot.kpi == world.friends]
    assert line.previous == entry
    Entry.objects.update(value=None)  # it was left empty
    [line] = [slot for slot in sheet_of(department, MAY) if slot.kpi == world.friends]
    assert line.previous.value == 2


@pytest.mark.parametrize(("reason", "answered"), [("pending", False), ("withheld", True), ("not_applicable", True)])
def test_pending_is_no_answer_and_other_reasons_are(world, department, reason, answered):
    put(world.friends, "2025-05", None, missing_reason=reason)
    [line] = [slot for slot in sheet_of(department, MAY) if slot.kpi == world.friends]
    assert (line.is_answered, line.state) == (answered, "approved" if answered else "")


def test_a_part_is_on_the_sheet_in_every_month_of_its_life_and_in_no_other(world, department):
    Series.objects.filter(pk=part(world.visits, "b").pk).update(starts_on=date(2025, 4, 15), ends_on=date(2025, 5, 2))
    on_sheet = [m for m in (MARCH, APRIL, MAY, date(2025, 6, 1)) if "visits/b" in codes(department, m)]
    assert on_sheet == [APRIL, MAY]


def test_a_line_moves_to_the_department_that_reports_it_from_that_month_on(world, department, other_department):
    moved = part(world.friends)
    moved.reportings.update(valid_to=date(2025, 3, 31))
    Reporting.objects.create(series=moved, department=other_department, valid_from=APRIL)
    assert "friends/total" in codes(department, MARCH)
    assert "friends/total" not in codes(department, APRIL)
    assert codes(other_department, APRIL) == ["friends/total"]
    assert codes(other_department, MARCH) == []


def test_two_departments_never_report_the_same_month(world, other_department):
    second = Reporting(
        series=part(world.friends), department=other_department, valid_from=APRIL, valid_to=date(2025, 9, 30)
    )
    with pytest.raises(ValidationError, match="報告する所属が2つ"):
        second.full_clean()
    world.friends.series.get().reportings.update(valid_to=date(2025, 3, 31))
    second.full_clean()


def test_the_reason_of_the_last_return_stands_on_its_line(world, department, editor, approver):
    slot = Slot(part(world.friends).pk, MAY)
    for value, reason in ((1, "前月と違います。"), (2, "まだ違います。")):
        save_draft(slot, Statement(value=Decimal(value)), access=access(editor), department_id=department.pk)
        [line] = [found for found in sheet_of(department, MAY) if found.kpi == world.friends]
        assert line.entry is not None
        send_back(submit(line.entry, access=access(editor)), access=access(approver), reason=reason)
    [line] = [found for found in sheet_of(department, MAY) if found.kpi == world.friends]
    assert (line.state, line.return_reason) == ("returned", "まだ違います。")


def test_the_status_counts_answered_submitted_returned_drafts_and_open(world, department, editor, approver):
    def enter(kpi: Kpi, *acts: str) -> None:
        slot = Slot(part(kpi).pk, MAY)
        entry = save_draft(slot, Statement(value=Decimal(1)), access=access(editor), department_id=department.pk)
        if acts:
            entry = submit(entry, access=access(editor))
        if "approve" in acts:
            approve(entry, access=access(approver))
        if "return" in acts:
            send_back(entry, access=access(approver), reason="確かめてください。")

    enter(world.friends, "approve")
    enter(world.online, "submit")
    enter(world.applications, "return")
    enter(world.satisfaction)
    [status] = month_status([department], [MAY])
    counts = (status.total, status.answered, status.submitted, status.returned, status.drafts, status.open)
    assert counts == (11, 1, 1, 1, 1, 9)
    assert (status.is_done, status.due) == (False, date(2025, 6, 13))
    assert status.is_overdue(date(2025, 6, 14))
    assert not status.is_overdue(date(2025, 6, 13))


def test_a_correction_under_way_leaves_the_month_answered(world, department, editor):
    put(world.friends, "2025-05", 1)
    slot = Slot(part(world.friends).pk, MAY)
    said = {"access": access(editor), "department_id": department.pk, "comment": "転記の誤り"}
    entry = save_draft(slot, Statement(value=Decimal(2)), **said)
    submit(entry, access=access(editor))
    [status] = month_status([department], [MAY])
    assert (status.answered, status.submitted) == (1, 0)


def test_a_department_with_nothing_to_report_has_no_status(world, other_department):
    assert month_status([other_department], [MAY]) == []


def test_the_months_offered_are_those_that_have_ended():
    assert months_of(date(2025, 5, 1), 3) == [APRIL, MARCH, date(2025, 2, 1)]


def test_sheets_take_six_queries_however_many_there_are(
    world, department, other_department, editor, django_assert_num_queries
):
    for kpi in (world.friends, world.online):
        slot = Slot(part(kpi).pk, MAY)
        save_draft(slot, Statement(value=Decimal(1)), access=access(editor), department_id=department.pk)
    Reporting.objects.create(
        series=part(make_kpi("x", "x", "件", "flow")), department=other_department, valid_from=MARCH
    )
    with django_assert_num_queries(6):
        assert [slot.return_reason for slot in sheet_of(department, MAY)] == [""] * 11
    with django_assert_num_queries(6):
        assert len(slots_of([department, other_department], [MARCH, APRIL, MAY])) == 6
    with django_assert_num_queries(6):
        assert len(month_status([department, other_department], [MARCH, APRIL, MAY])) == 6


def test_a_citys_own_closed_day_moves_the_due_date(world, department) -> None:
    assert sheet_of(department, MAY)[0].due == date(2025, 6, 13)
    ClosedDay.objects.create(day=date(2025, 6, 5), name="臨時の閉庁日")
    ClosedDay.objects.create(day=date(2025, 6, 14), name="土曜開庁", is_open=True)
    assert sheet_of(department, MAY)[0].due == date(2025, 6, 14)


def test_an_extension_of_the_months_inquiry_moves_the_due_date_of_that_department_and_month_alone(
    world, department, other_department
) -> None:
    asked = {"text": "依頼", "contact": "課", "due_on": date(2025, 6, 13)}
    may = Inquiry.objects.create(kind="monthly", month=MAY, title="5月", **asked)
    april = Inquiry.objects.create(kind="monthly", month=date(2025, 4, 1), title="4月", **asked)
    Recipient.objects.create(inquiry=may, department=department, extended_to=date(2025, 6, 20))
    Recipient.objects.create(inquiry=may, department=other_department, extended_to=date(2025, 6, 30))
    Recipient.objects.create(inquiry=april, department=department)
    dues = {month: {slot.due for slot in sheet_of(department, month)} for month in (MAY, date(2025, 4, 1))}
    assert dues == {MAY: {date(2025, 6, 20)}, date(2025, 4, 1): {date(2025, 5, 16)}}


def test_a_value_that_is_still_being_counted_is_not_called_blank(month, department):
    put(month.hours.kpi, "2025-05", None, missing_reason="pending")
    [status] = month_status([department], [MAY])
    assert status.rest == "未入力2件、集計中1件"
    assert status.open == 3
