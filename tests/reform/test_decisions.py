"""最近の承認と差戻し: decisions about values, records and answers in one list, for whom they concern, newest first."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Assignment
from initiatives import reporting
from initiatives.models import Initiative, ProgressRecord
from inquiries import answering
from inquiries.issuing import Request, issue
from inquiries.models import Recipient
from kpis.entries import approve, save_draft, send_back
from kpis.values.statement import Slot, Statement
from reform.decisions import COUNT, decided_lately
from tests.conftest import person
from tests.kpis.conftest import june, month  # noqa: F401  fixtures
from tests.kpis.reporting_world import handed_in, report
from tests.kpis.world import access, make_kpi, part

QUEUE = reverse("approvals:list")
WORDS = {"status": "running", "results": "増やした。", "issues": "", "next_steps": "", "cost": None, "effect": None}


@pytest.fixture
def value(month, editor, approver):  # noqa: F811
    """A value that was sent back."""
    return send_back(handed_in(month.friends, editor, "5"), access=access(approver), reason="確認を")


def record(department, editor, approver, code: str = "line") -> ProgressRecord:
    """A record that was approved."""
    line = Initiative.objects.create(code=code, title=f"{code}の窓口", department=department)
    written = reporting.save(line, 2024, 4, WORDS, access=access(editor), seen_version=0)
    sent = reporting.submit(written, access=access(editor), seen_version=written.version)
    return reporting.approve(sent, access=access(approver), seen_version=sent.version)


def answer(department, editor, approver, reform_office) -> Recipient:
    """An answer that was approved."""
    request = Request("端末の台数の照会", "何台ですか。", "改革係", 5)
    asked = issue(request, [department], access=access(reform_office)).recipients.get()
    saved = answering.save(asked, "120台", access=access(editor), seen_version=asked.version)
    sent = answering.submit(saved, access=access(editor), seen_version=saved.version)
    return answering.approve(sent, access=access(approver), seen_version=sent.version)


def test_all_three_kinds_stand_together_newest_first_each_with_its_link(
    value, department, editor, approver, reform_office, signed_in
):
    decided_record = record(department, editor, approver)
    decided_answer = answer(department, editor, approver, reform_office)
    found = decided_lately(access(approver))
    assert [decision.url for decision in found] == [
        reverse("inquiries:recipient", args=[decided_answer.pk]),
        reverse("initiatives:progress", args=["line", decided_record.fiscal_year, decided_record.quarter]),
        reverse("entries:detail", args=[value.pk]),
    ]
    assert [decision.content for decision in found] == ["120台", "実施中", "5人"]
    page = signed_in(approver).get(QUEUE).content.decode().partition('id="lately"')[2]
    assert "照会：端末の台数の照会（情報政策課）" in page
    assert "進捗状況調書：lineの窓口" in page
    assert page.count("課長 太郎") == 3


def test_somebody_elses_decisions_stand_with_whom_they_concern_alone(
    value, department, other_department, editor, approver
):
    record(department, editor, approver)
    deputy_chief = person("A003", "課長 補佐", Assignment.Role.CHECKER, department)
    other_chief = person("A002", "別課 三郎", Assignment.Role.APPROVER, other_department)
    assert len(decided_lately(access(deputy_chief))) == 2
    assert decided_lately(access(other_chief)) == []


def test_the_list_has_its_length(june, department, editor, approver):  # noqa: F811
    for number in range(COUNT - 5):
        record(department, editor, approver, f"i{number}")
    for number in range(10):
        series = part(make_kpi(f"k{number}", f"指標{number}", "件", "flow"))
        report(series, department)
        send_back(handed_in(series, editor, "4", date(2025, 5, 1)), access=access(approver), reason="確認を")
    found = decided_lately(access(approver))
    assert (len(found), sum(decision.is_value for decision in found), found.more) == (COUNT, 10, 5)


@pytest.mark.parametrize("count", [1, 4])
def test_it_takes_three_queries_however_many_there_are(
    value, department, editor, approver, count, django_assert_num_queries
):
    for number in range(count):
        record(department, editor, approver, f"i{number}")
    asking = access(approver)
    assert asking.deciding_posts
    with django_assert_num_queries(3):
        assert len(decided_lately(asking)) == count + 1


def test_a_value_is_told_as_it_is_registered_with_its_unit(month, editor, approver):  # noqa: F811
    approve(handed_in(month.hours, editor, "9100", typed="9.1"), access=access(approver))
    returned = send_back(
        handed_in(month.friends, editor, "750000", typed="７５万"), access=access(approver), reason="確認を"
    )
    assert [each.content for each in decided_lately(access(approver))] == ["750,000人", "9,100時間"]
    save_draft(
        Slot(month.friends.pk, returned.period, returned.span),
        Statement(value=Decimal(5)),
        access=access(editor),
        department_id=returned.department_id,
        typed="5",
    )
    assert decided_lately(access(approver))[0].content == "入力「７５万」"
