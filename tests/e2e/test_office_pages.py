"""The pages of closing, inquiries, files and progress records: accessible, and no wider than their screen."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from initiatives.models import Initiative
from inquiries.issuing import Request as Ask
from inquiries.issuing import issue
from inquiries.regular import make_due_inquiries
from japan.fiscal import add_months, fiscal_month_index, fiscal_year_of, month_start
from kpis.imports import look_through, reading_of, receive
from kpis.models import Kpi, Reporting
from kpis.values.closed import close_month
from tests.conftest import make_department, person
from tests.kpis.reporting_world import handed_in, make_month, report
from tests.kpis.world import access, make_kpi, part, put

CSV = "年月,LINE友だち登録者数,削減時間\r\nR7.4,100,たくさん\r\nR7.5,110,5\r\nR7.6,120,6\r\n".encode("cp932")


@pytest.fixture
def last_month() -> date:
    return add_months(month_start(timezone.localdate()), -1)


def test_closing_and_inquiries_are_accessible_and_fit(
    department, editor, approver, reform_office, last_month, new_context, sign_in, look_at
):
    month = make_month(department)
    handed_in(month.friends, editor, "5", last_month)
    [inquiry] = make_due_inquiries(timezone.localdate())
    close_month(add_months(last_month, -1), access=access(reform_office, timezone.localdate()))
    page = new_context().new_page()
    sign_in(page, reform_office)
    months = [f"/closing/{day:%Y-%m}/" for day in (last_month, add_months(last_month, -1))]
    asked = [reverse("inquiries:list"), reverse("inquiries:create"), reverse("inquiries:detail", args=[inquiry.pk])]
    look_at(page, "/closing/", *months, "/closing/changes/", reverse("owners:registrars"), *asked)
    page.goto(reverse("inquiries:detail", args=[inquiry.pk]))
    page.get_by_text("チャット・グループウェアに貼る文").click()
    expect(page.get_by_role("textbox", name="情報政策課への回答依頼の文")).to_be_visible()


def test_an_inquiry_is_answered_in_the_browser_and_decided_beside_what_was_closed_meanwhile(
    department, editor, approver, reform_office, last_month, new_context, sign_in, look_at
):
    handed_in(make_month(department).friends, editor, "5", last_month)
    close_month(last_month, access=access(reform_office, timezone.localdate()))
    words = Ask("端末の台数の照会", "台数を教えてください。", "改革係 内線1234", 5)
    inquiry = issue(words, [department], access=access(reform_office, timezone.localdate()))
    address = reverse("inquiries:recipient", args=[inquiry.recipients.get().pk])
    clerk, chief = new_context().new_page(), new_context().new_page()
    sign_in(clerk, editor)
    clerk.goto(address)
    clerk.get_by_role("textbox", name="回答").fill("120台")
    clerk.get_by_role("button", name="確認者へ提出").click()
    expect(clerk.get_by_text("回答を提出しました。")).to_be_visible()
    sign_in(chief, approver)
    look_at(chief, "/approvals/", address)
    chief.get_by_role("button", name="承認する").click()
    expect(chief.get_by_text("承認しました。")).to_be_visible()


def test_files_are_accessible_and_fit_at_every_step(department, editor, new_context, sign_in, look_at):
    make_month(department)
    who = access(editor, timezone.localdate())
    page = new_context().new_page()
    sign_in(page, editor)
    file = receive(CSV, "件数.csv", access=who, department=department)
    look_at(page, reverse("imports:list"), reverse("imports:reading", args=[file.pk]))
    look_through(file, reading_of(file, access=who), access=who)
    look_at(page, reverse("imports:preview", args=[file.pk]))


def test_records_and_values_registered_by_another_office_are_accessible_and_fit(
    division, department, editor, last_month, new_context, sign_in, look_at
):
    registrar = make_department(division, "1030", "広報課", "広報", 13)
    clerk = person("E030", "広報 夏子", "editor", registrar, "主任")
    kpi: Kpi = make_kpi("chat", "チャット件数", "件", "flow", parts=("joho",))
    report(part(kpi, "joho"), department)
    part(kpi, "joho").reportings.update(registrar=registrar)
    Initiative.objects.create(code="line", title="LINE", department=department, status="running")
    ended = add_months(last_month, -3)  # a quarter that has ended
    quarter = [fiscal_year_of(ended), fiscal_month_index(ended) // 3 + 1]
    page = new_context().new_page()
    sign_in(page, editor)
    own = f"/entries/1010/{last_month:%Y-%m}/"
    look_at(page, own, reverse("initiatives:progress", args=["line", *quarter]), "/progress/")
    sign_in(page, clerk)
    look_at(page, f"/entries/1030/{last_month:%Y-%m}/")


def test_a_registered_value_is_objected_to_on_a_phone_and_the_office_answers(
    department, registrar, editor, clerk, chief, last_month, new_context, sign_in, look_at
):
    friends = make_kpi("friends", "LINE友だち登録者数", "人", "stock", parts=("a", "b"))
    for code in ("a", "b"):
        report(part(friends, code), department)
        put(friends, f"{last_month:%Y-%m}", 100, code)
    Reporting.objects.update(registrar=registrar)
    theirs = new_context().new_page()
    sign_in(theirs, editor)
    look_at(theirs, f"/entries/1010/{last_month:%Y-%m}/")  # and leaves it as wide as a phone
    remark = theirs.get_by_role("textbox", name="（a）について気付いた点")
    remark.scroll_into_view_if_needed()
    expect(remark).to_be_in_viewport(ratio=1)
    remark.fill("窓口分がない")
    theirs.get_by_role("button", name="表示された2件を確認しました").click()
    expect(theirs.get_by_text("2件に回答しました")).to_be_visible()
    theirs.get_by_role("button", name="回答を取り消す").last.click()
    expect(theirs.get_by_text("回答1件を取り消しました")).to_be_visible()
    look_at(theirs)
    page = new_context().new_page()
    sign_in(page, clerk)
    page.goto("/")
    page.get_by_role("link", name="気付いた点1件に対応する").click()
    page.get_by_role("textbox", name="情報政策課の気付いた点への回答").fill("窓口分は入っています")
    look_at(page)
    page.get_by_role("button", name="気付いた点に回答する").click()
    expect(page.get_by_text("広報課の回答：窓口分は入っています")).to_be_visible()
    look_at(page)


def test_who_registers_a_figure_is_chosen_after_a_look_at_what_changes(
    department, registrar, editor, clerk, chief, reform_office, last_month, new_context, sign_in, look_at
):
    friends = make_month(department).friends
    handed_in(friends, editor, "5", last_month)
    page = new_context().new_page()
    sign_in(page, reform_office)
    page.goto(reverse("owners:registrars"))
    page.get_by_label("指標").first.select_option(label="LINE友だち登録者数")
    page.get_by_label("一括登録する所属").select_option(label="広報課")
    page.get_by_label("この月分から").fill(f"{last_month:%Y-%m}")
    page.get_by_role("button", name="変わる内容を確かめる").click()
    expect(page.get_by_text("手続き中の1件が移ります")).to_be_visible()
    look_at(page)
    page.get_by_role("button", name="この月分から変える").click()
    expect(page.get_by_text("広報課が一括登録するようにしました")).to_be_visible()
    look_at(page)
    theirs = new_context().new_page()
    sign_in(theirs, editor)
    look_at(theirs, f"/entries/1010/{last_month:%Y-%m}/", "/")
