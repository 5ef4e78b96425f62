"""The PDF says what it is, is tagged, and is the same bytes every time."""

import re
from io import BytesIO
from itertools import pairwise

import pikepdf
from pypdf import PdfReader

from reports.rendering import render
from reports.snapshot import take
from tests.reports.conftest import CREATED


def test_the_metadata_claim_pdf_a_2a_and_pdf_ua_1(files):
    with pikepdf.open(BytesIO(files.pdf)) as document, document.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "構造改革レポート vol.5"
        assert document.Root.Lang == "ja"
        assert bool(document.Root.MarkInfo.Marked)


def test_every_picture_has_an_alternative_text(files):
    def figures(node):
        if isinstance(node, pikepdf.Dictionary):
            if node.get("/S") == pikepdf.Name.Figure:
                yield node
            children = node.get("/K")
            children = list(children) if isinstance(children, pikepdf.Array) else [children]
            for child in children:
                yield from figures(child)

    with pikepdf.open(BytesIO(files.pdf)) as document:
        found = list(figures(document.Root.StructTreeRoot))
        assert len(found) >= 10
        assert [figure for figure in found if not str(figure.get("/Alt", ""))] == []


def test_headings_skip_no_level(files):
    levels = [int(level) for level in re.findall(rb"<h([1-6])", files.html)]
    assert levels[0] == 1
    assert [(a, b) for a, b in pairwise(levels) if b > a + 1] == []


def test_all_sheets_are_a4_in_landscape(files):
    sizes = {(round(page.mediabox.width), round(page.mediabox.height)) for page in PdfReader(BytesIO(files.pdf)).pages}
    assert sizes == {(842, 595)}


def test_the_same_snapshot_makes_the_same_bytes(report, files):
    again = render(take(report), created=CREATED)
    assert again.pdf == files.pdf
    assert again.html == files.html
