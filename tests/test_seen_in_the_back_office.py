"""An older tab of the back office, and of a report's own data, sets nothing back that was changed since it was opened."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib import admin
from django.db import models
from django.test import Client
from django.urls import reverse

from accounts.models import Assignment, ClosedDay, Department, Deputy, Route, RouteUse, Succession
from initiatives.models import Initiative, Milestone, Pillar
from kpis.models import Kpi, Reporting, Target
from reports.models import Report
from surveys.models import Question, Result, Survey
from tests.test_back_office_access import back_office_rights
from tests.town import Town, client_of

#: The values have a mechanism of their own, which knows the version: tests/kpis/test_admin.py.
OWN_VERSION = {"kpis.measurement"}


def _department(town: Town) -> Department:
    return Department.objects.get(code="1020")


def _question(town: Town) -> Question:
    return Question.objects.create(survey=Survey.objects.get(), code="q1", wording="問1", order=1)


def _post(town: Town) -> Assignment:
    return Assignment.objects.get(user=town.people["viewer"])


def _deputy(town: Town) -> Deputy:
    principal = Assignment.objects.get(user=town.people["approver"])
    days = {"valid_from": date(2025, 6, 20), "valid_to": date(2025, 6, 21)}
    return Deputy.objects.create(principal=principal, deputy=town.people["editor"], reason="出張", **days)


def _use(town: Town) -> RouteUse:
    route = Route.objects.create(name="課長まで")
    route.steps.create(order=1, role="approver")
    return RouteUse.objects.create(subject="measurement", route=route, department=_department(town))


def _succession(town: Town) -> Succession:
    rows = Department.objects.filter(code__in=["1010", "1020"]).order_by("code")
    return Succession.objects.create(predecessor=rows[0], successor=rows[1], date=date(2025, 4, 1), kind="move")


def _route(town: Town) -> Route:
    return _use(town).route


#: Of each table that has a form: a row, the field that a colleague changes, and what it says afterwards.
ROWS: dict[str, tuple[Callable[[Town], models.Model], str, Any]] = {
    "accounts.assignment": (_post, "valid_to", date(2026, 3, 31)),
    "accounts.closedday": (lambda town: ClosedDay.objects.create(day=date(2025, 7, 7), name="祭り"), "name", "大祭"),
    "accounts.department": (_department, "short_name", "市民係"),
    "accounts.deputy": (_deputy, "reason", "研修"),
    "accounts.route": (_route, "note", "急ぎのとき"),
    "accounts.routeuse": (_use, "subject", "progress"),
    "accounts.succession": (_succession, "kind", "rename"),
    "accounts.user": (lambda town: town.people["viewer"], "furigana", "えつらん"),
    "initiatives.initiative": (lambda town: Initiative.objects.get(), "title", "別の名称"),
    "initiatives.milestone": (
        lambda town: Milestone.objects.create(initiative=Initiative.objects.get(), fiscal_year=2025, wording="開始"),
        "detail",
        "詳しく",
    ),
    "initiatives.pillar": (lambda town: Pillar.objects.create(code="one", order=1, icon="work"), "order", 7),
    "kpis.kpi": (lambda town: town.month.friends.kpi, "source", "同僚の出典"),
    "kpis.reporting": (lambda town: Reporting.objects.order_by("pk")[0], "valid_to", date(2027, 3, 31)),
    "kpis.series": (lambda town: town.month.friends, "name", "別の内訳"),
    "kpis.target": (
        lambda town: Target.objects.create(kpi=town.month.friends.kpi, fiscal_year=2026, value=5),
        "note",
        "同僚の注記",
    ),
    "reports.report": (lambda town: town.report, "subtitle", "別の副題"),
    "reports.section": (lambda town: town.section, "lead", "別のリード文"),
    "surveys.question": (_question, "wording", "問いを改めた"),
    "surveys.result": (
        lambda town: Result.objects.create(question=_question(town), label="はい", count=3, order=1),
        "label",
        "いいえ",
    ),
    "surveys.survey": (lambda town: Survey.objects.get(), "population", "全職員"),
}


def _sent(page: str) -> dict[str, str]:
    """What the page's own form would send unchanged, read from its HTML."""
    form = page[page.index("<form", page.index('id="content-main"') if 'id="content-main"' in page else 0) :]
    form = form[: form.index("</form>")]
    data: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        said = {name: html.unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        kind = said.get("type", "text")
        if "name" not in said or kind in ("submit", "button", "file") or "__prefix__" in said["name"]:
            continue
        if kind in ("checkbox", "radio") and " checked" not in tag:
            continue
        data[said["name"]] = said.get("value", "on" if kind == "checkbox" else "")
    for name, text in re.findall(r'<textarea[^>]*?\sname="([^"]*)"[^>]*>(.*?)</textarea>', form, re.S):
        data[name] = html.unescape(text).removeprefix("\n")
    for name, options in re.findall(r'<select[^>]*?\sname="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)"[^>]*selected', options)
        if chosen and "__prefix__" not in name:
            data[name] = html.unescape(chosen.group(1))
    return data


@pytest.fixture
def office(town) -> Client:
    return client_of(town, "reform_office")


def _page(row: models.Model) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def test_every_table_with_a_form_is_tried() -> None:
    changeable = {model for model, acts in back_office_rights().items() if "change" in acts}
    assert set(ROWS) == changeable - OWN_VERSION


@pytest.mark.parametrize("table", ROWS)
def test_an_older_tab_is_told_what_changed_and_its_second_press_saves(town, office, table) -> None:
    make, name, newer = ROWS[table]
    row = make(town)
    before = getattr(row, name)
    first = _sent(office.get(_page(row)).content.decode())
    assert first["seen_state"], "the form sends along what it showed"
    type(row)._default_manager.filter(pk=row.pk).update(**{name: newer})

    answer = office.post(_page(row), first)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "この画面を開いたあとに" in page
    field = row._meta.get_field(name)
    words = dict(field.flatchoices).get(newer, newer)
    [change] = [each for each in answer.context["seen_changes"] if each.what == field.verbose_name]
    assert (change.stored, change.typed) == (str(words), str(dict(field.flatchoices).get(before, before) or "（なし）"))
    assert _stored(row, name) == newer, "nothing was set back"

    second = _sent(page)
    assert second["seen_state"] != first["seen_state"]
    again = office.post(_page(row), second)
    assert again.status_code == 302, _errors(again)
    assert _stored(row, name) == (before or type(before)())


def _errors(answer: Any) -> list[Any]:
    inlines = answer.context["inline_admin_formsets"]
    return [answer.context["adminform"].form.errors, *(inline.formset.errors for inline in inlines)]


def _stored(row: models.Model, name: str) -> Any:
    return getattr(type(row)._default_manager.get(pk=row.pk), name)


@pytest.mark.parametrize("table", ROWS)
def test_a_form_of_which_nothing_changed_saves_at_once(town, office, table) -> None:
    row = ROWS[table][0](town)
    answer = office.post(_page(row), _sent(office.get(_page(row)).content.decode()))
    assert answer.status_code == 302, _errors(answer)


class TestRowsOfTheForm:
    """What stands in the form's tables is part of what it showed."""

    @pytest.fixture
    def kpi(self, town) -> Kpi:
        Target.objects.create(kpi=town.month.friends.kpi, fiscal_year=2026, value=5)
        kpi: Kpi = town.month.friends.kpi
        return kpi

    def test_a_target_that_a_colleague_changed_is_not_set_back(self, kpi, office) -> None:
        first = _sent(office.get(_page(kpi)).content.decode())
        kpi.targets.update(value=9)
        answer = office.post(_page(kpi), first)
        [change] = answer.context["seen_changes"]
        assert "目標値" in change.what
        assert (change.stored, change.typed) == ("9", "5")
        assert kpi.targets.get().value == 9
        assert office.post(_page(kpi), _sent(answer.content.decode())).status_code == 302
        assert kpi.targets.get().value == 5

    def test_a_target_that_a_colleague_added_is_named_and_stays(self, kpi, office) -> None:
        first = _sent(office.get(_page(kpi)).content.decode())
        added = Target.objects.create(kpi=kpi, fiscal_year=2027, value=7)
        answer = office.post(_page(kpi), first)
        [change] = answer.context["seen_changes"]
        assert (str(added) in change.what, change.typed) == (True, "（なし）")
        assert office.post(_page(kpi), _sent(answer.content.decode())).status_code == 302
        assert set(kpi.targets.values_list("value", flat=True)) == {5, 7}

    def test_a_row_that_a_colleague_deleted_asks_to_open_the_page_anew(self, kpi, office) -> None:
        first = _sent(office.get(_page(kpi)).content.decode())
        kpi.targets.all().delete()
        page = office.post(_page(kpi), first).content.decode()
        assert "この画面を開き直してください" in page
        assert not kpi.targets.exists()

    def test_the_baseline_that_a_colleague_changed_is_not_set_back(self, kpi, office) -> None:
        Kpi.objects.filter(pk=kpi.pk).update(baseline_value=100, baseline_span="month", baseline_period="2024-04-01")
        first = _sent(office.get(_page(kpi)).content.decode())
        Kpi.objects.filter(pk=kpi.pk).update(baseline_value=200)
        answer = office.post(_page(kpi), first | {"definition": "別のことを直した"})
        [change] = answer.context["seen_changes"]
        assert (change.what, change.stored, change.typed) == ("基準値", "200", "100")
        kpi.refresh_from_db()
        assert (kpi.baseline_value, kpi.definition) == (200, "")


@pytest.mark.parametrize("sent", ["junk", "kpis.kpi.1.name=zzz", "=,=,.=", "kpis.kpi.1.name=" * 2000])
def test_a_state_that_no_page_sent_is_answered_in_a_sentence(town, office, sent) -> None:
    kpi = town.month.friends.kpi
    form = _sent(office.get(_page(kpi)).content.decode()) | {"seen_state": sent}
    answer = office.post(_page(kpi), form)
    assert answer.status_code == 200
    assert "この画面を開いたあとに" in answer.content.decode()


class TestReportEdit:
    """The report's own data, on the page of 取りまとめ課."""

    @pytest.fixture
    def url(self, town) -> str:
        return reverse("reports:edit", args=[town.report.volume])

    def test_an_older_tab_is_told_and_its_second_press_saves(self, town, office, url) -> None:
        page = office.get(url).content.decode()
        first = _report_form(page)
        Report.objects.filter(pk=town.report.pk).update(as_of=date(2025, 3, 31), title="同僚の題名")
        answer = office.post(url, first)
        page = answer.content.decode()
        assert answer.status_code == 422
        told = {(each.stored, each.typed) for each in answer.context["seen_changes"]}
        assert told == {("2025-03-31", str(town.report.as_of)), ("同僚の題名", "レポート")}
        assert all(words in page for words in ("この画面を開いたあとに", "同僚の題名", "2025-03-31"))
        assert Report.objects.get(pk=town.report.pk).title == "同僚の題名"
        assert office.post(url, _report_form(page)).status_code == 302
        assert Report.objects.get(pk=town.report.pk).title == "レポート"

    def test_a_form_of_which_nothing_changed_saves_at_once(self, office, url) -> None:
        assert office.post(url, _report_form(office.get(url).content.decode())).status_code == 302


def _report_form(page: str) -> dict[str, str]:
    return _sent(page[page.index('<form class="form"') :])


def test_the_tables_that_this_file_knows_are_those_registered() -> None:
    registered = {model._meta.label_lower for model in admin.site._registry}
    assert set(ROWS) <= registered
