"""The chief's queue: what is shown beside a value, approving several at once, returning with a reason."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Assignment, RouteUse
from kpis.entries import approve, send_back, submit, withdraw
from kpis.entries.queue import compare
from kpis.models import Entry, Kpi, Measurement, Rule
from kpis.values.closed import close_month, reopen
from tests.accounts.test_routing import route
from tests.conftest import person
from tests.kpis.reporting_world import draft, handed_in, report
from tests.kpis.world import access, make_kpi, part, put

State = Entry.State
QUEUE = "/approvals/"


@pytest.fixture
def client(signed_in, approver):
    return signed_in(approver)


@pytest.fixture
def both(department):
    """Somebody who enters and approves for the same department."""
    user = person("B001", "兼務 四郎", Assignment.Role.EDITOR, department, "課長補佐")
    Assignment.objects.create(
        user=user, department=department, role=Assignment.Role.APPROVER, title="課長補佐", valid_from=date(2019, 4, 1)
    )
    return user


def pick(*entries: Entry) -> dict[str, list[str]]:
    return {"entry": [f"{entry.pk}:{entry.version}" for entry in entries]}


def decide_url(entry: Entry) -> str:
    return reverse("approvals:decide", args=[entry.pk])


def state_of(entry: Entry) -> str:
    return Entry.objects.get(pk=entry.pk).state


class TestShowing:
    def test_a_value_stands_beside_the_month_before_and_the_same_month_last_year(self, client, month, editor):
        put(month.friends.kpi, "2025-04", 41_000)
        put(month.friends.kpi, "2024-05", 30_000, is_synthetic=True)
        handed_in(month.friends, editor, "42000", comment="広報紙で周知")
        html = client.get(QUEUE).content.decode()
        assert "42,000人" in html
        assert "1,000人増（2.4%増）" in html
        assert "12,000人増（40.0%増）（架空値）" in html
        assert "架空値（見本）" in html
        assert "広報紙で周知" in html
        assert "入力 花子" in html

    def test_a_value_is_held_against_the_month_before_as_it_waits_in_the_same_queue(self, client, month, editor):
        """April counts as 30,000 and waits to be corrected to 41,000: May's 42,000 is 1,000 more, not 12,000."""
        put(month.friends.kpi, "2025-04", 30_000)
        handed_in(month.friends, editor, "41000", date(2025, 4, 1), comment="転記の誤り")
        handed_in(month.friends, editor, "42000")
        april, may = (batch.lines[0] for batch in client.get(QUEUE).context["batches"])
        assert (may.previous.shown, may.previous.change, may.previous.state) == (
            "41,000人",
            "1,000人増",
            "課長確認待ち",
        )
        assert april.stored.shown == "30,000人"
        page = client.get(decide_url(may.entry)).content.decode()
        assert "（課長確認待ち）" in page
        assert "1,000人増（2.4%増）" in page

    def test_nor_is_it_held_against_a_draft_or_what_was_sent_back(self, client, month, editor):
        put(month.friends.kpi, "2025-04", 30_000)
        draft(month.friends, editor, "41000", date(2025, 4, 1))
        handed_in(month.friends, editor, "42000")
        [batch] = client.get(QUEUE).context["batches"]
        assert batch.lines[0].previous.change == "12,000人増"

    def test_entries_stand_by_department_and_month(self, client, month, editor):
        handed_in(month.friends, editor, "1")
        handed_in(month.friends, editor, "2", date(2025, 4, 1))
        batches = client.get(QUEUE).context["batches"]
        assert [(batch.department.name, batch.month) for batch in batches] == [
            ("情報政策課", date(2025, 4, 1)),
            ("情報政策課", date(2025, 5, 1)),
        ]

    def test_drafts_are_nobody_elses_business_yet(self, client, month, editor):
        draft(month.friends, editor, "1")
        assert "確認を待っている回答はありません" in client.get(QUEUE).content.decode()

    def test_what_was_decided_lately_links_to_the_entry(self, client, month, editor, approver):
        entry = handed_in(month.friends, editor, "1")
        send_back(entry, access=access(approver), reason="確かめてください。")
        assert reverse("entries:detail", args=[entry.pk]) in client.get(QUEUE).content.decode()

    def test_a_correction_shows_the_value_it_would_change(self, client, month, editor):
        put(month.friends.kpi, "2025-05", 41_000)
        entry = handed_in(month.friends, editor, "42000", comment="転記の誤り")
        html = client.get(decide_url(entry)).content.decode()
        assert "いまの実績値" in html
        assert "41,000人" in html


