"""A department's year in one grid: open months take values, closed and answered ones say why they do not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from accounts.models import Assignment, Department, Succession
from kpis.models import Entry
from kpis.values.closed import close_month, reopen
from tests.kpis.reporting_world import draft, handed_in, report
from tests.kpis.world import access, make_kpi, open_entry, part, put

YEAR = "/entries/1010/FY2025/"
LAST_YEAR = "/entries/1010/FY2024/"


@pytest.fixture
def client(signed_in, editor):
    return signed_in(editor)


def cell_of(page: Any, series: Any, month: date) -> Any:
    return next(cell for cell in page.context["sheet"].lines if cell.slot.series == series and cell.month == month)


def fields(page: Any, *typed: tuple[Any, date, str]) -> dict[str, str]:
    """What the page's script sends of cells: their fields as shown, with what was typed."""
    sent: dict[str, str] = {}
    for series, month, text in typed:
        form = cell_of(page, series, month).form
        for name in ("typed", "seen_version", "seen_measurement"):
            sent[form[name].html_name] = str(form[name].value())
        sent[form["typed"].html_initial_name] = str(form["typed"].value())
        sent[form["typed"].html_name] = text
    return sent


class TestShowing:
    def test_rows_are_series_and_columns_run_from_april_to_march(self, client, month):
        sheet = client.get(LAST_YEAR).context["sheet"]
        assert [row.series for row in sheet.rows] == [month.friends, month.hours, month.growth]
        assert [each.month for each in sheet.months] == [4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3]

    def test_months_that_have_not_ended_take_nothing(self, client, month):
        [first, *_] = client.get(YEAR).context["sheet"].rows
        assert [cell is not None for cell in first.cells] == [True, True] + [False] * 10

    def test_of_two_departments_of_one_code_the_month_says_which_and_each_leads_to_the_other(
        self, month, department, editor, signed_in
    ):
        with time_machine.travel("2025-07-10 10:00 +0900"):
            Department.objects.filter(pk=department.pk).update(valid_to=date(2025, 5, 31))
            new = Department.objects.create(
                code="1010", name="DX推進課", short_name="DX課", order=11, valid_from=date(2025, 6, 1)
            )
            Succession.objects.create(predecessor=department, successor=new, date=date(2025, 6, 1), kind="rename")
            Assignment.objects.create(user=editor, department=new, role="editor", valid_from=date(2025, 6, 1))
            client = signed_in(editor)
            assert client.get(YEAR).context["department"] == new
            assert 'href="/entries/1010/FY2025/?month=2025-04">情報政策課</a>' in client.get(YEAR).content.decode()
            old = client.get(YEAR, {"month": "2025-04"})
            assert old.context["department"] == department
            assert 'href="/entries/1010/FY2025/?month=2026-03">DX推進課</a>' in old.content.decode()
            assert 'data-cells="/entries/1010/FY2025/cells/?month=2025-04"' in old.content.decode()
            assert "/entries/1010/FY2025/?month=2025-05" in client.get("/entries/1010/2025-05/").content.decode()

    def test_a_yearly_figure_has_one_cell_in_march(self, client, month, department):
        yearly = part(make_kpi("yearly", "年間の業務時間", "時間", "flow", frequency="fiscal_year"))
        report(yearly, department)
        row = client.get(LAST_YEAR).context["sheet"].rows[-1]
        assert [cell is not None for cell in row.cells] == [False] * 11 + [True]

    def test_answered_and_submitted_cells_are_read_only(self, client, month, editor):
        put(month.friends.kpi, "2025-04", 41_000)
        handed_in(month.hours, editor, "5")
        page = client.get(YEAR)
        assert cell_of(page, month.friends, date(2025, 4, 1)).form is None
        assert cell_of(page, month.hours, date(2025, 5, 1)).form is None
        html = page.content.decode()
        assert "41,000" in html
        assert "確認待ち" in html

    def test_a_closed_month_is_locked_and_says_who_can_open_it(self, client, month, reform_office):
        close_month(date(2025, 4, 1), access=access(reform_office))
        page = client.get(YEAR)
        assert cell_of(page, month.friends, date(2025, 4, 1)).form is None
        assert "令和7年4月分は取りまとめ課が確定したため、変更できません。" in page.content.decode()

    def test_a_re_opened_month_takes_values_again(self, client, month, reform_office, department):
        office = access(reform_office)
        close_month(date(2025, 4, 1), access=office)
        reopen(date(2025, 4, 1), department, reason="集計漏れ", until=date(2025, 6, 30), access=office)
        page = client.get(YEAR)
        assert cell_of(page, month.friends, date(2025, 4, 1)).form is not None
        assert "解除中" in page.content.decode()

    @pytest.mark.parametrize("year", ["FY2026", "FY1980", "FY"])
    def test_a_year_that_has_not_begun_is_not_found(self, client, month, year):
        assert client.get(f"/entries/1010/{year}/").status_code == 404

    @pytest.mark.parametrize(("who", "status"), [("approver", 200), ("reform_office", 200), ("other_editor", 403)])
    def test_who_may_read_the_entries_reads_the_year_without_fields(self, signed_in, month, request, who, status):
        response = signed_in(request.getfixturevalue(who)).get(YEAR)
        assert response.status_code == status
        assert "data-cell" not in response.content.decode()


