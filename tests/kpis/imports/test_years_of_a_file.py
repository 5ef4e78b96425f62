"""The year of a file as its page asks for it and its values get it."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from kpis.imports import reading_of, receive
from tests.kpis.imports.conftest import csv
from tests.kpis.world import access


def periods(file) -> set[date]:
    return set(file.lines.values_list("period", flat=True))


def test_a_column_of_fiscal_years_puts_march_into_the_next_calendar_year(imported):
    data = csv("年度,月,総申請件数", "2024,12,112", "2024,1,101", "2024,3,103")
    assert periods(imported(data, "件数.csv")) == {date(2024, 12, 1), date(2025, 1, 1), date(2025, 3, 1)}


def test_two_years_that_do_not_go_together_are_shown_where_the_year_is_asked_for(
    client, editor, department, world, june
):
    data = csv("令和6年度", "", "月,総申請件数", "4月,5", "5月,6")
    file = receive(data, "件数_R5年度.csv", access=access(editor), department=department)
    client.force_login(editor)
    page = client.get(reverse("imports:reading", args=[file.pk])).text
    assert "表の上の見出し「令和6年度」" in page
    assert "ファイル名「R5年度」" in page


def test_a_calendar_year_can_be_said(imported, editor):
    data = csv("月,総申請件数", "1,247", "2,222", "12,242")
    file = imported(data, "件数.csv", fiscal_year=2024, year_kind="calendar")
    assert periods(file) == {date(2024, 1, 1), date(2024, 2, 1), date(2024, 12, 1)}
    assert {"what": "年の種類", "how": "暦年（1月〜12月）", "source": "画面で選んだ"} in file.understood["assumed"]


def test_a_year_without_a_sort_over_january_to_december_is_not_enough(editor, department, world, june):
    file = receive(csv("月,総申請件数", "1,247", "12,242"), "a.csv", access=access(editor), department=department)
    reading = reading_of(file, access=access(editor))
    said = reading.mapping.from_json(reading.mapping.to_json() | {"fiscal_year": 2024})
    assert "年の種類" in reading_of(file, access=access(editor), mapping=said).year_question


def test_thousands_in_quotes_and_a_note_beyond_the_headings_are_taken(imported):
    file = imported(csv("年月,総申請件数", '令和7年4月,"1,234",速報', '令和7年5月,"1,300",', "令和7年6月,200"), "a.csv")
    assert set(file.lines.values_list("value", flat=True)) >= {1234, 1300}