class TestComparing:
    @pytest.mark.parametrize(
        ("unit", "decimals", "value", "known", "change", "rate"),
        [
            ("人", 0, "900", "1000", "100人減", "10.0%減"),
            ("枚", 0, "3", "10000", "9,997枚減", "99.9%減"),
            ("枚", 0, "0", "10000", "10,000枚減", "100.0%減"),
            ("枚", 0, "19996", "10000", "9,996枚増", "100.0%増"),
            ("枚", 0, "10003", "10000", "3枚増", "0.03%増"),
            ("人", 0, "1000", "1000", "増減なし", ""),
            ("人", 0, "5", "0", "5人増", ""),
            ("時間", 0, "5", "-10", "15時間増", ""),
            ("%", 1, "12.5", "11.0", "＋1.5ポイント", ""),
            ("%", 1, "9.5", "11.0", "▲1.5ポイント", ""),
            ("%", 1, "10.96", "11.0", "ほぼ増減なし（▲0.04）", ""),
            ("人", 0, "20.4", "20", "ほぼ増減なし（＋0.4）", "2.0%増"),
        ],
    )
    def test_a_difference_is_written_in_words(self, month, unit, decimals, value, known, change, rate):
        kpi = Kpi(name="指標", unit=unit, decimals=decimals)
        comparison = compare(kpi, Decimal(value), Measurement(value=Decimal(known)))
        assert (comparison.change, comparison.rate) == (change, rate)

    def test_a_missing_value_is_not_compared(self, month):
        comparison = compare(month.friends.kpi, None, put(month.friends.kpi, "2025-04", 5))
        assert (comparison.shown, comparison.change) == ("5人", "")

    def test_nothing_known_is_nothing_said(self, month):
        assert compare(month.friends.kpi, Decimal(5), None) is None


class TestApproving:
    def test_picked_entries_are_approved_together_exactly_as_entered(self, client, month, editor, approver):
        one, two = handed_in(month.hours, editor, "235000"), handed_in(month.growth, editor, "-1.5")
        left = handed_in(month.friends, editor, "7")
        client.post(QUEUE, pick(one, two))
        assert Measurement.objects.get(series=month.hours).value == Decimal("235000")
        assert Measurement.objects.get(series=month.growth).value == Decimal("-1.5")
        assert state_of(left) == State.SUBMITTED
        assert Entry.objects.get(pk=one.pk).decided_by == approver

    def test_a_reason_instead_of_a_value_is_approved_as_such(self, client, month, editor):
        client.post(QUEUE, pick(handed_in(month.hours, editor, None, reason="not_applicable")))
        measurement = Measurement.objects.get(series=month.hours)
        assert (measurement.value, measurement.missing_reason) == (None, "not_applicable")

    def test_one_that_changed_meanwhile_holds_all_back_and_is_named(self, client, month, editor):
        one, two = handed_in(month.hours, editor, "5"), handed_in(month.friends, editor, "6")
        picked = pick(one, two)
        withdraw(one, access=access(editor))
        response = client.post(QUEUE, picked)
        html = response.content.decode()
        assert response.status_code == 409
        assert "どの回答も承認していません" in html
        assert "削減時間" in html
        assert "いまの状態：作成中" in html
        assert state_of(two) == State.SUBMITTED
        assert not Measurement.objects.exists()

    def test_after_a_refusal_the_others_stay_picked(self, client, month, editor):
        one, two = handed_in(month.hours, editor, "5"), handed_in(month.friends, editor, "6")
        picked = pick(one, two)
        put(month.hours.kpi, "2025-05", 4)
        lines = client.post(QUEUE, picked).context["batches"][0].lines
        assert {line.entry.pk: (line.is_picked, bool(line.refusal)) for line in lines} == {
            one.pk: (False, True),
            two.pk: (True, False),
        }

    def test_pressing_without_picking_says_what_to_do(self, client, month, editor):
        handed_in(month.hours, editor, "5")
        html = client.post(QUEUE, follow=True).content.decode()
        assert "承認する回答を選んでください" in html
        assert not Measurement.objects.exists()

    def test_one_entry_is_approved_from_its_own_page(self, client, month, editor):
        entry = handed_in(month.hours, editor, "5")
        client.post(decide_url(entry), {"action": "approve", "seen_version": entry.version})
        assert Measurement.objects.get(series=month.hours).value == 5

    def test_a_value_that_moved_on_cannot_be_approved_and_the_page_says_why(self, client, month, editor):
        entry = handed_in(month.hours, editor, "5")
        put(month.hours.kpi, "2025-05", 4)
        assert "提出のあとに、実績値が更新されました" in client.get(decide_url(entry)).content.decode()
        response = client.post(decide_url(entry), {"action": "approve", "seen_version": entry.version})
        assert response.status_code == 409
        assert Measurement.objects.get(series=month.hours).value == 4

    def test_a_decided_entry_leads_to_its_history(self, client, month, editor, approver):
        entry = handed_in(month.hours, editor, "5")
        approve(entry, access=access(approver))
        assert client.get(decide_url(entry)).url == reverse("entries:detail", args=[entry.pk])


