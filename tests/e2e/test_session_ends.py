"""The session ends while somebody types: what they typed is not lost, with the script and without it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import KeptForm, Session
from kpis.models import Entry, Measurement
from tests.e2e.test_grid import department_of_30, field, last_month, open_page, state  # noqa: F401  fixtures

PASSWORD = "pass-word-123"


def sign_in_by_form(page: Page, number: str) -> None:
    page.get_by_label("職員番号").fill(number)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="ログインする").click()


@pytest.mark.both_profiles
def test_a_cell_keeps_what_was_typed(open_page, editor, department_of_30, base_url, page_problems):  # noqa: F811
    page, series = open_page(editor), department_of_30[0]
    Session.objects.all().delete()
    field(page, series).fill("1,234")
    page.keyboard.press("Tab")
    expect(page.locator("[data-grid-status]")).to_contain_text("ログインの期限が切れています")
    expect(field(page, series)).to_have_value("1,234")
    expect(state(page, series)).to_contain_text("保存できません")
    assert not Entry.objects.exists()

    elsewhere = page.context.new_page()
    elsewhere.goto(f"{base_url}/login/")
    sign_in_by_form(elsewhere, editor.employee_number)
    elsewhere.wait_for_url(f"{base_url}/")
    page.locator("[data-grid-retry]").first.click()
    expect(page.locator("[data-grid-status]")).to_contain_text("保存しました")
    # How the number is read was asked without a session, and the browser says so.
    assert Entry.objects.get().value == 1234
    page_problems[:] = [problem for problem in page_problems if "/entries/understand/" not in problem]


def test_a_button_leads_to_the_sign_in_and_nothing_says_saved(open_page, editor, department_of_30, page_problems):  # noqa: F811
    page, (first, second) = open_page(editor), department_of_30[:2]
    field(page, second).fill("5")
    page.keyboard.press("Tab")
    expect(state(page, second)).to_have_text("保存済")
    Session.objects.all().delete()
    field(page, first).fill("1,234")
    page.keyboard.press("Tab")
    expect(state(page, first)).to_contain_text("保存できません")
    link = page.locator("[data-grid-status]").get_by_role("link", name="ログイン画面を開く")
    expect(link).to_have_attribute("href", "/login/")
    field(page, second, "comment").fill("速報です。")
    expect(state(page, second)).to_have_text("未保存")
    submit = f"button[value=submit-{second.pk}]"
    page.locator(submit).click()
    expect(page.locator("main")).to_contain_text("30分間お預かりします")
    sign_in_by_form(page, editor.employee_number)
    expect(field(page, first)).to_have_value("1,234")
    expect(field(page, second, "comment")).to_have_value("速報です。")
    page.locator('form[data-grid="ready"]').wait_for()
    page.locator(submit).click()
    expect(page.locator(".messages")).to_contain_text("1件を確認者へ提出しました。")
    assert not KeptForm.objects.exists()
    assert {entry.series_id: entry.state for entry in Entry.objects.all()} == {
        first.pk: "draft",
        second.pk: "submitted",
    }
    page_problems[:] = [problem for problem in page_problems if "/entries/understand/" not in problem]


def test_after_signing_in_elsewhere_one_press_hands_in(open_page, editor, department_of_30, base_url, page_problems):  # noqa: F811
    page, series = open_page(editor), department_of_30[0]
    Session.objects.all().delete()
    field(page, series).fill("1,234")
    page.keyboard.press("Tab")
    expect(state(page, series)).to_contain_text("保存できません")
    elsewhere = page.context.new_page()
    elsewhere.goto(f"{base_url}/login/")
    sign_in_by_form(elsewhere, editor.employee_number)
    elsewhere.wait_for_url(f"{base_url}/")
    page.locator("[data-grid-retry]").first.click()
    expect(page.locator("[data-grid-status]")).to_contain_text("保存しました")
    page.locator(f"button[value=submit-{series.pk}]").click()
    expect(page.locator(".messages")).to_contain_text("1件を確認者へ提出しました。")
    assert Entry.objects.get().state == "submitted"
    page_problems[:] = [problem for problem in page_problems if "/entries/understand/" not in problem]


def test_without_the_script_the_form_comes_back_with_what_was_typed(open_page, editor, department_of_30, base_url):  # noqa: F811
    page, series = open_page(editor, java_script_enabled=False), department_of_30[0]
    address = page.url
    Session.objects.all().delete()
    field(page, series).fill("２３．５万")
    page.get_by_role("button", name="一時保存").first.click()
    expect(page.locator("main")).to_contain_text("30分間お預かりします")
    sign_in_by_form(page, editor.employee_number)
    expect(page).to_have_url(re.compile(re.escape(address) + r"\?kept="))
    expect(page.locator("[data-kept]")).to_contain_text("まだ保存していません")
    expect(field(page, series)).to_have_value("２３．５万")
    assert not Entry.objects.exists()
    assert not Measurement.objects.exists()
    page.get_by_role("button", name="一時保存").first.click()
    expect(page.locator(".messages")).to_be_visible()
    assert Entry.objects.get().value == 235000
    assert not KeptForm.objects.exists()


def test_the_pages_about_sessions_can_be_used_by_everybody(new_context, sign_in, look_at, editor, base_url):
    page = new_context().new_page()
    sign_in(page, editor)
    look_at(page, f"{base_url}/sessions/")
