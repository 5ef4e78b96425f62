"""A doubt appears under its field as soon as the cell is saved, is answered there, and stands first for the chief."""

from __future__ import annotations

from django.utils import timezone
from playwright.sync_api import Page, expect

from japan.fiscal import add_months, month_start
from kpis.models import Entry
from tests.kpis.reporting_world import report
from tests.kpis.world import make_kpi, part, put_months


def test_a_slip_of_ten_is_asked_about_answered_and_seen_first_by_the_chief(
    page: Page, sign_in, base_url, department, editor, approver, new_context, page_problems, assert_accessible
):
    last_month = add_months(month_start(timezone.localdate()), -1)
    calm, odd = (part(make_kpi(code, name, "件", "flow")) for code, name in (("calm", "相談件数"), ("odd", "申請件数")))
    for series in (calm, odd):
        report(series, department)
        put_months(series.kpi, f"{add_months(last_month, -30):%Y-%m}", *[1000 + n % 7 for n in range(30)])
    sign_in(page, editor)
    page.goto(f"{base_url}/entries/1010/{last_month:%Y-%m}/")
    page.locator('form[data-grid="ready"]').wait_for()
    for series, text in ((calm, "1004"), (odd, "10040")):
        page.locator(f"[name=s{series.pk}-typed]").fill(text)
        page.keyboard.press("Enter")
    doubt = page.locator(f"#s{odd.pk}-checks")
    expect(doubt).to_contain_text("桁が1つ違うかもしれません")
    assert_accessible(page)
    page.get_by_role("button", name="確認者へ提出").click()
    expect(page.locator(f"#s{odd.pk}-error")).to_contain_text("増減理由を選ぶか")
    page_problems.clear()  # the browser notes the answer 422
    page.get_by_label("申請件数の増減理由").select_option("イベント")
    page.get_by_role("button", name="確認者へ提出").click()
    page.get_by_text("2件を確認者へ提出しました").wait_for()
    assert Entry.objects.get(series=odd).change_reason == "event"

    chief = new_context().new_page()
    sign_in(chief, approver)
    chief.goto(f"{base_url}/approvals/")
    first = chief.locator(".approval-table tbody .entry-table__kpi").first
    expect(first).to_have_text("申請件数")
    expect(chief.locator(".checked")).to_contain_text("増減理由：イベント")
    assert_accessible(chief)