class TestReturning:
    def test_a_return_keeps_its_reason_and_goes_to_the_author(self, client, month, editor):
        entry = handed_in(month.hours, editor, "5")
        client.post(decide_url(entry), {"action": "return", "seen_version": entry.version, "reason": "前月の2倍です。"})
        assert state_of(entry) == State.RETURNED
        assert entry.events.get(action="returned").reason == "前月の2倍です。"

    def test_a_return_without_a_reason_is_asked_for_it(self, client, month, editor):
        entry = handed_in(month.hours, editor, "5")
        response = client.post(decide_url(entry), {"action": "return", "seen_version": entry.version, "reason": " "})
        assert response.status_code == 422
        assert "差し戻す理由を入力してください" in response.content.decode()
        assert state_of(entry) == State.SUBMITTED

    def test_the_reason_is_still_there_when_the_entry_changed_meanwhile(self, client, month, editor):
        entry = handed_in(month.hours, editor, "5")
        stale = entry.version - 1
        response = client.post(decide_url(entry), {"action": "return", "seen_version": stale, "reason": "確認を"})
        assert response.status_code == 409
        assert "確認を</textarea>" in response.content.decode()
        assert state_of(entry) == State.SUBMITTED


class TestOwnEntries:
    def test_ones_own_entry_is_shown_but_cannot_be_picked_and_says_why(self, signed_in, both, month):
        entry = handed_in(month.hours, both, "5")
        html = signed_in(both).get(QUEUE).content.decode()
        assert "自分が入力した回答は、承認も差戻しもできません" in html
        assert f'value="{entry.pk}:' not in html

    def test_ones_own_entry_is_refused_however_it_is_sent(self, signed_in, both, month):
        entry = handed_in(month.hours, both, "5")
        client = signed_in(both)
        assert client.post(QUEUE, pick(entry)).status_code == 409
        client.post(decide_url(entry), {"action": "approve", "seen_version": entry.version})
        assert state_of(entry) == State.SUBMITTED
        assert not Measurement.objects.exists()


class TestAccess:
    def test_only_those_who_decide_have_a_queue_and_the_reform_office_an_empty_one(
        self, signed_in, editor, reform_office, viewer, month
    ):
        entry = handed_in(month.hours, editor, "5")
        for user, status in ((editor, 403), (reform_office, 200), (viewer, 403)):
            visitor = signed_in(user)
            assert visitor.get(QUEUE).status_code == status
            assert str(entry.series) not in visitor.get(QUEUE).content.decode()
            assert visitor.post(decide_url(entry), {"action": "approve", "seen_version": 2}).status_code == 403

    def test_a_chief_decides_nothing_of_another_department(self, signed_in, month, editor, other_department):
        stranger = signed_in(person("A002", "他課 五郎", Assignment.Role.APPROVER, other_department, "課長"))
        entry = handed_in(month.hours, editor, "5")
        assert "確認を待っている回答はありません" in stranger.get(QUEUE).content.decode()
        assert stranger.get(decide_url(entry)).status_code == 403
        assert stranger.post(QUEUE, pick(entry)).status_code == 403
        assert state_of(entry) == State.SUBMITTED


class TestSteps:
    def test_a_step_that_is_not_the_last_confirms_and_does_not_say_approved(
        self, client, month, editor, department, reform_office
    ):
        RouteUse.objects.create(
            department=department, subject="measurement", route=route("課長と取りまとめ課", "approver", "reform_office")
        )
        first, second = handed_in(month.friends, editor, "40000"), handed_in(month.hours, editor, "6")
        page = client.post(QUEUE, pick(first), follow=True).content.decode()
        assert "1件を確認しました。次の段階の確認者へ回りました。" in page
        assert "件を承認しました" not in page
        sent = {"action": "approve", "seen_version": second.version}
        assert "確認しました。次の段階" in client.post(decide_url(second), sent, follow=True).content.decode()
        assert not Measurement.objects.exists()


class TestCorrections:
    @pytest.mark.parametrize(("kind", "word"), [("", "訂正"), ("restatement", "遡及改定")])
    def test_what_it_does_to_a_closed_value_is_said(self, client, month, editor, department, reform_office, kind, word):
        put(month.friends.kpi, "2025-05", 40_000)
        close_month(date(2025, 5, 1), access=access(reform_office))
        reopen(date(2025, 5, 1), department, reason="誤り", until=date(2025, 6, 20), access=access(reform_office))
        entry = handed_in(month.friends, editor, "41000", comment="転記の誤り", change_kind=kind)
        assert f"確定した値の{word}です" in client.get(QUEUE).content.decode()
        assert f"確定した値の{word}です。" in client.get(decide_url(entry)).content.decode()

    def test_before_the_month_is_closed_nothing_is_said(self, client, month, editor):
        put(month.friends.kpi, "2025-05", 40_000)
        handed_in(month.friends, editor, "41000", comment="転記の誤り")
        assert "確定した値の" not in client.get(QUEUE).content.decode()


