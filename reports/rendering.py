"""From a snapshot to one self-contained HTML file and one PDF, by the same template. Nothing is read but the snapshot."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe

from reports import drawing, fonts, icons, pdf
from reports.illustrations import illustrated, table_of
from reports.snapshot import Snapshot, SnapshotError

STYLES = Path(settings.BASE_DIR) / "static" / "report"
TEMPLATE = "reports/edition/document.html"
#: Pages whose lists may run on over several sheets; every other page has to fit on its own.
RUNNING_ON = {"timeline", "data", "colophon"}
_SCENES = re.compile(r'class="scene s-([a-z]+)"')
_CLASSES = re.compile(r'class="[^"]*?\bi-([a-z]+)')


@dataclass(frozen=True)
class Files:
    """What leaves the house."""

    html: bytes
    pdf: bytes


Report = Callable[[int, str], None]


def render(snapshot: Snapshot, *, created: str, say: Report = lambda percent, step: None) -> Files:
    """Both files from a snapshot. `created` (ISO date) is the only date added, so the same input gives the same bytes.

    `say` hears how far the work is. Raises SnapshotError for a character the font cannot print and for a page that
    does not fit, pdf.Complaint where the typesetter complains, fonts.FontMissing without the font.
    """
    context = context_of(snapshot, created)
    say(25, "HTMLを作成しています")
    html = to_html(context)
    say(50, "PDFを組版しています")
    printed = render_to_string(TEMPLATE, {**context, "styles": _css(context, "print.css"), "fonts": _fonts_from_disk()})
    layout = pdf.write(printed, created=created)
    check_sheets(context["sections"], layout.first_sheets, layout.sheets)
    say(90, "PDFを確かめています")
    return Files(html, layout.data)


def context_of(snapshot: Snapshot, created: str) -> dict[str, Any]:
    """What the template needs, with every drawing made. Raises SnapshotError for a character without a glyph."""
    context = {
        "report": snapshot["report"],
        "table": table_of(snapshot["figures"], snapshot["opinions"]),
        "opinions": snapshot["opinions"],
        "notes": snapshot["notes"],
        "sections": [illustrated(section) for section in snapshot["sections"]],
        "created": created,
    }
    check_characters(context)
    return context


def to_html(context: dict[str, Any]) -> bytes:
    """The self-contained HTML file: styles, pictures and a subset of the font inside, no address to load."""
    screen = {**context, "for_screen": True}
    body = render_to_string(TEMPLATE, screen)
    characters = unescape(strip_tags(body)) + "0123456789"
    faces = {weight: fonts.subset_as_data(weight, characters) for weight in fonts.FILES}
    html = render_to_string(TEMPLATE, {**screen, "styles": _css(context, "screen.css"), "fonts": _font_faces(faces)})
    return html.encode()


def check_characters(context: dict[str, Any]) -> None:
    """Raises SnapshotError naming the page with a character the font cannot print: no blank boxes in a report."""
    for number, section in enumerate(context["sections"], start=1):
        html = render_to_string("reports/edition/section.html", {**context, "section": section, "number": number})
        if missing := fonts.missing_characters(unescape(strip_tags(html))):
            raise SnapshotError(
                f"「{section['title']}」のページに、書体にない文字「{'」「'.join(missing)}」があります。別の文字にしてください。"
            )


def check_sheets(sections: list[dict[str, Any]], first_sheets: dict[str, int], sheets: int) -> None:
    """Raises SnapshotError naming the page that needs more than one sheet of paper."""
    starts = [first_sheets[f"page-{number}"] for number in range(1, len(sections) + 1)]
    for section, start, end in zip(sections, starts, [*starts[1:], sheets + 1], strict=True):
        if end - start > 1 and section["kind"] not in RUNNING_ON:
            raise SnapshotError(f"「{section['title']}」のページが1枚に収まりません。文章か項目を減らしてください。")


def _css(context: dict[str, Any], name: str) -> SafeString:
    parts = [(STYLES / file).read_text(encoding="utf-8") for file in ("edition.css", name)]
    if name == "screen.css":
        # Printed from a browser, the page looks as the PDF does.
        paper = (STYLES / "print.css").read_text(encoding="utf-8")
        parts.append(f"@media print {{{paper} .page-head::before {{ content: none; }}}}")
    body = render_to_string(TEMPLATE, context)
    parts += [
        icons.css(set(_CLASSES.findall(body))),
        *(f".s-{name}{{background-image:{icons.as_url(drawing.SCENES[name]())}}}" for name in _scenes_in(body)),
        f".road{{background-image:{icons.as_url(drawing.road())}}}",
        f".art{{background-image:{icons.as_url(drawing.landscape())}}}",
    ]
    return mark_safe("\n".join(parts))  # noqa: S308  files and drawings of this repository


def _scenes_in(body: str) -> list[str]:
    return sorted(set(_SCENES.findall(body)) & drawing.SCENES.keys())


def _fonts_from_disk() -> SafeString:
    return _font_faces({weight: fonts.font_file(weight).as_uri() for weight in fonts.FILES})


def _font_faces(sources: dict[int, str]) -> SafeString:
    faces = [
        f"@font-face{{font-family:'{fonts.FAMILY}';font-weight:{weight};font-style:normal;src:url('{source}')}}"
        for weight, source in sources.items()
    ]
    return mark_safe("".join(faces))  # noqa: S308  made here from font files
