"""The published HTML file, opened from disk in a browser: it asks for nothing, is accessible, fits a phone and prints."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import BrowserContext, Page
from pypdf import PdfReader

from reports.models import Report
from reports.rendering import context_of, to_html
from reports.snapshot import take

_made: dict[str, bytes] = {}


@pytest.fixture
def file(transactional_db, tmp_path) -> Path:
    """vol.5 as one file on disk; made once, for it takes a while."""
    if not _made:
        call_command("load_vol5", verbosity=0)
        _made["html"] = to_html(context_of(take(Report.objects.get(volume=5)), "2025-06-30"))
    path = tmp_path / "vol5.html"
    path.write_bytes(_made["html"])
    return path


@pytest.fixture
def requests() -> list[str]:
    """Every address that the browser asked for."""
    return []


@pytest.fixture
def open_file(new_context, file, requests) -> Callable[..., Page]:
    def open_file(**options):
        context: BrowserContext = new_context(**options)
        context.on("request", lambda request: requests.append(request.url))
        page = context.new_page()
        page.goto(file.as_uri())
        page.evaluate("document.fonts.ready.then(() => true)")
        return page

    return open_file


def test_opened_from_disk_it_asks_for_nothing_but_itself(open_file, file, requests):
    page = open_file()
    page.get_by_role("heading", name="奥付").scroll_into_view_if_needed()
    assert [address for address in requests if not address.startswith("data:")] == [file.as_uri()]
    assert page.evaluate("document.fonts.check(\"16px 'BIZ UDPGothic'\", '構造改革')")


def test_it_is_accessible_on_a_desktop_and_on_a_phone(open_file, assert_accessible):
    assert_accessible(open_file())
    assert_accessible(open_file(viewport={"width": 390, "height": 844}))


@pytest.mark.parametrize("width", [390, 768, 1280, 1920])
def test_nothing_sticks_out_at_the_side(open_file, width):
    page = open_file(viewport={"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_hides_anything_beyond_its_edge(open_file, width):
    page = open_file(viewport={"width": width, "height": 900})
    hidden = "pages => pages.filter(page => page.scrollWidth > page.clientWidth).map(page => page.id)"
    assert page.eval_on_selector_all(".page", hidden) == []


def test_printed_from_the_browser_each_page_fills_one_sheet_in_landscape(open_file):
    sheets = PdfReader(BytesIO(open_file().pdf(prefer_css_page_size=True, print_background=True))).pages
    assert len(sheets) == _made["html"].count(b'<section class="page ')
    assert {(round(sheet.mediabox.width), round(sheet.mediabox.height)) for sheet in sheets} == {(842, 595)}
