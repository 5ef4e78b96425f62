"""The structure of a report's pages in the back office: what a page cannot take is an error at saving."""

from __future__ import annotations

import pytest

from accounts.back_office.access import follow_staff_flag
from reports.models import Report, Section


@pytest.fixture
def office(reform_office, signed_in):
    follow_staff_flag(reform_office)
    return signed_in(reform_office)


@pytest.fixture
def section(db) -> Section:
    report = Report.objects.create(
        volume=6,
        title="レポート",
        first_fiscal_year=2022,
        last_fiscal_year=2024,
        as_of="2025-05-31",
        issuer="市",
        contact="課",
    )
    return Section.objects.create(report=report, order=1, kind="cover", title="表紙")


def save(office, section: Section, **typed: str):
    form = {"report": section.report_id, "order": "1", "kind": "cover", "title": "表紙", "options": "{}"}
    return office.post(f"/admin/reports/section/{section.pk}/change/", form | typed)


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("options", '{"cards": []}', "「cards」という設定はありません"),
        ("options", '{"slogan": 5}', "合言葉は文字で"),
        ("body", "{{ kpi:nothing.value }}", "nothing"),
        ("lead", "{{ kpi:nothing.value", "数が合いません"),
    ],
)
def test_what_the_page_cannot_take_is_told_at_its_field(office, section, field, typed, message) -> None:
    errors = save(office, section, **{field: typed}).context["adminform"].form.errors
    assert message in str(errors[field])


def test_a_saved_page_gets_a_new_version(office, section) -> None:
    assert save(office, section, title="新しい表紙").status_code == 302
    section.refresh_from_db()
    assert (section.title, section.version) == ("新しい表紙", 2)


def test_editions_and_jobs_are_looked_at_and_neither_added_nor_deleted(office) -> None:
    for model in ("reports/edition", "jobs/job"):
        assert office.get(f"/admin/{model}/").status_code == 200
        assert office.get(f"/admin/{model}/add/").status_code == 403
