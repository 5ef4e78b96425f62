"""The pages of inquiries as departments and the reform office use them."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from inquiries.models import Extension, Inquiry, Message, Recipient
from kpis.entries.sheet import sheet_of
from kpis.models import Reporting
from tests.conftest import person
from tests.kpis.reporting_world import handed_in
from tests.kpis.world import access


def url(recipient: Recipient) -> str:
    return reverse("inquiries:recipient", args=[recipient.pk])


def press(client, recipient: Recipient, action: str, **sent):
    recipient.refresh_from_db()
    return client.post(url(recipient), {"action": action, "seen_version": recipient.version, **sent}, follow=True)


def text(response) -> str:
    return response.content.decode()


def workbook() -> bytes:
    stream = BytesIO()
    Workbook().save(stream)
    return stream.getvalue()


class TestList:
    def test_a_department_sees_its_own_most_urgent_first(self, monthly, one_off, editor, signed_in):
        Inquiry.objects.filter(pk=one_off.pk).update(due_on=date(2025, 6, 9))
        response = signed_in(editor).get(reverse("inquiries:list"))
        assert [s.inquiry.title for s in response.context["standings"]] == [
            "端末の台数の照会", "令和7年5月分の実績の照会"
        ]  # fmt: skip
        assert "期限超過" in text(response)
        assert "1開庁日超過" in text(response)

    def test_other_departments_months_are_not_listed(self, monthly, other_editor, signed_in):
        assert signed_in(other_editor).get(reverse("inquiries:list")).context["standings"] == []

    def test_closed_ones_are_listed_on_request(self, one_off, editor, signed_in, reform_office):
        signed_in(reform_office).post(reverse("inquiries:detail", args=[one_off.pk]), {"action": "close"})
        client = signed_in(editor)
        assert client.get(reverse("inquiries:list")).context["standings"] == []
        assert "締切済" in text(client.get(reverse("inquiries:list"), {"which": "all"}))

    def test_the_office_sees_how_far_each_is_and_what_it_must_decide(
        self, one_off, asked, editor, signed_in, reform_office
    ):
        press(signed_in(editor), asked, "question", question="予備機も含みますか")
        press(signed_in(editor), asked, "extension", until="2025-06-20", reason="棚卸中")
        page = text(signed_in(reform_office).get(reverse("inquiries:list")))
        assert "0／2所属" in page
        assert "未回答の質問 1件" in page
        assert "延長の申請 1件" in page

    @pytest.mark.parametrize("who", ["editor", "reform_office"])
    def test_a_full_page_keeps_what_is_due_first_and_says_how_many_more_there_are(
        self, request, one_off, asked, department, signed_in, monkeypatch, who
    ):
        for number in range(3):
            later = Inquiry.objects.create(
                kind="one_off", title=f"照会{number}", text="文", contact="課", due_on=date(2025, 12, 1 + number),
                issued_at=one_off.issued_at,
            )  # fmt: skip
            Recipient.objects.create(inquiry=later, department=department)
        client, url = signed_in(request.getfixturevalue(who)), reverse("inquiries:list")
        assert "このほかに" not in text(client.get(url))
        monkeypatch.setattr("inquiries.listing.MOST", 2)
        page = text(client.get(url))
        assert "回答期限の早いものから並べています。このほかに2件あります。" in page
        assert [one_off.title in page, "照会0" in page, "照会1" in page, "照会2" in page] == [True, True, False, False]
        page = text(client.get(url, {"which": "all"}))
        assert "回答期限の新しいものから並べています。このほかに2件あります。" in page
        assert [one_off.title in page, "照会1" in page, "照会2" in page] == [False, True, True]

    def test_a_clerks_list_takes_the_same_queries_for_many_inquiries(
        self, monthly, one_off, editor, department, signed_in, django_assert_num_queries
    ):
        for number in range(5):
            more = Inquiry.objects.create(
                kind="one_off", title=f"照会{number}", text="文", contact="課", due_on=date(2025, 6, 30),
                issued_at=one_off.issued_at,
            )  # fmt: skip
            Recipient.objects.create(inquiry=more, department=department)
        client = signed_in(editor)
        with django_assert_num_queries(11):
            assert len(client.get(reverse("inquiries:list")).context["standings"]) == 7


class TestAnswer:
    def test_a_clerk_answers_with_a_file_and_the_chief_approves(self, asked, editor, approver, signed_in):
        file = SimpleUploadedFile("台数.xlsx", workbook())
        response = press(signed_in(editor), asked, "submit", answer="120台", file=file)
        assert "回答を提出しました。" in text(response)
        assert "台数.xlsx" in text(response)
        assert "承認しました。" in text(press(signed_in(approver), asked, "approve"))
        asked.refresh_from_db()
        assert (asked.state, asked.answer, asked.file_name) == ("answered", "120台", "台数.xlsx")

    def test_the_file_comes_back_as_a_download_under_its_name(self, asked, editor, signed_in):
        press(signed_in(editor), asked, "save", answer="", file=SimpleUploadedFile("台数.pdf", b"%PDF-1.7 a"))
        response = signed_in(editor).get(reverse("inquiries:file", args=[asked.pk]))
        assert b"".join(response.streaming_content) == b"%PDF-1.7 a"
        assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E5%8F%B0%E6%95%B0.pdf")
        assert response["Content-Type"] == "application/pdf"

    @pytest.mark.parametrize("content", [b"<html><script>", b"MZ\x90\x00", b"PK\x03\x04broken", b""])
    def test_a_file_that_is_not_what_it_says_is_refused_and_nothing_is_saved(self, content, asked, editor, signed_in):
        response = press(
            signed_in(editor), asked, "submit", answer="120台", file=SimpleUploadedFile("台数.xlsx", content)
        )
        asked.refresh_from_db()
        assert (response.status_code, asked.answer, bool(asked.file)) == (422, "", False)
        assert "120台" in text(response)

    def test_a_file_is_replaced_and_taken_away(self, asked, editor, signed_in):
        client = signed_in(editor)
        press(client, asked, "save", answer="", file=SimpleUploadedFile("一.pdf", b"%PDF-1"))
        press(client, asked, "save", answer="", file=SimpleUploadedFile("二.pdf", b"%PDF-2"))
        asked.refresh_from_db()
        assert (asked.file_name, asked.file.read()) == ("二.pdf", b"%PDF-2")
        press(client, asked, "save", answer="なし", drop_file="on")
        asked.refresh_from_db()
        assert (asked.file_name, bool(asked.file)) == ("", False)

    def test_handing_in_nothing_says_so(self, asked, editor, signed_in):
        response = press(signed_in(editor), asked, "submit", answer="")
        assert response.status_code == 422
        assert "回答を入力するか、ファイルを添付してください。" in text(response)

    def test_somebody_elses_newer_answer_is_not_written_over(self, asked, editor, signed_in):
        client = signed_in(editor)
        press(client, asked, "save", answer="120台")
        response = client.post(url(asked), {"action": "save", "seen_version": 1, "answer": "90台"})
        asked.refresh_from_db()
        assert (response.status_code, asked.answer) == (422, "120台")
        assert "ほかの人が更新しました" in text(response)

    def test_a_return_shows_its_reason_and_the_answer_taken_back_is_open(self, asked, editor, approver, signed_in):
        press(signed_in(editor), asked, "submit", answer="120台")
        assert press(signed_in(approver), asked, "return", reason="").status_code == 422
        press(signed_in(approver), asked, "return", reason="内訳も書いてください")
        assert "内訳も書いてください" in text(signed_in(editor).get(url(asked)))
        press(signed_in(editor), asked, "submit", answer="120台（内訳）")
        assert "引き戻しました" in text(press(signed_in(editor), asked, "withdraw"))

    def test_an_author_who_is_chief_is_told_to_ask_somebody_else(self, asked, editor, department, signed_in):
        editor.assignments.create(department=department, role="approver", valid_from=date(2020, 4, 1))
        response = press(signed_in(editor), asked, "submit", answer="120台")
        assert "自分が入力した回答です。" in text(response)
        assert "承認する" not in text(response)

    def test_a_monthly_one_leads_to_its_month(self, monthly, editor, signed_in):
        page = text(signed_in(editor).get(url(monthly.recipients.get())))
        assert "/entries/1010/2025-05/" in page
        assert "残り：未入力3件" in page
        assert 'name="answer"' not in page

    def test_an_unknown_deed_is_refused(self, asked, editor, signed_in):
        assert signed_in(editor).post(url(asked), {"action": "burn"}).status_code == 403


class TestQuestions:
    def test_a_question_is_answered_for_its_asker_alone(
        self, one_off, asked, editor, other_editor, reform_office, signed_in
    ):
        press(signed_in(editor), asked, "question", question="予備機も含みますか")
        self._reply(signed_in(reform_office), one_off, "含みません")
        assert "含みません" in text(signed_in(editor).get(url(asked)))
        other = one_off.recipients.exclude(pk=asked.pk).get()
        page = text(signed_in(other_editor).get(url(other)))
        assert "予備機" not in page
        assert "含みません" not in page

    def test_answered_for_all_it_is_read_by_all_without_the_askers_name(
        self, one_off, asked, editor, other_editor, reform_office, signed_in
    ):
        press(signed_in(editor), asked, "question", question="予備機も含みますか")
        self._reply(signed_in(reform_office), one_off, "含みません", is_for_all="on")
        page = text(signed_in(other_editor).get(url(one_off.recipients.exclude(pk=asked.pk).get())))
        assert "予備機も含みますか" in page
        assert "含みません" in page
        assert "情報政策課" not in page
        assert "入力 花子" not in page

    def test_a_notice_reaches_everybody(self, one_off, other_editor, reform_office, signed_in):
        signed_in(reform_office).post(
            reverse("inquiries:detail", args=[one_off.pk]), {"action": "reply", "reply": "様式を直しました"}
        )
        recipient = one_off.recipients.get(department__code="1020")
        assert "様式を直しました" in text(signed_in(other_editor).get(url(recipient)))

    def _reply(self, client, inquiry: Inquiry, words: str, **more: str) -> None:
        question = Message.objects.get(answers=None)
        client.post(
            reverse("inquiries:detail", args=[inquiry.pk]),
            {"action": "reply", "reply": words, "question": question.pk, **more},
        )


class TestMoreTime:
    def test_a_granted_extension_moves_the_due_date_of_the_month_everywhere(
        self, monthly, department, editor, reform_office, signed_in
    ):
        recipient = monthly.recipients.get()
        press(signed_in(editor), recipient, "extension", until="2025-06-20", reason="システムの停止")
        asked = Extension.objects.get()
        signed_in(reform_office).post(
            reverse("inquiries:detail", args=[monthly.pk]), {"action": "grant", "extension": asked.pk, "note": ""}
        )
        assert {slot.due for slot in sheet_of(department, date(2025, 5, 1))} == {date(2025, 6, 20)}
        assert "令和7(2025)年6月20日" in text(signed_in(editor).get("/entries/1010/2025-05/"))
        assert "令和7(2025)年6月20日" in text(signed_in(editor).get("/"))
        assert "令和7(2025)年6月20日" in text(signed_in(editor).get(url(recipient)))

    def test_refusing_needs_an_explanation_and_moves_nothing(self, one_off, asked, editor, reform_office, signed_in):
        press(signed_in(editor), asked, "extension", until="2025-06-20", reason="棚卸中")
        office, address = signed_in(reform_office), reverse("inquiries:detail", args=[one_off.pk])
        sent = {"action": "refuse", "extension": Extension.objects.get().pk}
        assert office.post(address, sent).status_code == 422
        office.post(address, {**sent, "note": "議会の資料に間に合いません"})
        asked.refresh_from_db()
        assert asked.extended_to is None
        assert "議会の資料に間に合いません" in text(signed_in(editor).get(url(asked)))

    @pytest.mark.parametrize("until", ["2025-06-17", "2025-06-01", "", "いつか", "2052-06-20", "9999-12-31"])
    def test_more_time_is_asked_for_a_later_day(self, until, asked, editor, signed_in):
        assert press(signed_in(editor), asked, "extension", until=until, reason="棚卸中").status_code == 422
        assert not Extension.objects.exists()

    def test_it_is_asked_for_once_at_a_time(self, asked, editor, signed_in):
        press(signed_in(editor), asked, "extension", until="2025-06-20", reason="棚卸中")
        response = press(signed_in(editor), asked, "extension", until="2025-06-23", reason="棚卸中")
        assert "延長を申請中です" in text(response)
        assert Extension.objects.count() == 1

    def test_a_slip_of_the_year_gives_nobody_a_century(self, one_off, reform_office, signed_in):
        sent = {"action": "extend_all", "all-until": "2125-06-30", "all-reason": "大雨"}
        response = signed_in(reform_office).post(reverse("inquiries:detail", args=[one_off.pk]), sent)
        assert response.status_code == 422
        assert "年を確かめてください" in text(response)
        assert not one_off.recipients.exclude(extended_to=None).exists()

    def test_a_disaster_gives_all_more_time_and_takes_none_away(self, one_off, asked, reform_office, signed_in):
        Recipient.objects.filter(pk=asked.pk).update(extended_to=date(2025, 7, 31))
        signed_in(reform_office).post(
            reverse("inquiries:detail", args=[one_off.pk]),
            {"action": "extend_all", "all-until": "2025-06-30", "all-reason": "大雨災害の対応"},
        )
        dues = {r.department.name: r.due_on for r in one_off.recipients.all()}
        assert dues == {"情報政策課": date(2025, 7, 31), "市民課": date(2025, 6, 30)}
        page = text(signed_in(reform_office).get(reverse("inquiries:detail", args=[one_off.pk])))
        assert "大雨災害の対応" in page


class TestOffice:
    def test_an_extension_shows_in_the_head_and_in_the_list(self, one_off, asked, reform_office, signed_in):
        client, address = signed_in(reform_office), reverse("inquiries:detail", args=[one_off.pk])
        assert "回答期限　令和7(2025)年6月17日</span>" in text(client.get(address))
        Recipient.objects.filter(pk=asked.pk).update(extended_to=date(2025, 6, 20))
        words = "令和7(2025)年6月17日から令和7(2025)年6月20日まで（所属による）"
        assert words in text(client.get(address))
        assert words in text(client.get(reverse("inquiries:list")))
        Recipient.objects.update(extended_to=date(2025, 6, 20))
        assert "回答期限　令和7(2025)年6月20日</span>" in text(client.get(address))

    def test_closed_without_answers_it_names_who_never_answered(
        self, one_off, asked, editor, approver, reform_office, signed_in
    ):
        press(signed_in(editor), asked, "submit", answer="120台")
        press(signed_in(approver), asked, "approve")
        client, address = signed_in(reform_office), reverse("inquiries:detail", args=[one_off.pk])
        page = text(client.post(address, {"action": "close"}, follow=True))
        assert "回答のないまま締め切った所属（1）" in page
        assert "すべての所属から提出されています" not in page
        assert "市民課</a></p>" in page

    def test_a_notice_is_no_answer(self, one_off, reform_office, signed_in):
        sent = {"action": "reply", "reply": "様式を直しました"}
        response = signed_in(reform_office).post(reverse("inquiries:detail", args=[one_off.pk]), sent, follow=True)
        assert "全所属に知らせました。" in text(response)

    def test_the_day_on_which_it_is_made_is_not_counted(self, asked, editor, signed_in, time_machine):
        assert "あと5開庁日" in text(signed_in(editor).get(url(asked)))
        time_machine.move_to("2025-06-17 10:00 +0900")
        assert "きょうまで" in text(signed_in(editor).get(url(asked)))

    def test_an_inquiry_is_made_and_its_departments_see_it(
        self, june, editor, other_editor, department, reform_office, signed_in
    ):
        sent = {"title": "端末", "text": "何台", "contact": "係", "working_days": "5", "departments": [department.pk]}
        response = signed_in(reform_office).post(reverse("inquiries:create"), sent, follow=True)
        assert "1所属に照会しました。" in text(response)
        assert Inquiry.objects.get().due_on == date(2025, 6, 17)
        assert "端末" in text(signed_in(editor).get(reverse("inquiries:list")))
        assert signed_in(other_editor).get(reverse("inquiries:list")).context["standings"] == []

    def test_all_departments_are_picked_by_one_tick(self, june, editor, other_editor, reform_office, signed_in):
        sent = {"title": "端末", "text": "何台", "contact": "係", "working_days": "5", "everyone": "on"}
        signed_in(reform_office).post(reverse("inquiries:create"), sent)
        assert [r.department.name for r in Inquiry.objects.get().recipients.in_official_order()] == [
            "情報政策課", "市民課"
        ]  # fmt: skip

    def test_an_inquiry_to_nobody_is_refused_and_keeps_what_was_typed(self, june, editor, reform_office, signed_in):
        sent = {"title": "端末", "text": "何台", "contact": "係", "working_days": "5"}
        response = signed_in(reform_office).post(reverse("inquiries:create"), sent)
        assert response.status_code == 422
        assert "宛先の所属を1つ以上選んでください。" in text(response)
        assert 'value="端末"' in text(response)

    def test_who_has_not_handed_in_stands_in_official_order_with_words_to_paste(
        self, one_off, reform_office, signed_in
    ):
        Inquiry.objects.update(due_on=date(2025, 6, 6))
        response = signed_in(reform_office).get(reverse("inquiries:detail", args=[one_off.pk]))
        chased = response.context["page"].chased
        assert [(each.standing.department.name, each.standing.days_late) for each in chased] == [
            ("情報政策課", 2), ("市民課", 2)
        ]  # fmt: skip
        recipient = one_off.recipients.get(department__code="1010")
        assert "「端末の台数の照会」（回答期限 6月6日（金））の回答期限を過ぎています。" in chased[0].text
        assert f"http://testserver{url(recipient)}" in chased[0].text

    def test_who_handed_in_is_not_chased(self, monthly, month, editor, reform_office, signed_in):
        for series in (month.friends, month.hours, month.growth):
            handed_in(series, editor, "5")
        response = signed_in(reform_office).get(reverse("inquiries:detail", args=[monthly.pk]))
        assert response.context["page"].chased == []
        assert "確認待ち" in text(response)

    def test_who_has_nothing_to_answer_bears_no_tick(self, monthly, reform_office, signed_in):
        Reporting.objects.all().delete()
        client, address = signed_in(reform_office), reverse("inquiries:detail", args=[monthly.pk])
        recipient = monthly.recipients.get()
        for page in (client.get(address), client.get(reverse("inquiries:list")), client.get(url(recipient))):
            main = text(page).partition("<main")[2]
            assert "対象なし" in main
            assert "icons.svg#minus" in main
            assert "icons.svg#check" not in main
        assert 'data-label="回答済">－</td>' in text(client.get(address))

    def test_closing_twice_says_that_it_is_closed(self, one_off, reform_office, signed_in):
        client, address = signed_in(reform_office), reverse("inquiries:detail", args=[one_off.pk])
        assert client.post(address, {"action": "close"}).status_code == 302
        assert "締切済みです" in text(client.post(address, {"action": "close"}))

    def test_the_page_of_the_mails_tells_what_was_sent_and_why_not(self, one_off, editor, reform_office, signed_in):
        editor.reminders.create(day=date(2025, 6, 9), subject="回答のお願い", body="本文", error="接続できません")
        page = text(signed_in(reform_office).get(reverse("inquiries:reminders")))
        assert "接続できません" in page
        assert "メールサーバーが設定されていません" in page

    def test_the_page_takes_the_same_queries_for_many_departments(
        self, one_off, reform_office, department, signed_in, django_assert_num_queries
    ):
        client, address = signed_in(reform_office), reverse("inquiries:detail", args=[one_off.pk])
        with django_assert_num_queries(8):
            client.get(address)
        for number in range(10):
            more = type(department).objects.create(
                code=f"9{number}", name=f"課{number}", short_name="課", order=900 + number, valid_from=date(2020, 4, 1)
            )
            Recipient.objects.create(inquiry=one_off, department=more)
        with django_assert_num_queries(8):
            client.get(address)


def test_deciders_of_the_division_see_its_departments_answers(asked, division, editor, signed_in):
    coordinator = person("C001", "部取 五郎", "coordinator", division, "部次長")
    assert signed_in(coordinator).get(url(asked)).status_code == 200
    assert access(coordinator).is_decider


class TestTwoAtOnce:
    """Somebody saves, hands in or decides while a colleague's page is open: both see it, and the second press goes on."""

    def typed(self, client, asked, version: int, action: str = "save", **more):
        return client.post(url(asked), {"action": action, "answer": "121台", "seen_version": version, **more})

    def again(self, response) -> dict[str, str]:
        """What the page sends when the same button is pressed once more."""
        form = response.context["page"].answer_form
        return {"answer": form["answer"].value(), "version": form["seen_version"].value()}

    def test_both_answers_are_shown_and_the_second_press_saves(self, asked, editor, department, signed_in):
        colleague = person("E009", "同僚 桜子", "editor", department, "主事")
        client = signed_in(editor)
        press(signed_in(colleague), asked, "save", answer="120台")
        refused = self.typed(client, asked, 1)
        assert refused.status_code == 422
        words = text(refused)
        assert "いま保存されている内容" in words
        assert "120台" in words
        assert "同僚 桜子" in words
        sent = self.again(refused)
        assert sent["answer"] == "121台"
        saved = self.typed(client, asked, int(sent["version"]))
        assert saved.status_code == 302
        asked.refresh_from_db()
        assert (asked.answer, asked.author) == ("121台", editor)

    def test_handing_in_goes_on_at_the_second_press_too(self, asked, editor, department, signed_in):
        press(signed_in(person("E009", "同僚 桜子", "editor", department)), asked, "save", answer="120台")
        client = signed_in(editor)
        refused = self.typed(client, asked, 1, "submit")
        assert self.typed(client, asked, int(self.again(refused)["version"]), "submit").status_code == 302
        asked.refresh_from_db()
        assert (asked.state, asked.answer) == ("submitted", "121台")

    def test_a_file_that_was_chosen_is_asked_for_once_more(self, asked, editor, department, signed_in):
        press(signed_in(person("E009", "同僚 桜子", "editor", department)), asked, "save", answer="120台")
        client = signed_in(editor)
        refused = self.typed(client, asked, 1, file=SimpleUploadedFile("台数.xlsx", workbook()))
        assert "もう一度選んでください" in text(refused)
        again = int(self.again(refused)["version"])
        assert self.typed(client, asked, again, file=SimpleUploadedFile("台数.xlsx", workbook())).status_code == 302
        asked.refresh_from_db()
        assert asked.file_name == "台数.xlsx"

    def test_what_was_typed_is_shown_where_the_colleague_handed_in(self, asked, editor, department, signed_in):
        press(signed_in(person("E009", "同僚 桜子", "editor", department)), asked, "submit", answer="120台")
        refused = self.typed(signed_in(editor), asked, 1)
        assert refused.status_code == 422
        assert "保存していない入力" in text(refused)
        assert "121台" in text(refused)
        assert "提出した回答を引き戻す" in text(refused)

    @pytest.mark.parametrize("deed", ["approve", "return"])
    def test_a_chief_decides_at_the_second_press_about_what_was_handed_in_anew(
        self, asked, editor, approver, signed_in, deed
    ):
        clerk, chief = signed_in(editor), signed_in(approver)
        press(clerk, asked, "submit", answer="120台")
        asked.refresh_from_db()
        seen = asked.version
        press(clerk, asked, "withdraw")
        press(clerk, asked, "submit", answer="130台")
        refused = chief.post(url(asked), {"action": deed, "seen_version": seen, "reason": "内訳も書いてください。"})
        assert refused.status_code == 422
        assert "130台" in text(refused)
        form = refused.context["page"].decision_form
        sent = {"seen_version": form["seen_version"].value(), "reason": form["reason"].value()}
        assert sent["reason"] == "内訳も書いてください。"
        assert chief.post(url(asked), {"action": deed, **sent}).status_code == 302
        asked.refresh_from_db()
        assert asked.state == {"approve": "answered", "return": "returned"}[deed]

    def test_taking_back_goes_on_at_the_second_press(self, asked, editor, approver, signed_in):
        client = signed_in(editor)
        press(client, asked, "submit", answer="120台")
        refused = client.post(url(asked), {"action": "withdraw", "seen_version": 1})
        version = refused.context["page"].decision_form["seen_version"].value()
        assert client.post(url(asked), {"action": "withdraw", "seen_version": version}).status_code == 302
        asked.refresh_from_db()
        assert asked.state == "open"
