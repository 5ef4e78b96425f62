"""The HTML file opens from disk and loads nothing; the PDF reads only fonts."""

import base64
import re
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont

from reports import fonts, pdf
from reports.fitting import problems_of
from reports.rendering import check_characters
from reports.snapshot import SnapshotError


def numbered(sections):
    """Sections as they are set: numbered from 1, at their usual size."""
    return [{**section, "number": number, "step": 0} for number, section in enumerate(sections, start=1)]


def test_every_address_in_the_html_is_inside_it(files):
    html = files.html.decode()
    addresses = re.findall(r"""(?:\b(?:src|href|action|data|poster)=["']|url\(["']?)([^"')]*)""", html)
    assert addresses
    assert {address.split(":")[0] for address in addresses} == {"data"}


def test_the_html_has_no_script_and_no_import(files):
    assert re.search(rb"<script|@import|<iframe|<object|<link(?! rel=\"icon\")|\bon\w+=", files.html) is None


def test_the_font_inside_holds_every_character_of_the_text(files):
    html = files.html.decode()
    text = re.sub(r"<style>.*?</style>|<[^>]+>", "", html, flags=re.DOTALL)
    data = re.findall(r"data:font/woff2;base64,([^')]+)", html)
    assert len(data) == 2
    for each in data:
        with TTFont(BytesIO(base64.b64decode(each))) as font:
            known = font.getBestCmap()
        assert {c for c in text if ord(c) not in known} <= fonts.INVISIBLE
        assert len(known) < 1500


def test_a_character_without_a_glyph_names_its_page():
    section = {"kind": "challenges", "title": "課題", "lead": "𠮷野", "body": "", "options": {}, "data": None}
    with pytest.raises(SnapshotError, match="「課題」のページに、書体にない文字「𠮷」"):
        check_characters({"report": {}, "notes": [], "sections": [section]})


def test_a_missing_font_names_the_package(settings):
    settings.REPORT_FONT_DIRS = ["/nowhere"]
    fonts.font_file.cache_clear()
    try:
        with pytest.raises(fonts.FontMissing, match="fonts-morisawa-bizud-gothic"):
            fonts.font_file(400)
    finally:
        fonts.font_file.cache_clear()


def test_a_page_that_needs_a_second_sheet_is_named():
    sections = [
        {"kind": "cover", "title": "表紙"},
        {"kind": "goals", "title": "目標"},
        {"kind": "colophon", "title": "奥付"},
    ]
    starts = {"page-1": 1, "page-2": 2, "page-3": 4}
    assert problems_of(numbered(sections), pdf.Typeset(None, 4, starts, {})) == {2: ["1枚に収まりません"]}


def test_lists_may_run_on():
    sections = [{"kind": "data", "title": "一覧"}, {"kind": "colophon", "title": "奥付"}]
    assert problems_of(numbered(sections), pdf.Typeset(None, 5, {"page-1": 1, "page-2": 3}, {})) == {}


@pytest.mark.parametrize(
    "body",
    [
        '<img src="http://127.0.0.1:9/a.png" alt="">',
        '<img src="file:///etc/passwd" alt="">',
        '<link rel="attachment" href="file:///etc/passwd">',
        "<style>p { nonsense: 1 }</style>",
    ],
)
def test_the_typesetter_reaches_nothing_and_every_complaint_stops_the_pdf(body):
    with pytest.raises(pdf.Complaint):
        pdf.write(pdf.typeset(f"<html lang=ja><title>題</title><h1>題</h1>{body}"), created="2025-06-30")
