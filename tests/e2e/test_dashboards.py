"""The managers' pages in a browser: clean for axe at both widths, interactive where scripts run, whole where they do not."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from initiatives.models import Initiative, Milestone, Pillar, PillarName
from kpis.models import Kpi, Target
from kpis.summaries.recompute import recompute
from kpis.values.recording import record
from tests.kpis.world import World, change, make_world


@pytest.fixture
def city(department) -> World:
    """Figures of a pillar: months, years, parts of which one is missing, a target, a milestone."""
    world = make_world(department)
    pillar = Pillar.objects.create(code="p1", order=1, icon="service", contents="行政サービスデジタル化")
    PillarName.objects.create(pillar=pillar, name="市民サービスのDX", valid_from=date(2022, 4, 1))
    Kpi.objects.filter(code__in=["friends", "visits", "copies"]).update(pillar=pillar)
    initiative = Initiative.objects.create(code="line", title="LINEの拡充", pillar=pillar)
    Milestone.objects.create(initiative=initiative, wording="新メニュー開始", fiscal_year=2024, month=10)
    world.friends.initiatives.add(initiative)
    Target.objects.create(kpi=world.friends, fiscal_year=2025, value=Decimal(60_000), is_synthetic=True)
    months = [f"{2023 + (3 + n) // 12}-{(3 + n) % 12 + 1:02}" for n in range(26)]
    changes = [change(world.friends, m, 20_000 + 1_000 * n, is_synthetic=True) for n, m in enumerate(months)]
    changes += [change(world.visits, f"2025-0{n}", 1200 - 100 * n, "a") for n in (3, 4, 5)]
    changes += [change(world.visits, f"2025-0{n}", 600 - 100 * n, "b") for n in (3, 4)]
    changes += [change(world.hours, "FY2023", 110), change(world.hours, "FY2024", 100)]
    record(changes, actor=None, post="", reason="試験")
    for kpi in Kpi.objects.all():
        recompute(kpi.pk)
    return world


@pytest.fixture
def manager_page(new_context, sign_in, viewer) -> Page:
    """A viewer's page on a desk."""
    page = new_context().new_page()
    sign_in(page, viewer)
    return page


def test_every_page_is_accessible_and_fits(city, manager_page, look_at) -> None:
    same = ["/overview/", "/kpis/friends/", "/kpis/visits/", "/kpis/hours/", "/kpis/rate/"]
    look_at(manager_page, *same, "/overview/?as_of=2025-05")


def test_a_card_leads_to_its_figure_by_keyboard(city, manager_page) -> None:
    manager_page.goto("/overview/")
    manager_page.locator(".kpi-card__link", has_text="LINE友だち登録者数").focus()
    manager_page.keyboard.press("Enter")
    expect(manager_page.get_by_role("heading", level=1)).to_have_text("LINE友だち登録者数")
    expect(manager_page.locator(".kpi-card__number")).to_have_text("45,000")


def test_the_link_in_a_card_leads_to_who_has_reported(city, manager_page) -> None:
    manager_page.goto("/overview/?as_of=2025-05")
    manager_page.locator(".kpi-card", has_text="来庁者数").get_by_role("link", name="回答状況").click()
    expect(manager_page).to_have_url(re.compile(r"/kpis/visits/#reporting$"))
    expect(manager_page.locator("#reporting")).to_contain_text("2件中1件")


def test_the_chart_becomes_interactive_and_its_drawing_stays_for_paper(city, manager_page) -> None:
    manager_page.goto("/kpis/friends/")
    expect(manager_page.locator("[data-chart-plot] .main-svg").first).to_be_visible()
    expect(manager_page.locator(".chart__picture--wide")).to_be_hidden()
    expect(manager_page.locator(".chart__markers")).to_contain_text("新メニュー開始")
    manager_page.emulate_media(media="print")
    expect(manager_page.locator(".chart__picture--wide")).to_be_visible()
    expect(manager_page.locator("[data-chart]")).to_be_hidden()


def test_without_scripts_the_drawing_and_the_table_are_there(new_context, sign_in, viewer, city) -> None:
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, viewer)
    page.goto("/kpis/friends/")
    expect(page.get_by_role("img", name="LINE友だち登録者数の推移").first).to_be_visible()
    page.get_by_text("表で見る").click()
    expect(page.get_by_role("region", name="LINE友だち登録者数の推移の表")).to_contain_text("45,000人")
    page.get_by_role("link", name="すべての月").click()
    expect(page.get_by_role("link", name="すべての月")).to_have_attribute("aria-current", "true")


def test_the_overview_shows_an_earlier_month_on_request(city, manager_page) -> None:
    manager_page.goto("/overview/")
    manager_page.get_by_label("いつまでの値").select_option("2025-03")
    manager_page.get_by_role("button", name="表示する").click()
    expect(manager_page.locator(".kpi-card", has_text="LINE友だち登録者数")).to_contain_text("43,000")


def test_the_data_file_downloads(city, manager_page) -> None:
    manager_page.goto("/kpis/friends/")
    with manager_page.expect_download() as download:
        manager_page.get_by_role("link", name="CSV（Excel用）").first.click()
    assert download.value.suggested_filename == "friends-excel.csv"
