"""Handing a post over, reorganising and naming a deputy in a browser: to be used by everybody, and on paper as told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Department, Deputy, Handover
from kpis.models import OwnerCard
from tests.conftest import person
from tests.e2e.conftest import PHONE
from tests.kpis.reporting_world import draft, make_month


@pytest.fixture
def month(department):
    return make_month(department)


def test_a_post_is_handed_over_and_its_paper_printed_with_twenty_millimetres(
    page: Page, base_url, month, department, editor, sign_in, assert_accessible
) -> None:
    successor = person("E003", "後任 葉子", "editor", department, "主任")
    OwnerCard.objects.create(
        kpi=month.friends.kpi, department=department, owner=editor.assignments.get(), updated_at=timezone.now()
    )
    draft(month.friends, editor, "40000")
    sign_in(page, editor)
    page.goto(f"{base_url}/owners/")
    assert_accessible(page)
    page.get_by_role("link", name="LINE友だち登録者数").click()
    assert_accessible(page)
    page.goto(f"{base_url}/handover/")
    assert_accessible(page)
    page.get_by_role("link", name="入力 花子").click()
    page.locator("[name=taker]").select_option(str(successor.assignments.get().pk))
    page.get_by_role("button", name="移る内容を確かめる").click()
    expect(page.get_by_text("手続き中の回答　1件")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("上の内容を後任に移す").check()
    page.get_by_role("button", name="引き継いで事務引継書を作る").click()
    expect(page.get_by_role("heading", name="事務引継書")).to_be_visible()
    assert_accessible(page)
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).page") == "paper"
    expect(page.locator(".site-header")).to_be_hidden()
    assert Handover.objects.get().taker.user == successor


def test_a_department_is_renamed_and_the_personnel_list_looked_through(
    page: Page, base_url, month, department, editor, reform_office, sign_in, assert_accessible
) -> None:
    sign_in(page, reform_office)
    page.goto(f"{base_url}/reorganisation/?department={department.pk}")
    page.get_by_label("実施日").fill("2027-04-01")
    page.locator("[name=to0-name]").fill("DX推進課")
    page.get_by_role("button", name="移る内容を確かめる").click()
    expect(page.get_by_text("報告する内訳　3件")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("この内容で組織改正を実施する").check()
    page.get_by_role("button", name="組織改正を実施する").click()
    expect(page.get_by_text("組織改正を実施しました")).to_be_visible()
    assert Department.objects.filter(name="DX推進課").exists()
    rows = "職員番号,氏名,所属,職,役割,発令日\nN001,新人,情報政策課,主事,入力担当者,2026-04-01"
    page.goto(f"{base_url}/personnel/")
    file = {"name": "人事.csv", "mimeType": "text/csv", "buffer": rows.encode("cp932")}
    page.get_by_label("人事CSV").set_input_files(files=[file])  # type: ignore[list-item]
    page.get_by_role("button", name="内容を確かめる").click()
    expect(page.get_by_role("heading", name="変わる内容")).to_be_visible()
    assert_accessible(page)


def test_a_chief_names_a_deputy_on_a_phone(new_context, base_url, approver, editor, sign_in, assert_accessible) -> None:
    page = new_context(viewport=PHONE).new_page()
    sign_in(page, approver)
    page.goto(f"{base_url}/deputies/")
    tomorrow = timezone.localdate() + timedelta(days=1)
    page.get_by_label("代決者", exact=False).last.select_option(str(editor.pk))
    for name in ("first", "last"):
        page.locator(f"[name={name}]").fill(tomorrow.isoformat())
    page.locator("[name=reason]").fill("出張")
    page.get_by_role("button", name="この期間の代決者に登録する").click()
    expect(page.get_by_role("button", name="取り消す")).to_be_visible()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert Deputy.objects.get().deputy == editor
