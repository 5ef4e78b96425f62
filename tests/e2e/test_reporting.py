"""A month is entered, returned, mended and approved in a browser: as typed in Japanese, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Locator, Page, expect

from japan.fiscal import add_months, month_start
from kpis.models import Entry, Measurement, Series
from tests.kpis.reporting_world import Month, draft, handed_in, make_month
from tests.kpis.world import put

REASON = "先月のおよそ2倍です。単位を確かめてください。"


@pytest.fixture
def last_month() -> date:
    """The newest month that has ended: the one to be reported."""
    return add_months(month_start(timezone.localdate()), -1)


@pytest.fixture
def month(department) -> Month:
    return make_month(department)


@pytest.fixture
def page_of(new_context: Callable[..., BrowserContext], sign_in) -> Callable[..., Page]:
    """A browser of their own for each person."""

    def page_of(user: Any, **options: Any) -> Page:
        page = new_context(**options).new_page()
        sign_in(page, user)
        return page

    return page_of


@pytest.fixture
def month_url(base_url, last_month) -> str:
    return f"{base_url}/entries/1010/{last_month:%Y-%m}/"


def field(page: Page, series: Series, name: str = "typed") -> Locator:
    return page.locator(f"[name=s{series.pk}-{name}]")


def understood(page: Page, series: Series) -> Locator:
    return page.locator(f"#s{series.pk}-understood")


def in_numbers(series: Series, when: date) -> tuple[Decimal | None, str]:
    measurement = Measurement.objects.get(series=series, period=when)
    return measurement.value, measurement.missing_reason


def enter_all(page: Page, month: Month) -> None:
    field(page, month.hours).fill("２３．５万")
    field(page, month.growth).fill("▲１．５")
    field(page, month.friends).fill("－")
    expect(understood(page, month.hours)).to_have_text("235,000時間（23.5万時間）")
    expect(understood(page, month.growth)).to_have_text("▲1.5%")
    expect(understood(page, month.friends)).to_have_text("該当なし")


def send_back(page: Page, series: Series) -> None:
    entry = Entry.objects.open().get(series=series)
    row = page.locator(f"#e{entry.pk} + tr")
    row.locator("summary").click()
    row.get_by_label("差し戻す理由").fill(REASON)
    row.get_by_role("button", name="理由を添えて差し戻す").click()
    expect(page.get_by_text("差し戻しました。")).to_be_visible()


def approve_all(page: Page) -> None:
    page.get_by_label("すべて選ぶ").check()
    page.get_by_role("button", name="選んだ回答を承認する").click()


@pytest.mark.both_profiles
def test_a_month_is_entered_returned_mended_and_approved_to_the_digit(
    page_of, base_url, month_url, month, last_month, editor, approver
):
    clerk, chief = page_of(editor), page_of(approver)
    clerk.goto(month_url)
    enter_all(clerk, month)
    clerk.get_by_role("button", name="確認者へ提出", exact=True).click()
    expect(clerk.get_by_text("3件を確認者へ提出しました。")).to_be_visible()

    chief.goto(base_url + "/approvals/")
    send_back(chief, month.hours)
    clerk.reload()
    expect(clerk.get_by_text(REASON)).to_be_visible()
    field(clerk, month.hours).fill("１１７，５００時間")
    clerk.get_by_role("button", name="この行を提出").click()
    expect(clerk.get_by_text("1件を確認者へ提出しました。")).to_be_visible()

    chief.reload()
    approve_all(chief)
    expect(chief.get_by_text("3件を承認しました。")).to_be_visible()
    assert in_numbers(month.hours, last_month) == (Decimal("117500"), "")
    assert in_numbers(month.growth, last_month) == (Decimal("-1.5"), "")
    assert in_numbers(month.friends, last_month) == (None, "not_applicable")


def test_what_cannot_be_read_is_said_while_typing_and_stays_in_its_field(
    page_of, month_url, month, editor, page_problems
):
    page = page_of(editor)
    page.goto(month_url)
    field(page, month.hours).fill("たくさん")
    expect(understood(page, month.hours).locator(".error-text")).to_be_visible()
    page.get_by_role("button", name="一時保存").click()
    expect(field(page, month.hours)).to_have_value("たくさん")
    expect(field(page, month.hours)).to_have_attribute("aria-invalid", "true")
    page_problems.clear()  # the browser notes the answer 422


@pytest.mark.both_profiles
def test_a_month_is_entered_and_approved_with_the_keyboard_alone(
    page_of, base_url, month_url, month, last_month, editor, approver
):
    clerk, chief = page_of(editor), page_of(approver)
    clerk.goto(month_url)
    field(clerk, month.friends).focus()
    for text in ("40000", "235000", "1.5"):
        clerk.keyboard.type(text)
        clerk.keyboard.press("Enter")  # down the column; in the last field nothing is sent
    expect(field(clerk, month.growth)).to_be_focused()
    press_by_keyboard(clerk, clerk.get_by_role("button", name="確認者へ提出", exact=True))
    expect(clerk.get_by_text("3件を確認者へ提出しました。")).to_be_visible()
    chief.goto(base_url + "/approvals/")
    tab_to(chief, chief.get_by_label("LINE友だち登録者数を選ぶ"))
    chief.keyboard.press("Space")
    press_by_keyboard(chief, chief.get_by_role("button", name="選んだ回答を承認する"))
    expect(chief.get_by_text("1件を承認しました。")).to_be_visible()
    assert in_numbers(month.friends, last_month) == (Decimal("40000"), "")


def tab_to(page: Page, target: Locator) -> None:
    for _ in range(60):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    expect(target).to_be_focused()


def press_by_keyboard(page: Page, button: Locator) -> None:
    tab_to(page, button)
    page.keyboard.press("Enter")


def test_the_enter_that_confirms_a_conversion_neither_moves_nor_sends(page_of, month_url, month, editor):
    page = page_of(editor)
    page.goto(month_url)
    field(page, month.friends).focus()
    keyboard = page.context.new_cdp_session(page)
    keyboard.send("Input.imeSetComposition", {"text": "２３．５万", "selectionStart": 5, "selectionEnd": 5})
    # As an input method sends it: the browser sees the key with the code 229 and makes no character of it.
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
    keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", "key": "Enter", "code": "Enter"})
    expect(field(page, month.friends)).to_be_focused()
    keyboard.send("Input.insertText", {"text": "２３．５万"})
    expect(understood(page, month.friends)).to_have_text("235,000人")
    expect(page).to_have_url(month_url)
    assert not Entry.objects.exists()


def test_leaving_with_unsaved_input_is_said_on_the_page(page_of, month_url, month, editor):
    page = page_of(editor)
    page.goto(month_url)
    note = page.get_by_text("保存していない入力があります。")
    expect(note).to_be_hidden()
    field(page, month.friends).fill("5")
    expect(note).to_be_visible()
    page.get_by_role("button", name="一時保存").click()
    expect(page.get_by_text("1件を一時保存しました。")).to_be_visible()
    expect(note).to_be_hidden()


@pytest.mark.both_profiles
def test_without_scripts_a_month_is_saved_and_read_back(page_of, month_url, month, editor):
    page = page_of(editor, java_script_enabled=False)
    page.goto(month_url)
    field(page, month.hours).fill("２３．５万")
    field(page, month.hours).press("Enter")  # without scripts Enter presses the first button: the harmless one
    expect(page.get_by_text("1件を一時保存しました。")).to_be_visible()
    expect(understood(page, month.hours)).to_have_text("235,000時間（23.5万時間）")
    assert Entry.objects.get().state == Entry.State.DRAFT


def test_every_page_of_reporting_is_accessible_and_fits(
    page_of, month_url, month, last_month, editor, approver, look_at, page_problems
):
    put(month.friends.kpi, f"{add_months(last_month, -1):%Y-%m}", 41_000, is_provisional=True)
    submitted = handed_in(month.hours, editor, "5", last_month, comment="速報です")
    draft(month.friends, editor, "6", last_month)
    clerk, chief = page_of(editor), page_of(approver)
    correcting = f"/entries/1010/{add_months(last_month, -1):%Y-%m}/?correct={month.friends.pk}"
    look_at(clerk, "/entries/", f"/entries/1010/{last_month:%Y-%m}/", correcting, f"/entries/{submitted.pk}/")
    look_at(chief, "/approvals/", f"/approvals/{submitted.pk}/")
    clerk.goto(month_url)
    field(clerk, month.growth).fill("たくさん")
    clerk.get_by_role("button", name="確認者へ提出", exact=True).click()
    expect(clerk.get_by_text("提出はしていません")).to_be_visible()
    look_at(clerk)
    page_problems.clear()  # the browser notes the answer 422
