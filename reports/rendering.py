"""From a snapshot to one self-contained HTML file and one PDF, by the same template. Nothing is read but the snapshot."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe

from reports import drawing, fitting, fonts, icons, pdf
from reports.empties import hollow
from reports.illustrations import CannotDraw, illustrated, table_of
from reports.scaling import scaled
from reports.snapshot import Snapshot, SnapshotError

STYLES = Path(settings.BASE_DIR) / "static" / "report"
TEMPLATE = "reports/edition/document.html"
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
    say(25, "紙面を組んでいます")
    context, laid_out = laid_out_of(context_of(snapshot, created))
    say(50, "HTMLを作成しています")
    html = to_html(context)
    say(75, "PDFを作成しています")
    return Files(html, pdf.write(laid_out, created=created))


def context_of(snapshot: Snapshot, created: str) -> dict[str, Any]:
    """What the template needs, with every drawing made. Raises SnapshotError for a character without a glyph."""
    context = {
        "report": snapshot["report"],
        "table": table_of(snapshot["figures"], snapshot["opinions"]),
        "opinions": snapshot["opinions"],
        "notes": snapshot["notes"],
        "sections": [
            {**_illustrated(section, snapshot["report"]), "number": number, "step": 0}
            for number, section in enumerate(snapshot["sections"], start=1)
        ],
        "created": created,
    }
    check_characters(context)
    return context


def check_page(snapshot: Snapshot) -> None:
    """Raises SnapshotError where what is in the snapshot does not fit on its sheets, as an export would."""
    laid_out_of(context_of(snapshot, snapshot["report"]["as_of"]))


def _illustrated(section: dict[str, Any], report: dict[str, Any]) -> dict[str, Any]:
    try:
        return illustrated(section, report)
    except CannotDraw as error:
        raise SnapshotError(f"「{section['title']}」のページ：{error}。文章か項目を減らしてください。") from error


def laid_out_of(context: dict[str, Any]) -> tuple[dict[str, Any], pdf.Typeset]:
    """The context with each page as large as it fits, and its sheets.

    Raises SnapshotError naming the pages that do not fit and what runs over in them.
    """

    def typeset(sections: Sequence[fitting.Section]) -> pdf.Typeset:
        part = {**context, "sections": sections}
        styles = _css(part, "print.css")
        return pdf.typeset(render_to_string(TEMPLATE, {**part, "styles": styles, "fonts": _fonts_from_disk()}))

    try:
        sections, laid_out = fitting.fit(context["sections"], typeset)
    except fitting.DoesNotFit as error:
        raise SnapshotError(str(error)) from error
    return {**context, "sections": sections}, laid_out


def to_html(context: dict[str, Any]) -> bytes:
    """The self-contained HTML file: styles, pictures and a subset of the font inside, no address to load."""
    screen = {**context, "for_screen": True}
    body = render_to_string(TEMPLATE, screen)
    characters = unescape(strip_tags(body)) + "0123456789"
    faces = {weight: fonts.subset_as_data(weight, characters) for weight in fonts.FILES}
    html = render_to_string(TEMPLATE, {**screen, "styles": _css(context, "screen.css"), "fonts": _font_faces(faces)})
    return html.encode()


def check_characters(context: dict[str, Any]) -> None:
    """Raises SnapshotError naming the page with a character the font cannot print, or with an empty 「」: no blank boxes."""
    for section in context["sections"]:
        html = render_to_string("reports/edition/section.html", {**context, "section": section})
        text = unescape(strip_tags(html))
        if found := hollow(text):
            raise SnapshotError(
                f"「{section['title']}」のページに、中身のない「{found}」があります。空の設定を埋めるか、その部品を消してください。"
            )
        if missing := fonts.missing_characters(text):
            raise SnapshotError(
                f"「{section['title']}」のページに、書体にない文字「{'」「'.join(missing)}」があります。別の文字にしてください。"
            )


def _css(context: dict[str, Any], name: str) -> SafeString:
    edition = (STYLES / "edition.css").read_text(encoding="utf-8")
    parts = [edition, (STYLES / name).read_text(encoding="utf-8")]
    smaller = "\n".join(scaled(edition, step) for step in sorted({s["step"] for s in context["sections"]} - {0}))
    # A phone's page is as tall as it needs to be: nothing has to be smaller there.
    parts.append(f"@media print, (min-width: 901px) {{{smaller}}}" if name == "screen.css" else smaller)
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
