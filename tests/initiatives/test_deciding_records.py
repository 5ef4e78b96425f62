"""Records beside the figures in the queue of those who decide, and 後閲 of what a deputy decided."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.access import Access
from accounts.models import Assignment, Deputy, Route, RouteStep, RouteUse
from approvals.handover import unreviewed_works, waiting_part
from approvals.queue import review_picked, to_review, waiting_for
from initiatives import reporting
from initiatives.models import Initiative, ProgressEvent, ProgressRecord
from initiatives.reporting import RECORDS
from tests.conftest import person

WORDS = {
    "status": "running",
    "results": "窓口を増やした。",
    "issues": "",
    "next_steps": "",
    "cost": None,
    "effect": None,
}


def now(user) -> Access:
    return Access(user, timezone.localdate())


@pytest.fixture
def waiting(department, editor) -> ProgressRecord:
    """A record of 2024's last quarter that was handed in."""
    line = Initiative.objects.create(code="line", title="LINEの窓口", department=department)
    written = reporting.save(line, 2024, 4, WORDS, access=now(editor), seen_version=0)
    return reporting.submit(written, access=now(editor), seen_version=written.version)


def test_the_chief_finds_it_in_the_queue_and_on_the_home_page(waiting, approver, signed_in):
    chief = signed_in(approver)
    assert "進捗状況調書1件を確認する" in chief.get(reverse("home")).content.decode()
    page = chief.get(reverse("approvals:list")).content.decode()
    assert reverse("initiatives:progress", args=["line", 2024, 4]) in page
    assert "確認を待っている回答はありません" not in page


def test_after_the_decision_nothing_waits(waiting, approver, signed_in):
    reporting.approve(waiting, access=now(approver), seen_version=waiting.version)
    assert waiting_for(RECORDS, now(approver)) == []
    assert "調書は内容を読んで" not in signed_in(approver).get(reverse("approvals:list")).content.decode()
    assert "進捗状況調書1件" not in signed_in(approver).get(reverse("home")).content.decode()


def test_it_waits_for_nobody_else(waiting, other_department, viewer):
    other_chief = person("A002", "別課 三郎", Assignment.Role.APPROVER, other_department, "課長")
    assert waiting_for(RECORDS, now(other_chief)) == []
    assert waiting_for(RECORDS, now(viewer)) == []


def test_on_a_route_of_two_steps_it_waits_for_one_after_the_other(department, editor, approver):
    route = Route.objects.create(name="2段階")
    for order, role in enumerate(("checker", "approver"), start=1):
        RouteStep.objects.create(route=route, order=order, role=role)
    RouteUse.objects.create(department=department, subject=RouteUse.Subject.PROGRESS, route=route)
    checker = person("C001", "係長 五郎", Assignment.Role.CHECKER, department, "係長")
    line = Initiative.objects.create(code="line", title="LINEの窓口", department=department)
    written = reporting.save(line, 2024, 4, WORDS, access=now(editor), seen_version=0)
    record = reporting.submit(written, access=now(editor), seen_version=written.version)
    assert [w.report for w in waiting_for(RECORDS, now(checker))] == [record]
    assert waiting_for(RECORDS, now(approver)) == []
    reporting.approve(record, access=now(checker), seen_version=record.version)
    assert waiting_for(RECORDS, now(checker)) == []
    assert [w.report for w in waiting_for(RECORDS, now(approver))] == [record]


def test_a_chief_who_wrote_it_is_told_to_ask_somebody_else(waiting, editor, department, signed_in):
    Assignment.objects.create(
        user=editor, department=department, role=Assignment.Role.APPROVER, valid_from=timezone.localdate()
    )
    [own] = waiting_for(RECORDS, now(editor))
    assert own.is_own
    assert "自分が入力した調書です" in signed_in(editor).get(reverse("approvals:list")).content.decode()
    assert "進捗状況調書1件" not in signed_in(editor).get(reverse("home")).content.decode()


@pytest.fixture
def decided_by_deputy(waiting, approver, other_editor) -> ProgressRecord:
    today = timezone.localdate()
    Deputy.objects.create(
        principal=approver.assignments.get(),
        deputy=other_editor,
        valid_from=today,
        valid_to=today + timedelta(days=1),
        reason="出張",
    )
    return reporting.approve(waiting, access=now(other_editor), seen_version=waiting.version)


def test_what_a_deputy_approved_is_looked_at_by_the_chief_once(decided_by_deputy, approver, signed_in):
    chief, queue = signed_in(approver), reverse("approvals:list")
    assert "進捗状況調書：LINEの窓口" in chief.get(queue).content.decode()
    [event] = to_review(RECORDS, now(approver))
    chief.post(queue, {"action": "review", "record_event": event.pk})
    noted = decided_by_deputy.events.get(action=ProgressEvent.Action.REVIEWED)
    assert (noted.actor, noted.principal) == (approver, approver.assignments.get())
    assert to_review(RECORDS, now(approver)) == []
    chief.post(queue, {"action": "review", "record_event": event.pk})
    assert decided_by_deputy.events.filter(action=ProgressEvent.Action.REVIEWED).count() == 1


def test_a_handover_names_what_waits_and_what_was_not_looked_at(waiting, decided_by_deputy, approver, editor):
    post = approver.assignments.get()
    assert [work.text for work in unreviewed_works(RECORDS, post)] == [f"進捗状況調書：{decided_by_deputy}"]
    again = reporting.reopen(
        decided_by_deputy, access=now(editor), reason="訂正", seen_version=decided_by_deputy.version
    )
    reporting.submit(again, access=now(editor), seen_version=again.version)
    assert [work.text for work in waiting_part(RECORDS, post).works] == [f"{again}（課長確認待ち）"]
    review_picked(RECORDS, [event.pk for event in to_review(RECORDS, now(approver))], now(approver))
    assert unreviewed_works(RECORDS, post) == []


def test_nobody_else_looks_at_it_in_the_chiefs_place(decided_by_deputy, other_editor, signed_in):
    event = decided_by_deputy.events.get(action=ProgressEvent.Action.APPROVED)
    assert review_picked(RECORDS, [event.pk], now(other_editor)) == 0
    assert not decided_by_deputy.events.filter(action=ProgressEvent.Action.REVIEWED).exists()


def test_more_records_ask_no_more_of_the_database(waiting, approver, editor, department, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):  # posts, who is stood in for; records, their events
        assert len(waiting_for(RECORDS, now(approver))) == 1
    for number in range(5):
        line = Initiative.objects.create(code=f"i{number}", title=f"取組{number}", department=department)
        written = reporting.save(line, 2024, 4, WORDS, access=now(editor), seen_version=0)
        reporting.submit(written, access=now(editor), seen_version=written.version)
    with django_assert_max_num_queries(4):
        assert len(waiting_for(RECORDS, now(approver))) == 6