class TestSaving:
    def test_a_block_over_months_is_saved_in_one_request(self, client, month):
        april, may = date(2025, 4, 1), date(2025, 5, 1)
        page = client.get(YEAR)
        sent = fields(
            page, (month.friends, april, "4万"), (month.friends, may, "40,100人"), (month.hours, may, "たくさん")
        )
        cells = client.post(f"{YEAR}cells/", sent).json()["cells"]
        assert [cell["outcome"] for cell in cells] == ["saved", "saved", "attention"]
        assert open_entry(month.friends, "2025-04").value == Decimal(40_000)
        assert open_entry(month.friends, "2025-05").value == Decimal(40_100)

    def test_a_symbol_says_why_there_is_no_value_and_is_shown_again(self, client, month):
        sent = fields(client.get(YEAR), (month.friends, date(2025, 5, 1), "…"))
        client.post(f"{YEAR}cells/", sent)
        assert open_entry(month.friends, "2025-05").missing_reason == "pending"
        assert cell_of(client.get(YEAR), month.friends, date(2025, 5, 1)).form["typed"].value() == "…"

    def test_the_reason_chosen_on_the_months_page_is_shown_as_its_symbol(self, client, month, editor):
        draft(month.friends, editor, None, reason="withheld")
        assert cell_of(client.get(YEAR), month.friends, date(2025, 5, 1)).form["typed"].value() == "x"

    def test_a_comment_written_elsewhere_stays(self, client, month, editor):
        draft(month.friends, editor, "5", typed="5", comment="速報です")
        client.post(f"{YEAR}cells/", fields(client.get(YEAR), (month.friends, date(2025, 5, 1), "6")))
        entry = open_entry(month.friends, "2025-05")
        assert (entry.value, entry.comment) == (6, "速報です")

    def test_a_month_closed_meanwhile_takes_nothing(self, client, month, reform_office):
        sent = fields(client.get(YEAR), (month.friends, date(2025, 5, 1), "6"))
        close_month(date(2025, 5, 1), access=access(reform_office))
        [cell] = client.post(f"{YEAR}cells/", sent).json()["cells"]
        assert cell["outcome"] == "closed"
        assert not Entry.objects.exists()

    def test_without_scripts_the_button_saves_and_a_wrong_cell_comes_back_with_its_text(self, client, month):
        may = date(2025, 5, 1)
        sent = fields(client.get(YEAR), (month.friends, may, "6"), (month.hours, may, "1,23"))
        response = client.post(YEAR, sent)
        assert response.status_code == 422
        assert 'value="1,23"' in response.content.decode()
        assert open_entry(month.friends, "2025-05").value == Decimal(6)

    def test_only_an_editor_of_the_department_saves(self, signed_in, month, approver):
        for url in (YEAR, f"{YEAR}cells/"):
            assert signed_in(approver).post(url, {}).status_code == 403


@pytest.mark.parametrize("count", [3, 20])
def test_the_year_takes_the_same_queries_for_any_number_of_lines(
    client, june, department, editor, count, django_assert_num_queries
):
    for number in range(count):
        series = part(make_kpi(f"k{number}", f"指標{number}", "件", "flow"))
        report(series, department)
        put(series.kpi, "2025-04", number)
        draft(series, editor, "5")
    with django_assert_num_queries(17):  # five of them are the checks'
        assert len(client.get(YEAR).context["sheet"].rows) == count
