"""What a department said of a registered value can be taken back; what it remarked is asked of the office until done."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from kpis.models import Acknowledgement, Kpi, Measurement, RemarkAnswer, Reporting
from kpis.registration.confirmations import acknowledge, take_back
from kpis.registration.remarks import ToAnswer, answer_remarks, remarks_to_answer
from kpis.registration.values import registered_for, replies_to
from kpis.values.closed import MonthIsClosed, close_month, reopen
from tests.kpis.reporting_world import MONTH, URL, report
from tests.kpis.world import access, make_kpi, part, put

pytestmark = pytest.mark.usefixtures("june")

THEIRS = "/entries/1030/2025-05/"


@pytest.fixture
def friends(department, other_department, registrar) -> Kpi:
    """広報課 registered two figures of 情報政策課 and one of 市民課 for May."""
    kpi = make_kpi("friends", "LINE友だち登録者数", "人", "stock", parts=("joho", "joho-2", "shimin"))
    for code, whose in (("joho", department), ("joho-2", department), ("shimin", other_department)):
        report(part(kpi, code), whose)
        put(kpi, "2025-05", 100, code)
    Reporting.objects.update(registrar=registrar)
    return kpi


@pytest.fixture
def value(friends) -> Measurement:
    return Measurement.objects.get(series__code="joho")


def say(department, user, *values, **remarks):
    words = {value.pk: remarks.get("remark", "") for value in values}
    seen = {value.pk: value.version for value in values}
    return acknowledge(department, MONTH, seen=seen, remarks=words, access=access(user))


def said(department) -> list[str]:
    return [each.said.words if each.said else "" for each in registered_for(department, MONTH)]


class TestTakingBack:
    def test_one_word_is_taken_back_and_another_said(self, value, department, editor, approver):
        say(department, editor, value)
        [word] = Acknowledgement.objects.all()
        assert take_back(department, MONTH, words=[word.pk], access=access(approver)) == (1, 0)
        assert said(department) == ["", ""]
        say(department, editor, value, remark="窓口分がない")
        assert said(department) == ["気付いた点：窓口分がない", ""]

    def test_everything_that_was_said_stays_readable(self, value, department, editor, approver, clerk, signed_in):
        say(department, editor, value, remark="窓口分がない")
        take_back(department, MONTH, words=[Acknowledgement.objects.get().pk], access=access(approver))
        say(department, editor, value)
        for who, url in ((editor, URL), (clerk, THEIRS)):
            page = signed_in(who).get(url).text
            assert "気付いた点：窓口分がない" in page
            assert "前の回答を取り消しました" in page
            assert "情報政策課 課長 課長 太郎" in page

    def test_one_press_too_many_is_undone_with_one(self, friends, department, editor, signed_in):
        client = signed_in(editor)
        shown = client.get(URL).context["registered"]
        sent = {f"seen-{each.measurement.pk}": each.measurement.version for each in shown}
        client.post(reverse("entries:confirm", args=["1010", "2025-05"]), sent)
        page = client.get(URL)
        assert "に確認した2件を取り消す" in page.text
        words = [word.pk for word in page.context["last_press"]]
        answer = client.post(reverse("entries:take_back", args=["1010", "2025-05"]), {"word": words}, follow=True)
        assert "回答2件を取り消しました" in answer.text
        assert said(department) == ["", ""]
        assert "に確認した" not in answer.text

    def test_not_what_a_colleague_said_meanwhile(self, value, department, editor):
        say(department, editor, value)
        first = Acknowledgement.objects.get()
        take_back(department, MONTH, words=[first.pk], access=access(editor))
        say(department, editor, value, remark="窓口分がない")
        assert take_back(department, MONTH, words=[first.pk], access=access(editor)) == (0, 1)
        assert said(department) == ["気付いた点：窓口分がない", ""]

    def test_confirming_an_old_page_does_not_cover_a_colleagues_remark(self, value, department, editor, approver):
        say(department, approver, value, remark="窓口分がない")
        assert say(department, editor, value) == (0, 1)
        assert said(department) == ["気付いた点：窓口分がない", ""]

    def test_not_of_a_newer_value(self, value, department, editor, friends):
        say(department, editor, value)
        put(friends, "2025-05", 101, "joho")
        assert take_back(department, MONTH, words=[Acknowledgement.objects.get().pk], access=access(editor)) == (0, 1)

    def test_what_was_said_of_a_closed_month_stands_until_it_is_open_again(
        self, value, department, registrar, editor, reform_office, signed_in
    ):
        say(department, editor, value)
        close_month(MONTH, access=access(reform_office))
        words = [Acknowledgement.objects.get().pk]
        with pytest.raises(MonthIsClosed):
            take_back(department, MONTH, words=words, access=access(editor))
        client = signed_in(editor)
        assert "回答を取り消す" not in client.get(URL).text
        sent = client.post(reverse("entries:take_back", args=["1010", "2025-05"]), {"word": words}, follow=True)
        assert "確定しているため" in sent.text
        reopen(MONTH, registrar, reason="転記の誤り", until=date(2025, 6, 20), access=access(reform_office))
        assert take_back(department, MONTH, words=words, access=access(editor)) == (1, 0)

    def test_another_department_takes_nothing_back(self, value, department, editor, other_editor):
        say(department, editor, value)
        with pytest.raises(PermissionDenied):
            take_back(department, MONTH, words=[Acknowledgement.objects.get().pk], access=access(other_editor))


class TestARemark:
    @pytest.fixture
    def remark(self, value, department, editor) -> Acknowledgement:
        say(department, editor, value, remark="窓口分がない")
        return Acknowledgement.objects.get()

    def test_it_is_a_task_of_who_enters_and_who_approves_at_the_office(self, remark, clerk, chief, editor, signed_in):
        for who in (clerk, chief):
            home = signed_in(who).get("/")
            assert "広報課　令和7(2025)年5月分の気付いた点1件に対応する" in home.text
            assert f'href="{THEIRS}#replies"' in home.text
            assert "いま行うことはありません" not in home.text
        assert signed_in(editor).get("/").context["home"].remarks == []

    def test_answered_it_is_done_and_the_department_reads_why(self, remark, clerk, registrar, editor, signed_in):
        client = signed_in(clerk)
        assert "気付いた点が1件あります" in client.get(THEIRS).text
        address = reverse("entries:answer", args=["1030", "2025-05"])
        page = client.post(address, {f"answer-{remark.pk}": "窓口分は入っています"}, follow=True)
        assert "気付いた点1件に回答しました。" in page.text
        assert RemarkAnswer.objects.get().post == "広報課 主任"
        assert remarks_to_answer([registrar.pk]) == []
        assert "窓口分は入っています" in signed_in(editor).get(URL).text

    def test_a_newer_value_deals_with_it_too(self, remark, registrar, friends):
        put(friends, "2025-05", 101, "joho")
        assert remarks_to_answer([registrar.pk]) == []

    def test_so_does_taking_it_back(self, remark, registrar, department, editor, clerk):
        take_back(department, MONTH, words=[remark.pk], access=access(editor))
        assert remarks_to_answer([registrar.pk]) == []
        answered = answer_remarks(registrar, MONTH, answers={remark.pk: "直します"}, access=access(clerk))
        assert answered == (0, 1)

    def test_a_new_remark_on_the_same_value_is_asked_again(self, remark, registrar, department, editor, clerk, value):
        answer_remarks(registrar, MONTH, answers={remark.pk: "直します"}, access=access(clerk))
        take_back(department, MONTH, words=[remark.pk], access=access(editor))
        say(department, editor, value, remark="まだ直っていない")
        assert remarks_to_answer([registrar.pk]) == [ToAnswer(registrar, MONTH, 1)]

    def test_of_two_who_answer_at_once_the_second_is_told(self, remark, registrar, clerk, chief):
        assert answer_remarks(registrar, MONTH, answers={remark.pk: "直します"}, access=access(clerk)) == (1, 0)
        assert answer_remarks(registrar, MONTH, answers={remark.pk: "直しません"}, access=access(chief)) == (0, 1)
        assert answer_remarks(registrar, MONTH, answers={remark.pk: "  "}, access=access(chief)) == (0, 0)

    def test_nobody_else_answers_for_the_office(self, remark, registrar, editor, reform_office):
        for who in (editor, reform_office):
            with pytest.raises(PermissionDenied):
                answer_remarks(registrar, MONTH, answers={remark.pk: "直します"}, access=access(who))

    def test_it_is_a_task_of_the_office_that_registered_the_month(self, remark, registrar, other_department):
        Reporting.objects.update(valid_to=date(2025, 5, 31))
        for row in Reporting.objects.all():
            row.pk, row.registrar, row.valid_from, row.valid_to = None, other_department, date(2025, 6, 1), None
            row.save(force_insert=True)
        assert remarks_to_answer([other_department.pk]) == []
        assert remarks_to_answer([registrar.pk, other_department.pk]) == [ToAnswer(registrar, MONTH, 1)]

    @pytest.mark.parametrize("more", [0, 5])
    def test_many_remarks_and_answers_ask_no_more_of_the_database(
        self, remark, registrar, friends, department, editor, clerk, more, django_assert_num_queries
    ):
        for number in range(more):
            friends.series.create(code=f"more-{number}", name=f"内訳{number}", kind="type", order=9 + number)
            report(part(friends, f"more-{number}"), department)
            Reporting.objects.update(registrar=registrar)
            say(department, editor, put(friends, "2025-05", 100, f"more-{number}"), remark="違う")
        answer_remarks(registrar, MONTH, answers={remark.pk: "直します"}, access=access(clerk))
        say(department, editor, Measurement.objects.get(series__code="joho-2"), remark="違う")
        with django_assert_num_queries(2):  # remarks, who registers
            assert remarks_to_answer([registrar.pk]) == [ToAnswer(registrar, MONTH, 1 + more)]
        with django_assert_num_queries(5):  # who registers, values, what was said, answers, who answered
            assert sum(each.asks_for_answer for each in replies_to(registrar, MONTH)) == 1 + more
