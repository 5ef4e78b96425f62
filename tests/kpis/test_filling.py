"""前月と変更なし and 該当なし: many lines by one press, as drafts, and taken back by one more."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kpis.models import Entry, Measurement
from kpis.values.closed import close_month
from tests.kpis.reporting_world import MONTH, URL, draft, fields_of, press, report, send, typed
from tests.kpis.world import access, make_kpi, open_entry, part, put


@pytest.fixture
def client(signed_in, editor):
    return signed_in(editor)


@pytest.fixture
def stocks(month, department):
    """April of the stocks friends and cards, of the flow hours."""
    cards = part(make_kpi("cards", "カード交付数", "枚", "stock"))
    report(cards, department)
    put(month.friends.kpi, "2025-04", 41_000)
    put(cards.kpi, "2025-04", "7")
    put(month.hours.kpi, "2025-04", 100)
    return cards


def take_back(client, page):
    versions = page.context["filled"]["versions"]
    return client.post(URL, {**fields_of(page), "action": "taking_back", "filled": versions}, follow=True)


class TestUnchanged:
    def test_untouched_stocks_get_the_value_of_the_month_before_as_drafts(self, client, month, stocks):
        send(client, "unchanged")
        assert open_entry(month.friends, "2025-05").value == Decimal(41_000)
        assert open_entry(stocks, "2025-05").typed == "7"
        assert {entry.state for entry in Entry.objects.all()} == {Entry.State.DRAFT}
        assert Measurement.objects.filter(period=MONTH).count() == 0

    def test_an_amount_of_a_month_is_never_copied(self, client, month, stocks):
        send(client, "unchanged")
        assert open_entry(month.hours, "2025-05") is None

    def test_what_was_typed_already_stays(self, client, month, stocks):
        send(client, "unchanged", **typed(month.friends, "42000"))
        assert open_entry(month.friends, "2025-05").value == Decimal(42_000)

    def test_the_page_counts_the_lines_before_and_offers_to_take_it_back_after(self, client, month, stocks):
        assert "前月と変更なし（2件）" in client.get(URL).content.decode()
        send(client, "unchanged")
        page = client.get(URL)
        html = page.content.decode()
        assert "2件に前月と同じ値を入れ、一時保存しました。" in html
        assert "前月と変更なし（" not in html
        assert "取り消す" in html
        assert client.get(URL).context["filled"] is None

    def test_taken_back_the_lines_are_as_they_were(self, client, month, stocks):
        send(client, "unchanged")
        html = take_back(client, client.get(URL)).content.decode()
        assert "2件を取り消しました。" in html
        assert not Entry.objects.open().exists()

    def test_what_somebody_went_on_with_is_not_taken_back(self, client, month, stocks, editor):
        send(client, "unchanged")
        page = client.get(URL)
        draft(month.friends, editor, "5")
        take_back(client, page)
        assert open_entry(month.friends, "2025-05").value == Decimal(5)
        assert open_entry(stocks, "2025-05") is None


class TestNotApplicable:
    def test_the_whole_department_has_nothing_to_report_by_one_press(self, client, month, stocks):
        send(client, "none")
        assert {entry.missing_reason for entry in Entry.objects.all()} == {"not_applicable"}
        assert Entry.objects.count() == 4

    def test_it_is_handed_in_like_any_other_answer(self, client, month, stocks):
        send(client, "none")
        send(client, "submit")
        assert Entry.objects.submitted().count() == 4

    def test_a_broken_line_holds_it_back_and_keeps_its_text(self, client, month):
        response = send(client, "none", **typed(month.hours, "たくさん"))
        assert response.status_code == 422
        assert not Entry.objects.exists()

    def test_a_line_with_a_value_keeps_it_and_is_not_taken_back_with_the_rest(self, client, month, stocks, editor):
        draft(month.hours, editor, "5")
        send(client, "none")
        take_back(client, client.get(URL))
        assert [entry.value for entry in Entry.objects.open()] == [Decimal(5)]


def test_somebody_elses_drafts_cannot_be_taken_back(signed_in, client, month, stocks, other_editor):
    send(client, "none")
    entry = open_entry(month.hours, "2025-05")
    other = signed_in(other_editor)
    press(other, {"filled": f"{entry.pk}.1"}, "taking_back", "/entries/1020/2025-05/")
    assert open_entry(month.hours, "2025-05") == entry


def test_in_a_closed_month_nothing_is_filled_and_the_page_says_why(client, month, stocks, reform_office):
    opened = fields_of(client.get(URL))
    close_month(MONTH, access=access(reform_office))
    press(client, opened, "unchanged")
    assert "確定" in client.get(URL).content.decode()
    assert not Entry.objects.exists()
