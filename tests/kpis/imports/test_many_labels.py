"""A file of more labels than one page can ask about is asked about in portions, and nothing said of one is lost."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.urls import reverse

from kpis.imports import forms as import_forms
from kpis.imports import receive
from tests.kpis.imports.conftest import csv
from tests.kpis.world import access

MOST = 3


@pytest.fixture
def address(monkeypatch, client, editor, department, world, june) -> str:
    monkeypatch.setattr(import_forms, "PORTION", MOST)
    rows = [f"R7.4,名前{letter},{number}" for number, letter in enumerate("甲乙丙丁戊己庚", start=1)]
    data = csv("年月,区分,件数", *rows, *[row.replace("R7.4", "R7.5") for row in rows])
    file = receive(data, "件数.csv", access=access(editor), department=department)
    client.force_login(editor, backend="accounts.leaving.PostBackend")
    return reverse("imports:reading", args=[file.pk])


def sent(form, **said: str) -> dict[str, object]:
    """What a browser sends of the form as it is shown, with `said` over it."""
    values = {field.html_name: field.value() for field in form}
    return {name: value for name, value in values.items() if value is not False and value not in (None, "", [])} | said


def test_one_page_never_asks_for_more_fields_than_the_server_takes():
    assert import_forms.PORTION + 1_000 + 100 < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    assert import_forms.PORTION * 100 * 9 < settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def test_a_portion_says_which_of_how_many_names_it_shows(client, address):
    page = client.get(f"{address}?labels=2")
    assert "名前が7個あります" in page.text
    assert "4番目から6番目まで" in page.text
    assert [field.label for field, _ in page.context["form"].labels] == ["名前丁", "名前戊", "名前己"]


def test_what_is_said_of_one_portion_stays_while_others_are_asked_about(client, address):
    form = client.get(address).context["form"]
    moved = client.post(address, sent(form, series1="総申請件数", go="3"))
    assert moved.status_code == 302, moved.context["form"].errors
    assert moved["Location"] == f"{address}?labels=3"
    last = client.get(moved["Location"]).context["form"]
    assert [field.label for field, _ in last.labels] == ["名前庚"]
    answer = client.post(moved["Location"], sent(last, series6="オンライン申請件数"))
    preview = client.get(answer["Location"])
    lines = {(line.series.kpi.code, line.shown) for line in preview.context["file"].lines.all()}
    assert lines == {("applications", "2"), ("online", "7")}
    assert {part["what"] for part in preview.context["file"].understood["left_out"]} == {
        f"「名前{letter}」" for letter in "甲丙丁戊己"
    }


def test_a_file_of_few_names_is_asked_about_at_once(monkeypatch, client, address):
    monkeypatch.setattr(import_forms, "PORTION", 7)
    page = client.get(address)
    assert len(page.context["form"].labels) == 7
    assert 'name="go"' not in page.text
