"""The back office in a browser: under the same content security policy as every page, without a word in the console."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from accounts.back_office.access import follow_staff_flag
from kpis.models import Measurement
from tests.kpis.world import make_world, put


@pytest.fixture
def page(new_context, sign_in, reform_office) -> Page:
    follow_staff_flag(reform_office)
    page = new_context().new_page()
    sign_in(page, reform_office)
    return page


def test_a_value_is_entered_with_the_series_looked_up(page, base_url, department) -> None:
    make_world(department)
    page.goto(f"{base_url}/admin/kpis/measurement/add/")
    page.locator(".field-series .select2-selection").click()
    page.locator(".select2-search__field").fill("LINE")
    page.get_by_role("option", name="LINE友だち登録者数").click()
    page.get_by_label("対象期間（初日）").fill("2025-04-01")
    page.get_by_label("値:", exact=True).fill("４万")
    page.get_by_label("登録・訂正の理由").fill("所管課の報告")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Measurement.objects.get().value == 40_000


@pytest.mark.both_profiles
def test_a_file_is_previewed_and_confirmed(page, base_url, department) -> None:
    make_world(department)
    page.goto(f"{base_url}/admin/kpis/measurement/import/")
    content = "指標コード,対象期間,値\nfriends,2025-04,4万".encode("cp932")
    page.get_by_label("取り込むファイル").set_input_files({"name": "値.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_label("登録・訂正の理由").fill("月次の取り込み")
    page.locator(".submit-row input").click()
    expect(page.locator(".import-preview ins", has_text="40000")).to_be_visible()
    page.locator("input[name=confirm]").click()
    expect(page.locator(".messagelist .success")).to_contain_text("新しい行1")


def test_the_other_pages_open_without_a_complaint(page, base_url, department, reform_office) -> None:
    world = make_world(department)
    measurement = put(world.friends, "2025-04", 40_000)
    for path in (
        "",
        f"kpis/kpi/{world.friends.pk}/change/",
        f"kpis/measurement/{measurement.pk}/change/",
        "kpis/measurement/export/",
        f"accounts/user/{reform_office.pk}/change/",
        "accounts/user/add/",
        f"accounts/department/{department.pk}/change/",
        "initiatives/initiative/add/",
        "surveys/result/import/",
        "reports/section/add/",
    ):
        response = page.goto(f"{base_url}/admin/{path}")
        assert response is not None
        assert response.status == 200, path
