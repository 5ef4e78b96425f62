"""What a check says of a value stands under its field, and keeps it from being handed in until it is answered."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from kpis.entries import approve, submit
from kpis.models import Entry, Measurement, Rule
from kpis.summaries.recompute import recompute
from tests.kpis.reporting_world import URL, draft, fields_of, press, send, typed
from tests.kpis.world import access, open_entry, put, put_months

MAY = "2025-05"


@pytest.fixture
def client(client, editor, month):
    client.force_login(editor, backend="accounts.leaving.PostBackend")
    return client


@pytest.fixture
def ruled(month) -> Rule:
    """At most 100 people are expected; more is asked about."""
    kpi = month.friends.kpi
    return Rule.objects.create(kpi=kpi, kind=Rule.Kind.RANGE, severity=Rule.Severity.SOFT, maximum=100)


def line_of(response, series):
    return next(line for line in response.context["sheet"].lines if line.slot.series == series)


class TestHardRules:
    def test_a_broken_rule_is_saved_and_shown_but_not_handed_in(self, client, month, ruled):
        Rule.objects.filter(pk=ruled.pk).update(severity="hard")
        response = send(client, f"submit-{month.friends.pk}", **typed(month.friends, "101"))
        assert response.status_code == 422
        assert "提出できません" in response.content.decode()
        assert open_entry(month.friends, MAY).state == Entry.State.DRAFT

    def test_no_reason_and_no_tick_helps_against_it(self, client, month, ruled):
        Rule.objects.filter(pk=ruled.pk).update(severity="hard")
        send(client, **typed(month.friends, "101"))
        answered = typed(month.friends, "101", change_reason="event", is_confirmed="on")
        assert send(client, f"submit-{month.friends.pk}", **answered).status_code == 422

    def test_whoever_hands_in_without_the_page_meets_the_same_rule(self, month, editor, ruled):
        Rule.objects.filter(pk=ruled.pk).update(severity="hard")
        with pytest.raises(ValidationError, match="100"):
            submit(draft(month.friends, editor, "101"), access=access(editor))


class TestAnswersGoWithTheirValue:
    def test_a_tick_for_another_value_answers_nothing(self, client, month, editor, ruled):
        send(client, **typed(month.friends, "101", is_confirmed="on"))
        assert open_entry(month.friends, MAY).is_confirmed
        response = send(client, f"submit-{month.friends.pk}", **typed(month.friends, "1010", is_confirmed="on"))
        assert response.status_code == 422
        entry = open_entry(month.friends, MAY)
        assert (entry.value, entry.is_confirmed, entry.state) == (1010, False, Entry.State.DRAFT)

    def test_an_answer_given_with_the_new_value_is_its_own(self, client, month, editor, ruled):
        send(client, **typed(month.friends, "101", is_confirmed="on"))
        send(client, f"submit-{month.friends.pk}", **typed(month.friends, "102", change_reason="event"))
        entry = Entry.objects.get(series=month.friends)
        assert (entry.value, entry.change_reason, entry.state) == (102, "event", Entry.State.SUBMITTED)


class TestDoubts:
    def test_all_doubts_of_a_month_are_told_at_once_and_nothing_is_handed_in(self, client, month, ruled):
        Rule.objects.create(kpi=month.hours.kpi, kind="range", severity="soft", maximum=5)
        fields = {**typed(month.friends, "101"), **typed(month.hours, "6"), **typed(month.growth, "1.0")}
        response = send(client, "submit", **fields)
        assert [line.slot.series for line in response.context["sheet"].broken] == [month.friends, month.hours]
        assert not Entry.objects.filter(state=Entry.State.SUBMITTED).exists()

    @pytest.mark.parametrize("answer", [{"change_reason": "event"}, {"is_confirmed": "on"}])
    def test_a_reason_or_the_tick_lets_the_value_through(self, client, month, ruled, answer):
        send(client, **typed(month.friends, "101"))
        send(client, f"submit-{month.friends.pk}", **typed(month.friends, "101", **answer))
        entry = open_entry(month.friends, MAY)
        assert entry.state == Entry.State.SUBMITTED
        assert (entry.change_reason, entry.is_confirmed) == (answer.get("change_reason", ""), "is_confirmed" in answer)

    def test_a_saved_doubt_is_shown_with_its_fields_when_the_month_is_opened_again(self, client, month, ruled):
        send(client, **typed(month.friends, "101"))
        page = client.get(URL)
        [finding] = line_of(page, month.friends).findings
        assert finding.message in page.content.decode()
        assert f'name="s{month.friends.pk}-change_reason"' in page.content.decode()

    def test_a_quiet_value_has_no_such_fields(self, client, month, ruled):
        send(client, **typed(month.friends, "100"))
        assert "change_reason" not in client.get(URL).content.decode()

    def test_an_answer_goes_with_its_value(self, client, month, ruled):
        send(client, **typed(month.friends, "101"))
        send(client, **typed(month.friends, "101", is_confirmed="on"))
        unseen = {name: text for name, text in fields_of(client.get(URL)).items() if "confirmed" not in name}
        unseen = {name: text for name, text in unseen.items() if "change_reason" not in name}
        press(client, unseen, **typed(month.friends, "102"))
        assert not open_entry(month.friends, MAY).is_confirmed

    def test_an_approved_value_is_not_asked_about_again(self, month, editor, approver, ruled):
        entry = draft(month.friends, editor, "101")
        Entry.objects.filter(pk=entry.pk).update(is_confirmed=True)
        approve(submit(entry, access=access(editor)), access=access(approver))
        with pytest.raises(ValidationError, match="増減理由"):
            submit(draft(month.friends, editor, "102"), access=access(editor))
        again = draft(month.friends, editor, "101", comment="注記だけを加える")
        assert submit(again, access=access(editor)).state == Entry.State.SUBMITTED

    def test_a_slip_of_ten_is_told_from_the_months_before(self, client, month):
        put_months(month.hours.kpi, "2023-04", *[str(1000 + 10 * n) for n in range(25)])
        response = send(client, f"submit-{month.hours.pk}", **typed(month.hours, "12500"))
        [finding] = line_of(response, month.hours).findings
        assert finding.code == "factor"


class TestCells:
    def test_a_cell_is_saved_and_comes_back_with_what_the_check_says(self, client, month, ruled):
        fields = {**fields_of(client.get(URL)), f"s{month.friends.pk}-typed": "101"}
        wanted = {name: text for name, text in fields.items() if f"s{month.friends.pk}-" in name}
        [cell] = client.post(f"{URL}cells/", wanted).json()["cells"]
        assert cell["outcome"] == "saved"
        assert "確認済（入力誤りなし）" in cell["html"]


class TestKept:
    def test_the_reason_stays_with_the_approved_value(self, client, month, approver, ruled):
        send(client, **typed(month.friends, "101"))
        send(client, f"submit-{month.friends.pk}", **typed(month.friends, "101", change_reason="election"))
        approve(open_entry(month.friends, MAY), access=access(approver))
        measurement = Measurement.objects.get(series=month.friends, period=date(2025, 5, 1))
        assert (measurement.value, measurement.change_reason) == (Decimal(101), "election")

    def test_it_is_marked_on_the_figure_s_chart_and_in_its_file(self, client, month):
        put_months(month.friends.kpi, "2025-03", 90, 95)
        put(month.friends.kpi, MAY, 101, change_reason="election")
        recompute(month.friends.kpi_id)
        page = client.get("/kpis/friends/").content.decode()
        assert "増減理由：選挙" in page
        assert "選挙" in client.get(reverse("kpis:data", args=["friends"])).content.decode()


def test_provisional_and_rounded_are_said_in_the_panel_and_stay_when_the_value_is_typed_again(client, month):
    send(client, **typed(month.friends, "99"))
    entry = open_entry(month.friends, MAY)
    panel = reverse("entries:panel", args=[month.friends.pk, MAY])
    client.post(panel, {"comment": "", "is_provisional": "on", "seen_version": entry.version})
    send(client, **typed(month.friends, "98"))
    entry = open_entry(month.friends, MAY)
    assert (entry.is_provisional, entry.is_rounded, entry.value) == (True, False, Decimal(98))


def test_the_year_s_grid_says_which_cells_are_doubted_and_where_to_answer(client, department, editor, month, ruled):
    draft(month.friends, editor, "101")
    page = client.get(reverse("entries:year", args=[department.code, 2025])).content.decode()
    assert "上限の100人を超えています" in page
    assert f'href="{URL}#s{month.friends.pk}"' in page
