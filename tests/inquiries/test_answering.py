"""The answer to a one-off inquiry: written, handed in, taken back, confirmed on its route, returned."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.models import Assignment, Deputy, Route, RouteStep, RouteUse
from approvals.conflict import Conflict
from inquiries.answering import approve, save, send_back, submit, withdraw
from inquiries.models import Inquiry, Recipient
from tests.conftest import person
from tests.kpis.world import access


def written(asked: Recipient, user, text: str = "120台") -> Recipient:
    asked.refresh_from_db()
    return save(asked, text, access=access(user), seen_version=asked.version)


def handed_in(asked: Recipient, user) -> Recipient:
    saved = written(asked, user)
    return submit(saved, access=access(user), seen_version=saved.version)


def test_an_answer_is_handed_in_and_approved_by_the_chief(asked, editor, approver):
    submitted = handed_in(asked, editor)
    assert (submitted.state, submitted.author_post) == ("submitted", "情報政策課 主査")
    answered = approve(submitted, access=access(approver), seen_version=submitted.version)
    assert (answered.state, answered.answer, answered.decided_post) == ("answered", "120台", "情報政策課 課長")
    assert answered.decided_at is not None


def test_an_empty_answer_is_not_handed_in(asked, editor):
    saved = written(asked, editor, "　")
    with pytest.raises(ValidationError, match="回答を入力するか"):
        submit(saved, access=access(editor), seen_version=saved.version)


def test_a_returned_answer_says_why_and_is_handed_in_again(asked, editor, approver):
    submitted = handed_in(asked, editor)
    returned = send_back(submitted, access=access(approver), reason="内訳も", seen_version=submitted.version)
    assert (returned.state, returned.return_reason) == ("returned", "内訳も")
    assert handed_in(returned, editor).state == "submitted"


def test_returning_needs_a_reason(asked, editor, approver):
    submitted = handed_in(asked, editor)
    with pytest.raises(ValidationError, match="理由"):
        send_back(submitted, access=access(approver), reason=" ", seen_version=submitted.version)


def test_an_answer_is_taken_back_before_it_is_approved_and_not_after(asked, editor, approver):
    submitted = handed_in(asked, editor)
    taken = withdraw(submitted, access=access(editor), seen_version=submitted.version)
    assert taken.state == "open"
    submitted = handed_in(taken, editor)
    answered = approve(submitted, access=access(approver), seen_version=submitted.version)
    with pytest.raises(ValidationError, match="回答済"):
        withdraw(answered, access=access(editor), seen_version=answered.version)


def test_nobody_approves_their_own_answer(asked, editor, department):
    Assignment.objects.create(user=editor, department=department, role="approver", valid_from=access(editor).on)
    submitted = handed_in(asked, editor)
    with pytest.raises(ValidationError, match="自分が入力した"):
        approve(submitted, access=access(editor), seen_version=submitted.version)


def test_who_saw_an_older_version_neither_saves_nor_decides(asked, editor, approver):
    written(asked, editor)
    with pytest.raises(Conflict):
        save(asked, "別の答え", access=access(editor), seen_version=1)
    submitted = handed_in(asked, editor)
    with pytest.raises(Conflict):
        approve(submitted, access=access(approver), seen_version=submitted.version - 1)


@pytest.mark.parametrize("who", ["other_editor", "approver", "reform_office", "viewer"])
def test_only_the_departments_clerk_writes(asked, who, request):
    with pytest.raises(PermissionDenied):
        written(asked, request.getfixturevalue(who))


@pytest.mark.parametrize("who", ["editor", "other_editor", "reform_office", "viewer"])
def test_only_those_on_the_route_decide(asked, editor, who, request):
    submitted = handed_in(asked, editor)
    with pytest.raises(PermissionDenied):
        approve(submitted, access=access(request.getfixturevalue(who)), seen_version=submitted.version)


def test_a_route_of_two_steps_is_gone_in_order(asked, editor, approver, reform_office):
    route = Route.objects.create(name="課長と取りまとめ課")
    for order, role in enumerate(["approver", "reform_office"], start=1):
        RouteStep.objects.create(route=route, order=order, role=role)
    RouteUse.objects.create(subject=RouteUse.Subject.INQUIRY, route=route)
    submitted = handed_in(asked, editor)
    with pytest.raises(PermissionDenied):
        approve(submitted, access=access(reform_office), seen_version=submitted.version)
    confirmed = approve(submitted, access=access(approver), seen_version=submitted.version)
    assert confirmed.state == "submitted"
    assert approve(confirmed, access=access(reform_office), seen_version=confirmed.version).state == "answered"


def test_a_route_changed_since_changes_nothing_for_what_was_handed_in(asked, editor, approver):
    route = Route.objects.create(name="課長")
    RouteStep.objects.create(route=route, order=1, role="approver")
    RouteUse.objects.create(subject=RouteUse.Subject.INQUIRY, route=route)
    submitted = handed_in(asked, editor)
    RouteStep.objects.create(route=route, order=2, role="reform_office")
    assert approve(submitted, access=access(approver), seen_version=submitted.version).state == "answered"


def test_a_deputy_decides_in_the_chiefs_place_and_it_is_written_down(asked, editor, approver):
    stand_in = person("D001", "代決 四郎", "viewer", None, "係長")
    today = access(approver).on
    Deputy.objects.create(
        principal=approver.assignments.get(), deputy=stand_in, valid_from=today, valid_to=today, reason="出張"
    )
    submitted = handed_in(asked, editor)
    answered = approve(submitted, access=access(stand_in), seen_version=submitted.version)
    assert answered.decided_post == "情報政策課 課長の代決（係長）"


def test_a_closed_inquiry_is_answered_no_more(asked, editor):
    Inquiry.objects.update(closed_at=timezone.now())
    with pytest.raises(ValidationError, match="締め切られています"):
        written(asked, editor)


def test_a_monthly_inquiry_is_not_answered_in_words(monthly, editor):
    with pytest.raises(ValidationError, match="入力画面"):
        written(monthly.recipients.get(), editor)
