"""The reform office publishes an edition in the browser: a click, progress, both files to keep."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import expect

from jobs.models import Job
from reports.exporting import KIND
from reports.models import Edition

pytestmark = pytest.mark.both_profiles

#: Typesetting takes seconds, and longer where the machine is busy.
PATIENCE = 240_000


@pytest.fixture
def vol5(transactional_db) -> None:
    """Only what vol.5 publishes."""
    call_command("load_vol5", verbosity=0)


@pytest.mark.timeout(360)
def test_an_edition_is_made_with_progress_and_both_files_are_downloaded(
    vol5, reform_office, new_context, sign_in, base_url, assert_accessible
):
    page = new_context().new_page()
    sign_in(page, reform_office)
    page.goto(base_url + reverse("reports:detail", args=[5]))
    assert_accessible(page)
    page.get_by_role("button", name="公表版を作成する").click()
    page.get_by_role("button", name="作成する", exact=True).click()

    expect(page.get_by_role("heading", name="レポートの公表版の作成")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_be_visible()
    page.get_by_role("link", name="構造改革レポート vol.5 の公表版を見る").click(timeout=PATIENCE)

    edition, job = Edition.objects.get(), Job.objects.get(kind=KIND)
    assert (edition.number, edition.created_by, job.percent) == (1, reform_office, 100)
    expect(page.get_by_role("rowheader", name="第1版")).to_be_visible()
    for name, kind in (("PDF", "pdf"), ("HTML", "html")):
        with page.expect_download() as download:
            page.get_by_role("link", name=f"{name}（").click()
        assert download.value.suggested_filename == f"構造改革レポート_vol5_第1版.{kind}"
        saved = hashlib.sha256(Path(download.value.path()).read_bytes()).hexdigest()
        assert saved == getattr(edition, f"{kind}_sha256")


def test_a_page_is_edited_and_previewed(vol5, reform_office, new_context, sign_in, base_url, assert_accessible):
    page = new_context().new_page()
    sign_in(page, reform_office)
    page.goto(base_url + reverse("reports:detail", args=[5]))
    page.get_by_role("link", name="市役所を、手のひらの上に").click()
    page.get_by_label("リード文").fill("友だちは{{ kpi:line-friends.value }}になりました。")
    page.get_by_role("button", name="書き出す内容を確かめる").click()
    expect(page.get_by_text("友だちは40,000人（概数）になりました。")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="保存する").click()
    expect(page.get_by_text("「市役所を、手のひらの上に」を保存しました。")).to_be_visible()
