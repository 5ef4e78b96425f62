"""Answers beside the figures in the queue of those who decide, what is kept of them, and 後閲 of what a deputy decided."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import Assignment, Deputy, Route, RouteStep, RouteUse
from approvals.handover import hand_over_reports, unreviewed_works
from approvals.queue import review_picked, to_review, waiting_for
from inquiries.answering import ANSWERS, approve, save, send_back, submit, withdraw
from inquiries.models import AnswerEvent, Inquiry, Recipient
from tests.conftest import person
from tests.kpis.world import access

QUEUE = reverse("approvals:list")


def handed_in(asked: Recipient, user, text: str = "120台") -> Recipient:
    asked.refresh_from_db()
    saved = save(asked, text, access=access(user), seen_version=asked.version)
    return submit(saved, access=access(user), seen_version=saved.version)


@pytest.fixture
def colleague(department):
    """Another clerk of 情報政策課, who may also approve."""
    user = person("E009", "同僚 九郎", Assignment.Role.EDITOR, department, "主事")
    Assignment.objects.create(
        user=user, department=department, role=Assignment.Role.APPROVER, title="課長補佐", valid_from=date(2019, 4, 1)
    )
    return user


@pytest.fixture
def deputy(approver, other_editor):
    """Stands in for the chief today and tomorrow."""
    today = timezone.localdate()
    Deputy.objects.create(
        principal=approver.assignments.get(),
        deputy=other_editor,
        valid_from=today,
        valid_to=today + timedelta(days=1),
        reason="出張",
    )
    return other_editor


class TestAuthors:
    def test_who_wrote_it_and_let_a_colleague_go_on_does_not_approve_it(self, asked, editor, colleague):
        written = save(asked, "100台", access=access(colleague), seen_version=asked.version)
        submitted = handed_in(written, editor)
        assert submitted.author == editor
        with pytest.raises(ValidationError, match="自分が入力した"):
            approve(submitted, access=access(colleague), seen_version=submitted.version)

    def test_nor_after_a_handover_of_the_post(self, asked, editor, colleague, department, reform_office):
        taker = person("E010", "後任 十郎", Assignment.Role.EDITOR, department, "主事")
        save(asked, "100台", access=access(colleague), seen_version=asked.version)
        giver = colleague.assignments.get(role=Assignment.Role.EDITOR)
        hand_over_reports(ANSWERS, giver, taker.assignments.get(), access(reform_office))
        submitted = handed_in(asked, taker)
        assert submitted.events.filter(action="handed_over", actor=reform_office).count() == 1
        with pytest.raises(ValidationError, match="自分が入力した"):
            approve(submitted, access=access(colleague), seen_version=submitted.version)

    def test_the_queue_and_the_page_tell_them_to_ask_somebody_else(self, asked, editor, colleague, signed_in):
        save(asked, "100台", access=access(colleague), seen_version=asked.version)
        handed_in(asked, editor)
        client = signed_in(colleague)
        assert "自分が入力した回答です" in client.get(QUEUE).content.decode()
        page = client.get(reverse("inquiries:recipient", args=[asked.pk])).content.decode()
        assert "自分が入力した回答です" in page
        assert "照会の回答1件を確認する" not in client.get("/").content.decode()


class TestWhatIsKept:
    def test_each_act_stays_with_the_answer_as_it_was_then(self, asked, editor, approver):
        first = handed_in(asked, editor, "120台")
        back = send_back(first, access=access(approver), reason="内訳も", seen_version=first.version)
        again = handed_in(back, editor, "120台（うち予備10台）")
        approve(again, access=access(approver), seen_version=again.version)
        kept = asked.events.values_list("action", "answer", "reason", "actor_name", "post")
        assert [row for row in kept if row[0] != "saved"] == [
            ("submitted", "120台", "", "入力 花子", "情報政策課 主査"),
            ("returned", "120台", "内訳も", "課長 太郎", "情報政策課 課長"),
            ("submitted", "120台（うち予備10台）", "", "入力 花子", "情報政策課 主査"),
            ("approved", "120台（うち予備10台）", "", "課長 太郎", "情報政策課 課長"),
        ]

    def test_taking_back_is_kept(self, asked, editor):
        submitted = handed_in(asked, editor)
        withdraw(submitted, access=access(editor), seen_version=submitted.version)
        assert asked.events.last().action == "withdrawn"

    def test_the_page_shows_who_confirmed_at_each_step_of_the_route(
        self, asked, editor, approver, department, signed_in
    ):
        route = Route.objects.create(name="2段階")
        for order, role in enumerate(("checker", "approver"), start=1):
            RouteStep.objects.create(route=route, order=order, role=role)
        RouteUse.objects.create(department=department, subject=RouteUse.Subject.INQUIRY, route=route)
        checker = person("C001", "係長 五郎", Assignment.Role.CHECKER, department, "係長")
        submitted = handed_in(asked, editor)
        confirmed = approve(submitted, access=access(checker), seen_version=submitted.version)
        approve(confirmed, access=access(approver), seen_version=confirmed.version)
        page = signed_in(editor).get(reverse("inquiries:recipient", args=[asked.pk])).content.decode()
        assert "確認（次の段階へ）" in page
        assert "情報政策課 係長 係長 五郎" in page
        assert "情報政策課 課長 課長 太郎" in page


class TestQueue:
    def test_the_chief_finds_it_in_the_queue_and_on_the_home_page(self, asked, editor, approver, signed_in):
        handed_in(asked, editor)
        chief = signed_in(approver)
        assert "照会の回答1件を確認する" in chief.get("/").content.decode()
        page = chief.get(QUEUE).content.decode()
        assert reverse("inquiries:recipient", args=[asked.pk]) in page
        assert "確認を待っている回答はありません" not in page

    def test_after_the_decision_nothing_waits(self, asked, editor, approver, signed_in):
        submitted = handed_in(asked, editor)
        approve(submitted, access=access(approver), seen_version=submitted.version)
        assert waiting_for(ANSWERS, access(approver)) == []
        assert "確認を待っている回答はありません" in signed_in(approver).get(QUEUE).content.decode()

    def test_it_waits_for_nobody_else(self, asked, editor, other_department, viewer):
        handed_in(asked, editor)
        other_chief = person("A002", "別課 三郎", Assignment.Role.APPROVER, other_department, "課長")
        assert waiting_for(ANSWERS, access(other_chief)) == []
        assert waiting_for(ANSWERS, access(viewer)) == []

    def test_one_of_a_closed_inquiry_waits_no_more(self, asked, editor, approver):
        handed_in(asked, editor)
        Inquiry.objects.update(closed_at=timezone.now())
        assert waiting_for(ANSWERS, access(approver)) == []

    def test_a_step_of_the_office_is_on_its_home_page_and_in_its_queue(
        self, asked, editor, approver, reform_office, signed_in
    ):
        route = Route.objects.create(name="課長と取りまとめ課")
        for order, role in enumerate(("approver", "reform_office"), start=1):
            RouteStep.objects.create(route=route, order=order, role=role)
        RouteUse.objects.create(subject=RouteUse.Subject.INQUIRY, route=route)
        submitted = handed_in(asked, editor)
        office = signed_in(reform_office)
        assert "照会の回答1件を確認する" not in office.get("/").content.decode()
        approve(submitted, access=access(approver), seen_version=submitted.version)
        home = office.get("/").content.decode()
        assert "照会の回答1件を確認する" in home
        assert f'href="{QUEUE}"' in home
        assert asked.inquiry.title in office.get(QUEUE).content.decode()

    def test_more_answers_ask_no_more_of_the_database(
        self, asked, one_off, editor, approver, department, django_assert_max_num_queries
    ):
        handed_in(asked, editor)
        with django_assert_max_num_queries(4):  # posts, who is stood in for; answers, their events
            assert len(waiting_for(ANSWERS, access(approver))) == 1
        for number in range(5):
            more = Inquiry.objects.create(
                kind="one_off", title=f"照会{number}", text="文", contact="課", due_on=date(2025, 6, 30),
                issued_at=one_off.issued_at,
            )  # fmt: skip
            handed_in(Recipient.objects.create(inquiry=more, department=department), editor)
        with django_assert_max_num_queries(4):
            assert len(waiting_for(ANSWERS, access(approver))) == 6


class TestDeputies:
    @pytest.fixture
    def decided(self, asked, editor, deputy) -> Recipient:
        submitted = handed_in(asked, editor)
        return approve(submitted, access=access(deputy), seen_version=submitted.version)

    def test_what_a_deputy_approved_is_looked_at_by_the_chief_once(self, decided, approver, signed_in):
        chief = signed_in(approver)
        assert "代決された1件を後閲する" in chief.get("/").content.decode()
        assert "照会：端末の台数の照会（情報政策課）" in chief.get(QUEUE).content.decode()
        [event] = to_review(ANSWERS, access(approver))
        assert event.is_by_deputy
        for _ in range(2):
            chief.post(QUEUE, {"action": "review", "answer_event": event.pk})
        noted = decided.events.get(action="reviewed")
        assert (noted.actor, noted.principal) == (approver, approver.assignments.get())
        assert to_review(ANSWERS, access(approver)) == []

    def test_nobody_else_looks_at_it_in_the_chiefs_place(self, decided, deputy):
        event = decided.events.get(action="approved")
        assert review_picked(ANSWERS, [event.pk], access(deputy)) == 0
        assert not decided.events.filter(action=AnswerEvent.Action.REVIEWED).exists()

    def test_a_handover_names_it_until_it_was_looked_at(self, decided, approver):
        post = approver.assignments.get()
        assert [work.text for work in unreviewed_works(ANSWERS, post)] == ["照会の回答：端末の台数の照会（情報政策課）"]
        review_picked(ANSWERS, [event.pk for event in to_review(ANSWERS, access(approver))], access(approver))
        assert unreviewed_works(ANSWERS, post) == []

    def test_two_who_press_at_once_note_it_once(self, decided, approver):
        [event] = to_review(ANSWERS, access(approver))
        assert [review_picked(ANSWERS, [event.pk], access(approver)) for _ in range(2)] == [1, 0]
        assert decided.events.filter(action="reviewed").count() == 1

    def test_a_deputy_of_the_office_opens_what_waits_for_the_office(
        self, asked, editor, approver, reform_office, viewer, signed_in
    ):
        route = Route.objects.create(name="課長と取りまとめ課")
        for order, role in enumerate(("approver", "reform_office"), start=1):
            RouteStep.objects.create(route=route, order=order, role=role)
        RouteUse.objects.create(subject=RouteUse.Subject.INQUIRY, route=route)
        today = timezone.localdate()
        Deputy.objects.create(
            principal=reform_office.assignments.get(), deputy=viewer, valid_from=today, valid_to=today, reason="出張"
        )
        submitted = handed_in(asked, editor)
        approve(submitted, access=access(approver), seen_version=submitted.version)
        client, page = signed_in(viewer), reverse("inquiries:recipient", args=[asked.pk])
        assert page in client.get(QUEUE).content.decode()
        assert "承認する" in client.get(page).content.decode()


class TestFiles:
    def test_what_was_handed_in_first_can_still_be_opened_from_the_history(
        self, asked, editor, approver, other_editor, signed_in
    ):
        client = signed_in(editor)
        for name, content in (("一.pdf", b"%PDF-1"), ("二.pdf", b"%PDF-2")):
            asked.refresh_from_db()
            file = SimpleUploadedFile(name, content)
            sent = {"action": "submit", "seen_version": asked.version, "answer": "", "file": file}
            client.post(reverse("inquiries:recipient", args=[asked.pk]), sent)
            asked.refresh_from_db()
            if name == "一.pdf":
                send_back(asked, access=access(approver), reason="表が違う", seen_version=asked.version)
        first = asked.events.get(action="returned")
        address = reverse("inquiries:event_file", args=[first.pk])
        assert address in client.get(reverse("inquiries:recipient", args=[asked.pk])).content.decode()
        response = client.get(address)
        assert b"".join(response.streaming_content) == b"%PDF-1"
        assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E4%B8%80.pdf")
        assert signed_in(other_editor).get(address).status_code == 404

    def test_an_act_without_a_file_has_none_to_open(self, asked, editor, signed_in):
        event = handed_in(asked, editor).events.get(action="submitted")
        assert signed_in(editor).get(reverse("inquiries:event_file", args=[event.pk])).status_code == 404
