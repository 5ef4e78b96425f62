"""Cells of the month's grid saved without leaving the page: each by itself, many in one request."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import Assignment
from kpis.entries import approve, submit
from kpis.models import Entry, Series
from kpis.values.closed import close_month
from tests.conftest import person
from tests.kpis.reporting_world import MONTH, URL, draft, fields_of, handed_in, report
from tests.kpis.world import access, make_kpi, open_entry, part, put

CELLS = f"{URL}cells/"


@pytest.fixture
def client(signed_in, editor):
    return signed_in(editor)


def fields(page: HttpResponse, series: Series, typed: str, **more: str) -> dict[str, str]:
    """What the script sends of one line: its fields as the page showed them, with what was typed."""
    key = f"s{series.pk}-"
    shown = {name: value for name, value in fields_of(page).items() if key in name}
    return shown | {f"{key}{name}": value for name, value in {"typed": typed, **more}.items()}


def save(client: Client, *typed: tuple[Series, str], page: HttpResponse | None = None) -> list[dict[str, Any]]:
    page = page or client.get(URL)
    sent: dict[str, str] = {}
    for series, text in typed:
        sent |= fields(page, series, text)
    response = client.post(CELLS, sent)
    assert response.status_code == 200
    return response.json()["cells"]


def test_one_cell_is_saved_by_itself_and_shown_back_as_understood(client, month):
    [cell] = save(client, (month.hours, "２３．５万"))
    assert (cell["key"], cell["outcome"], cell["message"]) == (f"s{month.hours.pk}", "saved", "")
    assert "235,000時間（23.5万時間）" in cell["html"]
    assert open_entry(month.hours, "2025-05").value == Decimal(235000)
    assert Entry.objects.count() == 1


def test_a_block_is_saved_in_one_request_and_each_cell_has_its_own_answer(client, month):
    cells = save(client, (month.friends, "1,234人"), (month.hours, "たくさん"), (month.growth, "▲1.5"))
    assert [cell["outcome"] for cell in cells] == ["saved", "attention", "saved"]
    assert "読み取れません" in cells[1]["message"]
    assert 'value="たくさん"' in cells[1]["html"]
    assert open_entry(month.growth, "2025-05").value == Decimal("-1.5")
    assert open_entry(month.hours, "2025-05") is None


@pytest.mark.parametrize("text", ["1,23", "1.234.5", "12 345", "(5)", "5件"])
def test_what_is_ambiguous_is_asked_and_saved_nowhere(client, month, text):
    [cell] = save(client, (month.hours, text))
    assert cell["outcome"] == "attention"
    assert cell["message"]
    assert not Entry.objects.exists()


def test_the_versions_of_the_answer_let_the_next_save_through(client, month):
    save(client, (month.hours, "5"))
    [cell] = save(client, (month.hours, "6"))
    assert cell["outcome"] == "saved"
    assert open_entry(month.hours, "2025-05").version == 2


def test_a_cell_left_as_it_was_writes_nothing(client, month, editor):
    draft(month.hours, editor, "5", typed="5")
    [cell] = save(client, (month.hours, "5"))
    assert cell["outcome"] == "same"
    assert open_entry(month.hours, "2025-05").version == 1


def test_a_cleared_cell_is_empty_again_as_if_never_typed_in(client, month):
    save(client, (month.hours, "5"))
    [cell] = save(client, (month.hours, ""))
    assert cell["outcome"] == "saved"
    assert open_entry(month.hours, "2025-05") is None
    assert Entry.objects.get().state == Entry.State.DISCARDED


class TestConflict:
    @pytest.fixture
    def clash(self, client, month, department):
        """A colleague saved 40 while 30 was typed."""
        page = client.get(URL)
        colleague = person("E009", "同僚 三郎", Assignment.Role.EDITOR, department, "主任")
        draft(month.hours, colleague, "40", typed="40")
        return client.post(CELLS, fields(page, month.hours, "30"))

    def test_both_values_come_back_and_nothing_is_overwritten(self, clash, month):
        [cell] = clash.json()["cells"]
        assert cell["outcome"] == "conflict"
        assert all(words in cell["html"] for words in ("30時間", "40時間", "同僚 三郎", "どちらにしますか"))
        assert open_entry(month.hours, "2025-05").value == Decimal(40)

    @pytest.mark.parametrize(("choice", "outcome", "value"), [("mine", "saved", 30), ("theirs", "same", 40)])
    def test_the_decision_is_sent_as_the_cell_is(self, clash, client, month, choice, outcome, value):
        key = f"s{month.hours.pk}"
        sent = {"typed": "30", "initial-typed": "", "seen_version": "1", "seen_measurement": "0", "is_conflict": "on"}
        sent |= {"choice": choice, "missing_reason": "", "comment": ""}
        names = {name: f"{key}-{name}" if "initial" not in name else f"initial-{key}-typed" for name in sent}
        [cell] = client.post(CELLS, {names[name]: text for name, text in sent.items()}).json()["cells"]
        assert cell["outcome"] == outcome
        assert open_entry(month.hours, "2025-05").value == Decimal(value)
        assert "どちらにしますか" not in cell["html"]


def test_what_was_handed_in_meanwhile_takes_nothing_and_says_why(client, month, editor):
    page = client.get(URL)
    handed_in(month.hours, editor, "5")
    [cell] = save(client, (month.hours, "6"), page=page)
    assert cell["outcome"] == "conflict"
    assert open_entry(month.hours, "2025-05").value == Decimal(5)


def test_a_closed_month_takes_nothing_and_says_who_can_open_it(client, month, reform_office):
    page = client.get(URL)
    close_month(MONTH, access=access(reform_office))
    [cell] = save(client, (month.hours, "6"), page=page)
    assert cell["outcome"] == "closed"
    assert "確定解除" in cell["message"]
    assert not Entry.objects.exists()


def test_a_month_that_has_not_ended_takes_no_cells(client, month):
    assert client.post("/entries/1010/2025-06/cells/", {}).status_code == 403


@pytest.mark.parametrize("who", ["approver", "reform_office", "other_editor"])
def test_nobody_but_an_editor_of_the_department_saves_a_cell(signed_in, month, request, who):
    client = signed_in(request.getfixturevalue(who))
    assert client.post(CELLS, {f"s{month.hours.pk}-typed": "5"}).status_code == 403
    assert not Entry.objects.exists()


class TestQueries:
    def cost(self, client: Client, department: Any, count: int) -> list[tuple[Series, str]]:
        rows = []
        for number in range(count):
            series = part(make_kpi(f"k{number}", f"指標{number}", "件", "flow"))
            report(series, department)
            put(series.kpi, "2025-04", number)
            rows.append((series, str(number + 1)))
        return rows

    @pytest.mark.parametrize("lines", [3, 12])
    def test_one_cell_costs_the_same_in_a_small_and_a_large_department(
        self, client, june, department, lines, django_assert_num_queries
    ):
        rows = self.cost(client, department, lines)
        page = client.get(URL)
        with django_assert_num_queries(26):  # five of them are the checks'
            [cell] = save(client, rows[0], page=page)
        assert cell["outcome"] == "saved"

    def test_each_further_cell_costs_only_its_own_checks_and_history(
        self, client, june, department, django_assert_num_queries
    ):
        rows = self.cost(client, department, 30)
        page = client.get(URL)
        with django_assert_num_queries(26 + 29 * 11):
            cells = save(client, *rows, page=page)
        assert {cell["outcome"] for cell in cells} == {"saved"}


class TestCorrection:
    """「訂正する」 opened the line of an approved value; every field that is left is sent by itself."""

    def opened(self, client: Client, series: Series) -> HttpResponse:
        return client.get(f"{URL}?correct={series.pk}")

    def test_an_emptied_value_keeps_the_line_open_and_stores_nothing(self, client, month):
        put(month.hours.kpi, "2025-05", 5)
        [cell] = save(client, (month.hours, ""), page=self.opened(client, month.hours))
        assert cell["outcome"] == "attention"
        assert "値なしの理由を選んでください" in cell["message"]
        assert f'name="s{month.hours.pk}-typed"' in cell["html"]
        assert not Entry.objects.exists()

    def test_a_reason_taken_away_keeps_the_line_open_for_the_number(self, client, month):
        put(month.hours.kpi, "2025-05", None, missing_reason="not_applicable")
        page = self.opened(client, month.hours)
        [cell] = client.post(CELLS, fields(page, month.hours, "", missing_reason="")).json()["cells"]
        assert cell["outcome"] == "attention"
        assert f'name="s{month.hours.pk}-typed"' in cell["html"]
        [cell] = client.post(CELLS, fields(page, month.hours, "5957", missing_reason="")).json()["cells"]
        assert cell["outcome"] == "saved"
        assert open_entry(month.hours, "2025-05").value == 5957

    def test_a_correction_begun_is_not_ended_by_an_empty_field(self, client, month):
        put(month.hours.kpi, "2025-05", 5)
        save(client, (month.hours, "6"), page=self.opened(client, month.hours))
        page = client.get(URL)
        [cell] = save(client, (month.hours, ""), page=page)
        assert cell["outcome"] == "attention"
        assert open_entry(month.hours, "2025-05").value == 6
        sent = fields(page, month.hours, "", missing_reason="pending")
        [cell] = client.post(CELLS, sent).json()["cells"]
        assert cell["outcome"] == "saved"
        assert open_entry(month.hours, "2025-05").missing_reason == "pending"

    def test_a_value_typed_back_keeps_the_line_open(self, client, month):
        put(month.hours.kpi, "2025-05", 5)
        [cell] = save(client, (month.hours, "5"), page=self.opened(client, month.hours))
        assert cell["outcome"] == "same"
        assert f'name="s{month.hours.pk}-typed"' in cell["html"]

    def test_a_line_that_was_approved_meanwhile_is_not_opened_by_looking_at_it(self, client, month, editor, approver):
        draft(month.hours, editor, "5", typed="5")
        page = client.get(URL)
        approve(submit(open_entry(month.hours, "2025-05"), access=access(editor)), access=access(approver))
        [cell] = save(client, (month.hours, "5"), page=page)
        assert f'name="s{month.hours.pk}-typed"' not in cell["html"]

    def test_in_the_year_too_an_emptied_correction_stays(self, client, month):
        put(month.hours.kpi, "2025-05", 5)
        save(client, (month.hours, "6"), page=self.opened(client, month.hours))
        url, key = "/entries/1010/FY2025/", f"s{month.hours.pk}p202505"
        shown = {name: value for name, value in fields_of(client.get(url)).items() if key in name}
        [cell] = client.post(f"{url}cells/", shown | {f"{key}-typed": ""}).json()["cells"]
        assert cell["outcome"] == "attention"
        assert "－（該当なし）" in cell["message"]
        assert open_entry(month.hours, "2025-05").value == 6

    def test_without_the_script_the_page_says_what_is_missing(self, client, month):
        put(month.hours.kpi, "2025-05", 5)
        url = f"{URL}?correct={month.hours.pk}"
        answer = client.post(url, fields_of(client.get(url)) | {f"s{month.hours.pk}-typed": "", "action": "save"})
        assert answer.status_code == 422
        assert "値なしの理由を選んでください" in answer.content.decode()
