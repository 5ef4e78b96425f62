"""Home, timeline, initiative, surveys and signing in, as a browser shows them: wide and narrow, by keyboard, on paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from initiatives.models import Initiative, Milestone, Pillar, PillarName
from japan.fiscal import add_months, month_start
from kpis.entries import send_back
from kpis.models import Reporting
from kpis.summaries.recompute import recompute
from surveys.models import Question, Result, Survey
from tests.kpis.reporting_world import draft, handed_in, report
from tests.kpis.world import access, make_kpi, part, put


@pytest.fixture
def initiatives(db) -> Initiative:
    """A pillar with a dated, an undated and a running milestone; an initiative without any."""
    pillar = Pillar.objects.create(code="service", order=1, icon="service", note="名称は内容により対応させた。")
    PillarName.objects.create(pillar=pillar, name="市民接点のデジタル化", valid_from=date(2022, 4, 1))
    initiative = Initiative.objects.create(code="counter", title="書かない窓口", pillar=pillar, source="vol.5")
    for year, month, wording, until in (
        (2022, 9, "おくやみ相談窓口設置", None),
        (2023, None, "集中保全に着手", 2025),
        (2024, 12, "書かない窓口導入", None),
    ):
        Milestone.objects.create(
            initiative=initiative, fiscal_year=year, month=month, wording=wording, until_fiscal_year=until
        )
    Initiative.objects.create(code="chat", title="LoGoチャット", pillar=pillar)
    return initiative


@pytest.fixture
def survey(db) -> Survey:
    """A published share, and counts of two choices."""
    survey = Survey.objects.create(code="staff", name="職員向けのアンケート", conducted_on=date(2025, 3, 1))
    ring = Question.objects.create(survey=survey, code="a", wording="引き続き改革を進めていくべき", order=1)
    Result.objects.create(question=ring, label=ring.wording, percent=78)
    bars = Question.objects.create(survey=survey, code="b", wording="改革を感じるか", order=2)
    for order, (label, count) in enumerate([("感じる", 20), ("感じない", 10)]):
        Result.objects.create(question=bars, label=label, count=count, order=order)
    return survey


@pytest.fixture
def work(department, editor, approver) -> None:
    """Last month of 情報政策課: one figure returned, one a draft, one handed in; an approved value before it."""
    last_month = add_months(month_start(timezone.localdate()), -1)
    series = [
        part(make_kpi(code, name, "人", "stock")) for code, name in (("a", "友達数"), ("b", "登録者"), ("c", "窓口"))
    ]
    for each in series:
        report(each, department)
    Reporting.objects.update(valid_from=last_month)
    put(series[0].kpi, f"{add_months(last_month, -1):%Y-%m}", 100, is_synthetic=True)
    recompute(series[0].kpi_id)
    send_back(handed_in(series[0], editor, "50", last_month), access=access(approver), reason="桁を確かめてください。")
    draft(series[1], editor, "6", last_month)
    handed_in(series[2], editor, "7", last_month)


@pytest.fixture
def opened(new_context, sign_in) -> Callable[..., Page]:
    def open_page(user, name: str, *args: str, width: int = 1280) -> Page:
        page = new_context(viewport={"width": width, "height": 900}).new_page()
        sign_in(page, user)
        page.goto(reverse(name, args=args))
        return page

    return open_page


def test_every_role_s_home_page_is_accessible_and_fits(
    work, editor, approver, reform_office, viewer, opened, look_at
) -> None:
    for user in (editor, approver, reform_office, viewer):
        look_at(opened(user, "home"))


def test_an_editor_goes_from_the_reason_for_a_return_to_the_figure(work, editor, opened) -> None:
    page = opened(editor, "home")
    expect(page.get_by_text("桁を確かめてください。")).to_be_visible()
    page.get_by_role("link", name="友達数").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("友達数")


def test_pages_that_everybody_reads_are_accessible_and_fit(initiatives, survey, viewer, opened, look_at) -> None:
    named = (
        ("initiatives:timeline", []),
        ("initiatives:detail", ["counter"]),
        ("surveys:list", []),
        ("surveys:detail", ["staff"]),
        ("password_change", []),
    )
    look_at(opened(viewer, "home"), *(reverse(name, args=args) for name, args in named))


def test_the_timeline_is_a_grid_on_a_wide_screen_and_a_list_on_a_phone(initiatives, viewer, opened) -> None:
    def across(page: Page) -> bool:
        cells = page.locator(".chronicle__cell")
        first, last = cells.first.bounding_box(), cells.last.bounding_box()
        return bool(first and last and first["y"] == last["y"])

    wide, phone = opened(viewer, "initiatives:timeline"), opened(viewer, "initiatives:timeline", width=390)
    assert across(wide)
    assert not across(phone)
    expect(phone.get_by_text("令和4(2022)年度", exact=True).last).to_be_visible()


def test_a_filter_is_in_the_address_and_leads_to_an_initiative(initiatives, viewer, opened) -> None:
    page = opened(viewer, "initiatives:timeline")
    page.get_by_label("取組・実施事項の名称").fill("おくやみ")
    page.get_by_role("button", name="絞り込む").click()
    assert "q=" in page.url
    expect(page.locator(".chronicle__item")).to_have_count(1)
    page.get_by_role("link", name="おくやみ相談窓口設置").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("書かない窓口")


def test_on_paper_the_timeline_keeps_its_grid_and_loses_what_can_be_pressed(initiatives, viewer, opened) -> None:
    page = opened(viewer, "initiatives:timeline")
    page.emulate_media(media="print")
    expect(page.locator(".chronicle")).to_be_visible()
    expect(page.get_by_role("button", name="絞り込む")).to_be_hidden()
    expect(page.locator(".site-nav")).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.body).page") == "wide"


def test_signing_in_is_accessible_and_says_what_is_wrong(editor, new_context, look_at) -> None:
    page = new_context().new_page()
    look_at(page, reverse("login"))
    page.get_by_label("職員番号").fill("E001")
    page.get_by_label("パスワード").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("職員番号とパスワード")
    look_at(page)


def test_a_person_changes_the_password_and_signs_in_with_it(editor, new_context) -> None:
    page = new_context().new_page()
    new = "atarashii-aikotoba-7"
    for password in ("pass-word-123", new):
        page.goto(reverse("login"))
        page.get_by_label("職員番号").fill("E001")
        page.get_by_label("パスワード").fill(password)
        page.get_by_role("button", name="ログインする").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("ホーム")
        if password != new:
            page.goto(reverse("password_change"))
            page.get_by_label("元のパスワード").fill(password)
            page.get_by_label("新しいパスワード", exact=False).nth(0).fill(new)
            page.get_by_label("新しいパスワード", exact=False).nth(1).fill(new)
            page.get_by_role("button", name="変更する").click()
            expect(page.get_by_role("heading", level=1)).to_have_text("パスワードを変更しました")
        page.get_by_role("button", name="ログアウト").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("ログイン")
