"""A department's month as a page: what is shown, saved, handed in, taken back and refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Assignment
from kpis.entries import approve, send_back
from kpis.models import Entry, Measurement
from tests.conftest import person
from tests.kpis.reporting_world import (
    MONTH,
    URL,
    draft,
    fields_of,
    handed_in,
    press,
    report,
    send,
    typed,
)
from tests.kpis.world import access, make_kpi, open_entry, part, put

State = Entry.State


@pytest.fixture
def client(signed_in, editor):
    return signed_in(editor)


@pytest.fixture
def colleague(department):
    """A second editor of the same department."""
    return person("E009", "同僚 三郎", Assignment.Role.EDITOR, department, "主任")


class TestShowing:
    def test_each_line_shows_the_month_before_and_the_same_month_last_year_with_their_marks(self, client, month):
        put(month.friends.kpi, "2025-04", 41_000, is_provisional=True)
        put(month.friends.kpi, "2024-05", 32_500, is_synthetic=True)
        html = client.get(URL).content.decode()
        assert "前年同月" in html
        assert "41,000" in html
        assert "速報値" in html
        assert "32,500" in html
        assert "架空値（見本）" in html

    def test_the_due_date_and_how_far_the_month_is_stand_above(self, client, month, editor):
        handed_in(month.friends, editor, "5")
        html = client.get(URL).content.decode()
        assert "令和7(2025)年6月13日" in html
        assert "0／3件（確認待ち 1件）" in html

    def test_a_month_that_has_not_ended_says_from_when_it_can_be_entered(self, client, month):
        html = client.get("/entries/1010/2025-06/").content.decode()
        assert "この月は、まだ入力できません" in html
        assert "令和7(2025)年7月1日から" in html
        assert "<table" not in html

    def test_a_month_that_has_not_ended_takes_nothing(self, client, month):
        assert client.post("/entries/1010/2025-06/", {"action": "save"}).status_code == 403

    def test_a_month_without_figures_says_so(self, client, june, department):
        assert "この月に回答する指標はありません" in client.get(URL).content.decode()

    def test_the_comment_box_says_that_comments_are_public_documents(self, client, month):
        assert "情報公開の対象" in client.get(URL).content.decode()

    def test_a_yearly_figure_stands_on_the_sheet_of_march_alone(self, client, month, department):
        report(part(make_kpi("yearly", "年間の業務時間", "時間", "flow", frequency="fiscal_year")), department)
        assert "年間の業務時間" not in client.get(URL).content.decode()
        march = client.get("/entries/1010/2025-03/").content.decode()
        assert "令和6(2024)年度" in march
        assert "前年同期" in march

    @pytest.mark.parametrize("url", ["/entries/9999/2025-05/", "/entries/1010/2025-13/", "/entries/1010/gestern/"])
    def test_an_address_of_no_department_or_month_is_not_found(self, client, month, url):
        assert client.get(url).status_code == 404

    def test_the_month_may_be_written_as_people_write_it(self, client, month):
        assert client.get("/entries/1010/R7.5/").context["month"] == MONTH


class TestSaving:
    @pytest.mark.parametrize(
        ("text", "value"),
        [("２３．５万", "235000"), ("▲1,234", "-1234"), ("－５", "-5"), ("0", "0"), ("１２，３４５時間", "12345")],
    )
    def test_a_number_is_kept_exactly_however_it_was_typed(self, client, month, text, value):
        send(client, **typed(month.hours, text))
        entry = open_entry(month.hours, "2025-05")
        assert entry.value == Decimal(value)
        assert entry.typed == text
        assert entry.state == State.DRAFT

    @pytest.mark.parametrize(("text", "reason"), [("－", "not_applicable"), ("…", "pending"), ("x", "withheld")])
    def test_a_symbol_is_kept_as_the_reason_it_stands_for(self, client, month, text, reason):
        send(client, **typed(month.hours, text))
        entry = open_entry(month.hours, "2025-05")
        assert (entry.value, entry.missing_reason) == (None, reason)

    def test_a_value_typed_over_a_saved_symbol_needs_nothing_else_changed(self, client, month):
        send(client, **typed(month.hours, "－"))
        send(client, **typed(month.hours, "12"))
        entry = open_entry(month.hours, "2025-05")
        assert (entry.value, entry.missing_reason) == (Decimal(12), "")

    def test_the_saved_page_shows_what_was_typed_and_how_it_was_understood(self, client, month):
        send(client, **typed(month.hours, "２３．５万"))
        html = client.get(URL).content.decode()
        assert 'value="２３．５万"' in html
        assert "235,000時間（23.5万時間）" in html

    def test_wrong_input_has_its_message_at_the_field_and_everything_typed_is_still_there(self, client, month):
        response = send(
            client, **typed(month.hours, "たくさん"), **typed(month.friends, "５０，０００", comment="速報です")
        )
        html = response.content.decode()
        assert response.status_code == 422
        assert 'value="たくさん"' in html
        assert 'aria-invalid="true"' in html
        assert f'href="#id_s{month.hours.pk}-typed"' in html
        assert 'value="５０，０００"' in html
        assert "速報です" in html

    def test_a_wrong_line_does_not_hold_up_the_right_one(self, client, month):
        send(client, **typed(month.hours, "たくさん"), **typed(month.friends, "7"))
        assert open_entry(month.friends, "2025-05").value == 7
        assert open_entry(month.hours, "2025-05") is None

    def test_a_line_saved_beside_a_wrong_one_can_be_changed_again_without_a_conflict(self, client, month):
        back = send(client, **typed(month.hours, "たくさん"), **typed(month.friends, "7"))
        press(client, fields_of(back), **typed(month.hours, "8"), **typed(month.friends, "9"))
        assert open_entry(month.friends, "2025-05").value == 9
        assert open_entry(month.hours, "2025-05").value == 8

    def test_a_value_beside_a_reason_for_its_absence_is_asked_back(self, client, month):
        response = send(client, **typed(month.hours, "5", missing_reason="pending"))
        assert response.status_code == 422
        html = response.content.decode()
        assert "値「5」と、値なしの理由「集計中」の両方が入っているため、受け付けていません" in html
        assert 'value="5"' in html
        assert '<option value="pending" selected>' in html

    def test_a_number_typed_over_a_stored_reason_takes_its_place(self, client, month):
        send(client, **typed(month.friends, "", missing_reason="not_applicable"))
        page = client.get(URL)
        press(client, fields_of(page), **typed(month.friends, "12", missing_reason="not_applicable"))
        entry = open_entry(month.friends, "2025-05")
        assert (entry.value, entry.missing_reason) == (12, "")

    def test_a_reason_chosen_beside_a_stored_number_is_asked_back_and_the_number_stays(self, client, month):
        send(client, **typed(month.friends, "12"))
        response = press(
            client, fields_of(client.get(URL)), **typed(month.friends, "12", missing_reason="not_applicable")
        )
        assert "値「12」と、値なしの理由「該当なし」の両方" in response.content.decode()
        assert open_entry(month.friends, "2025-05").value == 12

    def test_what_takes_the_place_of_a_reason_is_said_while_it_is_typed(self, client, month):
        address = f"/entries/understand/{month.friends.pk}/"
        asked = {"typed": "12", "missing_reason": "not_applicable"}
        assert "受け付けていません" in client.get(address, asked).content.decode()
        said = client.get(address, asked | {"is_typed_over": "on"}).content.decode()
        assert said.strip() == "12人（「該当なし」に代えて、これを使います）"

    def test_decimals_that_the_figure_does_not_keep_are_asked_back(self, client, month):
        assert "小数点以下1桁まで" in send(client, **typed(month.growth, "1.25")).content.decode()

    def test_saving_without_a_change_writes_nothing(self, client, month, editor):
        entry = draft(month.hours, editor, "5", typed="5")
        send(client)
        entry.refresh_from_db()
        assert entry.version == 1
        assert Entry.objects.count() == 1


class TestHandingIn:
    def test_a_blank_line_holds_the_month_back_but_what_was_typed_is_saved(self, client, month):
        response = send(client, "submit", **typed(month.hours, "5"))
        assert response.status_code == 422
        assert "空欄です" in response.content.decode()
        assert "提出はしていません" in response.content.decode()
        assert open_entry(month.hours, "2025-05").state == State.DRAFT

    def test_a_complete_month_goes_to_the_chief(self, client, month):
        send(client, "submit", **typed(month.hours, "5"), **typed(month.friends, "－"), **typed(month.growth, "▲1.5"))
        assert set(Entry.objects.values_list("state", flat=True)) == {State.SUBMITTED}
        assert Entry.objects.count() == 3

    def test_one_line_can_be_handed_in_while_others_are_blank(self, client, month):
        send(client, f"submit-{month.hours.pk}", **typed(month.hours, "5"), **typed(month.friends, "6"))
        assert open_entry(month.hours, "2025-05").state == State.SUBMITTED
        assert open_entry(month.friends, "2025-05").state == State.DRAFT

    def test_a_comment_alone_is_kept_but_is_not_an_answer(self, client, month):
        response = send(client, f"submit-{month.hours.pk}", **typed(month.hours, "", comment="確認中"))
        assert response.status_code == 422
        assert open_entry(month.hours, "2025-05").comment == "確認中"
        assert open_entry(month.hours, "2025-05").state == State.DRAFT

    def test_a_submitted_line_shows_its_value_and_how_to_take_it_back(self, client, month, editor):
        handed_in(month.hours, editor, "235000")
        html = client.get(URL).content.decode()
        assert "235,000時間（23.5万時間）" in html
        assert f'value="withdraw-{month.hours.pk}"' in html
        assert f'name="s{month.hours.pk}-typed"' not in html

    def test_taking_one_line_back_keeps_what_was_typed_in_the_others(self, client, month, editor):
        handed_in(month.hours, editor, "5")
        send(client, f"withdraw-{month.hours.pk}", **typed(month.friends, "8"))
        assert open_entry(month.hours, "2025-05").state == State.DRAFT
        assert open_entry(month.friends, "2025-05").value == 8

    def test_all_submitted_lines_can_be_taken_back_at_once(self, client, month, editor):
        handed_in(month.hours, editor, "5")
        handed_in(month.friends, editor, "6")
        send(client, "withdraw")
        assert set(Entry.objects.values_list("state", flat=True)) == {State.DRAFT}

    def test_a_returned_line_shows_the_chiefs_reason(self, client, month, editor, approver):
        send_back(handed_in(month.hours, editor, "5"), access=access(approver), reason="前月の2倍です。")
        html = client.get(URL).content.decode()
        assert "差戻しの理由" in html
        assert "前月の2倍です。" in html
        assert "課長 太郎" in html


class TestCorrecting:
    def test_an_answered_line_is_read_only_and_offers_to_correct_it(self, client, month):
        put(month.hours.kpi, "2025-05", 5)
        html = client.get(URL).content.decode()
        assert f'href="?correct={month.hours.pk}#s{month.hours.pk}"' in html
        assert f'name="s{month.hours.pk}-typed"' not in html

    def test_a_correction_is_an_entry_on_top_of_the_value_that_still_counts(self, client, month):
        put(month.hours.kpi, "2025-05", 5)
        url = f"{URL}?correct={month.hours.pk}"
        send(client, f"submit-{month.hours.pk}", url, **typed(month.hours, "6", comment="集計の誤り"))
        entry = open_entry(month.hours, "2025-05")
        assert (entry.value, entry.state, entry.is_correction) == (6, State.SUBMITTED, True)
        assert Measurement.objects.get(series=month.hours).value == 5

    @pytest.mark.parametrize(
        ("text", "comment", "said"),
        [
            ("6", "", "承認された値を直す理由を、コメントに入力してください"),
            ("6", "　", "承認された値を直す理由を、コメントに入力してください"),
            ("x", "", "承認された値を直す理由を、コメントに入力してください"),
            ("5.0", "", "承認された値と同じで、変わるところがありません"),
        ],
    )
    def test_one_without_a_reason_or_without_a_change_is_not_handed_in(self, client, month, text, comment, said):
        put(month.hours.kpi, "2025-05", 5)
        url = f"{URL}?correct={month.hours.pk}"
        # What was typed first and put back is a draft that says what counts already.
        send(client, "save", url, **typed(month.hours, "6"))
        answer = send(client, f"submit-{month.hours.pk}", url, **typed(month.hours, text, comment=comment))
        assert said in answer.content.decode()
        assert open_entry(month.hours, "2025-05").state == State.DRAFT

    def test_the_page_says_that_the_value_stays_until_approval(self, client, month):
        put(month.hours.kpi, "2025-05", 5)
        html = client.get(f"{URL}?correct={month.hours.pk}").content.decode()
        assert "いまの実績値 <strong>5時間</strong>" in html


class TestConflict:
    @pytest.fixture
    def clash(self, client, month, colleague):
        """I opened the page, a colleague saved 40, I typed 50 and pressed 一時保存: the page that comes back."""
        opened = fields_of(client.get(URL))
        draft(month.hours, colleague, "40", typed="40")
        return press(client, opened, **typed(month.hours, "50"))

    def test_both_values_are_shown_with_who_and_nothing_is_overwritten(self, clash, month):
        html = clash.content.decode()
        assert clash.status_code == 422
        assert "50時間" in html
        assert "40時間" in html
        assert "同僚 三郎" in html
        assert open_entry(month.hours, "2025-05").value == 40

    def test_pressing_again_without_a_decision_overwrites_nothing(self, clash, client, month):
        again = press(client, fields_of(clash))
        assert "どちらにするか選んでください" in again.content.decode()
        assert "40時間" in again.content.decode()
        assert open_entry(month.hours, "2025-05").value == 40

    def test_choosing_my_own_replaces_theirs(self, clash, client, month):
        press(client, fields_of(clash), **{f"s{month.hours.pk}_choice": "mine"})
        assert open_entry(month.hours, "2025-05").value == 50

    def test_choosing_theirs_leaves_it_as_it_is(self, clash, client, month):
        response = press(client, fields_of(clash), **{f"s{month.hours.pk}_choice": "theirs"})
        assert response.status_code == 302
        assert open_entry(month.hours, "2025-05").value == 40

    def test_a_value_approved_meanwhile_is_shown_too(self, client, month):
        opened = fields_of(client.get(URL))
        put(month.hours.kpi, "2025-05", 44)
        html = press(client, opened, **typed(month.hours, "50")).content.decode()
        assert "44時間" in html
        assert Measurement.objects.get(series=month.hours).value == 44

    def test_a_line_i_did_not_touch_is_no_conflict(self, client, month, colleague):
        opened = fields_of(client.get(URL))
        draft(month.hours, colleague, "40", typed="40")
        assert press(client, opened, **typed(month.friends, "1")).status_code == 302
        assert open_entry(month.hours, "2025-05").value == 40

    def test_nobody_hands_in_what_they_were_not_shown(self, client, month, colleague, editor):
        draft(month.hours, editor, "30", typed="30")
        opened = fields_of(client.get(URL))
        draft(month.hours, colleague, "40", typed="40")
        response = press(client, opened, f"submit-{month.hours.pk}")
        assert response.status_code == 422
        assert open_entry(month.hours, "2025-05").state == State.DRAFT


class TestUnderstanding:
    @pytest.mark.parametrize(
        ("text", "answer"),
        [("２３．５万", "235,000時間（23.5万時間）"), ("▲5", "▲5時間"), ("－", "該当なし"), ("", "")],
    )
    def test_the_line_under_the_field_reads_the_text_back(self, client, month, text, answer):
        response = client.get(reverse("entries:understand", args=[month.hours.pk]), {"typed": text})
        assert response.content.decode().strip() == answer

    def test_what_cannot_be_read_is_said_there_and_escaped(self, client, month):
        response = client.get(reverse("entries:understand", args=[month.hours.pk]), {"typed": "<b>5"})
        assert "error-text" in response.content.decode()
        assert "<b>" not in response.content.decode()


class TestAccess:
    def test_the_chief_and_the_reform_office_read_the_month_without_fields(
        self, signed_in, approver, reform_office, month
    ):
        for user in (approver, reform_office):
            html = signed_in(user).get(URL).content.decode()
            assert "閲覧専用" in html
            assert "確認者へ提出" not in html

    def test_nobody_but_an_editor_of_the_department_saves(self, signed_in, approver, reform_office, month):
        for user in (approver, reform_office):
            assert signed_in(user).post(URL, {"action": "save"}).status_code == 403

    def test_another_department_and_a_viewer_are_refused(self, signed_in, other_editor, viewer, month, editor):
        entry = handed_in(month.hours, editor, "5")
        for user in (other_editor, viewer):
            visitor = signed_in(user)
            assert visitor.get(URL).status_code == 403
            assert visitor.get(reverse("entries:detail", args=[entry.pk])).status_code == 403
            assert visitor.post(reverse("entries:withdraw", args=[entry.pk])).status_code == 403
        assert Entry.objects.get().state == State.SUBMITTED


class TestDetail:
    def test_an_entry_tells_everything_that_happened_to_it(self, client, month, editor, approver):
        entry = handed_in(month.hours, editor, "5", typed="５", comment="初回")
        send_back(entry, access=access(approver), reason="単位を確かめてください。")
        html = client.get(reverse("entries:detail", args=[entry.pk])).content.decode()
        assert html.index("単位を確かめてください。") < html.index("一時保存")
        assert "入力されたとおりの文字" in html
        assert "初回" in html

    def test_a_submitted_entry_is_taken_back_from_its_page(self, client, month, editor):
        entry = handed_in(month.hours, editor, "5")
        client.post(reverse("entries:withdraw", args=[entry.pk]))
        entry.refresh_from_db()
        assert entry.state == State.DRAFT

    def test_a_draft_is_dropped_from_its_page(self, client, month, editor):
        entry = draft(month.hours, editor, "5")
        client.post(reverse("entries:discard", args=[entry.pk]))
        assert open_entry(month.hours, "2025-05") is None

    def test_what_was_decided_meanwhile_cannot_be_taken_back(self, client, month, editor, approver):
        entry = handed_in(month.hours, editor, "5")
        approve(entry, access=access(approver))
        html = client.post(reverse("entries:withdraw", args=[entry.pk]), follow=True).content.decode()
        assert "この操作はできません" in html


class TestMonthList:
    def test_twelve_months_are_listed_newest_first_with_state_and_due_date(self, client, month, editor):
        handed_in(month.hours, editor, "5")
        rows = client.get("/entries/").context["rows"]
        assert [status.month for status, _ in rows][:2] == [MONTH, date(2025, 4, 1)]
        assert len(rows) == 12
        assert "6月13日（金）" in client.get("/entries/").content.decode()

    def test_a_month_past_its_due_date_with_something_open_is_overdue(self, client, month):
        late = {status.month for status, is_late in client.get("/entries/").context["rows"] if is_late}
        assert MONTH not in late
        assert date(2025, 4, 1) in late

    def test_an_answered_month_is_done(self, client, month):
        for series in (month.hours, month.friends, month.growth):
            put(series.kpi, "2025-05", 1)
        status, is_late = client.get("/entries/").context["rows"][0]
        assert (status.state, status.rest, is_late) == (State.APPROVED, "", False)

    def test_the_reform_office_sees_every_department_in_official_order_and_chooses(
        self, signed_in, reform_office, month, other_department
    ):
        report(part(make_kpi("visits", "来庁者数", "人", "flow")), other_department)
        visitor = signed_in(reform_office)
        names = [status.department.name for status, _ in visitor.get("/entries/?month=2025-05").context["rows"]]
        assert names == ["情報政策課", "市民課"]
        chosen = visitor.get("/entries/?month=2025-05&department=1020").context["rows"]
        assert [status.department.name for status, _ in chosen] == ["市民課"]

    def test_the_reform_office_can_look_at_the_overdue_alone(self, signed_in, reform_office, month, other_department):
        report(part(make_kpi("visits", "来庁者数", "人", "flow")), other_department)
        rows = signed_in(reform_office).get("/entries/?month=2025-05&which=overdue").context["rows"]
        assert rows == []

    def test_an_editor_sees_their_own_department_alone(self, client, month, other_department):
        report(part(make_kpi("visits", "来庁者数", "人", "flow")), other_department)
        assert {status.department.name for status, _ in client.get("/entries/").context["rows"]} == {"情報政策課"}

    def test_an_editor_without_figures_is_told_so(self, client, june):
        assert "回答する指標はありません" in client.get("/entries/").content.decode()


class TestQueries:
    @pytest.mark.parametrize("count", [3, 12])
    def test_the_month_takes_the_same_queries_for_any_number_of_lines(
        self, client, june, department, editor, count, django_assert_num_queries
    ):
        for number in range(count):
            series = part(make_kpi(f"k{number}", f"指標{number}", "件", "flow"))
            report(series, department)
            put(series.kpi, "2025-04", number)
            (handed_in if number % 2 else draft)(series, editor, str(number))
        with django_assert_num_queries(18):  # five of them are the checks'
            assert len(client.get(URL).context["sheet"].lines) == count

    @pytest.mark.parametrize("count", [3, 12])
    def test_the_list_takes_the_same_queries_for_any_number_of_lines(
        self, client, june, department, editor, count, django_assert_num_queries
    ):
        for number in range(count):
            series = part(make_kpi(f"k{number}", f"指標{number}", "件", "flow"))
            report(series, department)
            draft(series, editor, "5")
        with django_assert_num_queries(12):
            client.get("/entries/")
