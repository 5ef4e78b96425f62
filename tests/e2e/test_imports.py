"""A file is taken over in a browser: its figures typed or picked, what only a person can say answered by a button."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from japan.fiscal import add_months, month_start
from kpis.models import Entry, ImportedFile
from tests.kpis.imports.conftest import xlsx
from tests.kpis.world import World, make_world


@pytest.fixture
def world(department) -> World:
    return make_world(department)


@pytest.fixture
def months() -> list[date]:
    """The two newest months that have ended, and the one that runs."""
    this = month_start(timezone.localdate())
    return [add_months(this, -2), add_months(this, -1), this]


@pytest.fixture
def handed_in(page: Page, sign_in, editor, world, months) -> ImportedFile:
    """A workbook with a rate to be rounded, a count in percent cells' place, a name of its own and a month to come."""
    sign_in(page, editor)
    rows = [[month, rate, count, 9] for month, rate, count in zip(months, (45.666, 0.5, 0), (7, 8, 0), strict=True)]
    formats = {f"A{row}": 'yyyy"年"m"月"' for row in (2, 3, 4)} | {"B3": "0%"}
    data = xlsx(["年月", "満足の割合", "総申請件数（実績）", "総申請件数前年比"], *rows, **formats)
    page.goto(reverse("imports:list"))
    page.locator("input[type=file]").set_input_files({"name": "月報.xlsx", "mimeType": "application/x", "buffer": data})
    page.get_by_role("button", name="読み取る").click()
    expect(page.get_by_role("heading", name="読み取り方を決める")).to_be_visible()
    return ImportedFile.objects.get()


def test_figures_are_picked_questions_answered_and_all_is_handed_in(page: Page, handed_in, look_at, months):
    look_at(page)
    expect(page.get_by_role("combobox", name="総申請件数（実績）")).to_have_value("総申請件数（件）")
    expect(page.get_by_role("combobox", name="総申請件数前年比")).to_have_value("")
    assert page.locator("datalist#figures option").count() > 3
    page.get_by_role("combobox", name="満足の割合").fill("満足度")
    page.get_by_role("button", name="内容を確かめる").click()
    expect(page.get_by_text("指標の小数点以下の桁より細かい値が1件あります。")).to_be_visible()
    look_at(page)
    page.get_by_role("button", name="そのままの桁で取り込む").click()
    expect(page.get_by_text("値はまだ何も変わっていません").first).to_be_visible()
    expect(page.get_by_text("45.666（表示は45.7%）", exact=True)).to_be_visible()
    expect(page.get_by_text("取り込まないものが")).to_contain_text("値5件")
    look_at(page)
    page.get_by_role("button", name="取り込んで確認者へ提出する").click()
    expect(page.get_by_text("4件を確認者へ提出しました。")).to_be_visible()
    rates = Entry.objects.filter(series__kpi__code="satisfaction").order_by("period")
    assert [entry.value for entry in rates] == [Decimal("45.666"), Decimal(50)]


def test_a_name_that_is_no_figure_is_told_at_its_box_and_stays(page: Page, handed_in, look_at, page_problems):
    box = page.get_by_role("combobox", name="満足の割合")
    box.fill("まんぞく")
    page.get_by_role("button", name="内容を確かめる").click()
    expect(page.locator(".choosing .errorlist")).to_contain_text("「まんぞく」という指標はありません")
    expect(page.get_by_role("combobox", name="満足の割合")).to_have_value("まんぞく")
    expect(page.get_by_role("combobox", name="満足の割合")).to_have_attribute("aria-invalid", "true")
    look_at(page)
    page_problems.clear()  # the browser notes the refusal (422)


def test_it_works_without_scripts(new_context, sign_in, editor, world):
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, editor)
    page.goto(reverse("imports:list"))
    data = xlsx(["年月", "ともだち"], ["令和6年4月", 5], ["令和6年5月", 6])
    page.locator("input[type=file]").set_input_files({"name": "月報.xlsx", "mimeType": "application/x", "buffer": data})
    page.get_by_role("button", name="読み取る").click()
    page.get_by_role("combobox", name="ともだち").fill("LINE友だち登録者数")
    page.get_by_role("button", name="内容を確かめる").click()
    expect(page.get_by_role("heading", name="内容を確かめる")).to_be_visible()
    expect(page.get_by_role("rowheader", name="LINE友だち登録者数").first).to_be_visible()