class TestWhatIsNotThere:
    def test_an_entry_that_is_not_there_is_said_and_approves_nothing(self, client, month, editor):
        entry = handed_in(month.friends, editor, "40000")
        picked = {"entry": [f"{entry.pk}:{entry.version}", "999999:1"]}
        response = client.post(QUEUE, picked)
        assert response.status_code == 409
        assert "この回答は見つかりません。" in response.content.decode()
        assert state_of(entry) == State.SUBMITTED


class TestClosedMeanwhile:
    @pytest.fixture
    def left_over(self, month, editor, reform_office):
        """A value of May that was handed in before May was closed."""
        left = handed_in(month.friends, editor, "40000")
        close_month(date(2025, 5, 1), access=access(reform_office))
        return left

    def test_it_says_what_stands_in_the_way_and_who_can_open_the_month(self, client, left_over):
        html = client.get(QUEUE).content.decode()
        assert (
            "確定しているため、承認できません。承認するには、取りまとめ課に情報政策課の確定解除を依頼してください。"
            in html
        )
        assert f'value="{left_over.pk}:' not in html
        assert "選んだ回答を承認する" not in html
        page = client.get(decide_url(left_over)).content.decode()
        assert "確定解除を依頼してください" in page
        assert 'value="approve"' not in page

    def test_it_can_be_returned_but_is_not_counted_among_what_waits(self, client, left_over):
        home = client.get("/").content.decode()
        assert "確定済みの月の回答1件は、確定解除があるまで承認できません" in home
        assert "件の回答を確認する" not in home
        sent = {"action": "return", "reason": "締切後", "seen_version": left_over.version}
        client.post(decide_url(left_over), sent)
        assert state_of(left_over) == State.RETURNED

    def test_opened_again_it_is_approved(self, client, left_over, department, reform_office):
        reopen(date(2025, 5, 1), department, reason="回答の遅れ", until=date(2025, 6, 20), access=access(reform_office))
        assert f'value="{left_over.pk}:' in client.get(QUEUE).content.decode()
        client.post(QUEUE, pick(left_over))
        assert state_of(left_over) == State.APPROVED


class TestQueries:
    @pytest.mark.parametrize("count", [3, 12])
    def test_the_queue_takes_the_same_queries_for_any_number_of_entries(
        self, client, june, department, editor, approver, count, django_assert_num_queries
    ):
        for number in range(count):
            series = part(make_kpi(f"k{number}", f"指標{number}", "件", "flow"))
            report(series, department)
            put(series.kpi, "2025-03", 3 + number % 3)
            send_back(handed_in(series, editor, "4", date(2025, 4, 1)), access=access(approver), reason="確認を")
            handed_in(series, editor, "5")
        with django_assert_num_queries(
            22
        ):  # five of them are the checks', one looks for papers, one for months that wait too
            assert len(client.get(QUEUE).context["batches"][0].lines) == count


class TestFlagged:
    def test_a_doubted_value_stands_first_with_finding_and_answer(self, client, june, department, editor):
        calm = part(make_kpi("calm", "通常", "件", "flow"))
        odd = part(make_kpi("odd", "要確認の指標", "件", "flow"))
        for series in (calm, odd):
            report(series, department)
        Rule.objects.create(kpi=odd.kpi, kind=Rule.Kind.RANGE, severity=Rule.Severity.SOFT, maximum=100)
        handed_in(calm, editor, "5")
        entry = draft(odd, editor, "101")
        Entry.objects.filter(pk=entry.pk).update(change_reason="event")
        submit(entry, access=access(editor))
        page = client.get(QUEUE)
        first, last = page.context["batches"][0].lines
        assert (first.entry.series, first.is_flagged, last.is_flagged) == (odd, True, False)
        assert "上限の100件を超えています" in page.content.decode()
        assert "増減理由：イベント" in page.content.decode()
        assert "増減理由：イベント" in client.get(decide_url(entry)).content.decode()


def test_what_was_not_meant_approves_nothing(client, month, editor):
    entry = handed_in(month.friends, editor, "1")
    for sent in ({}, {"action": "maybe"}):
        assert client.post(f"/approvals/{entry.pk}/", {"seen_version": entry.version, **sent}).status_code == 400
    assert state_of(entry) == State.SUBMITTED


def test_numbers_that_can_be_no_ids_are_left_out(client, month, editor):
    handed_in(month.friends, editor, "1")
    assert client.post(QUEUE, {"entry": "99999999999999999999999999:1"}).status_code < 500
