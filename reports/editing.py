"""Saves a page unless somebody else has saved it meanwhile; shows what its placeholders would print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reports import rendering, snapshot
from reports.figures import Figures
from reports.fonts import FontMissing
from reports.models import Report, Section
from reports.opinions import UnknownOpinion
from reports.placeholders import KINDS, placeholders_in, resolve
from reports.references import UnknownFigure
from reports.snapshot import SnapshotError, section_of


class PageConflict(Exception):
    """Somebody else saved the page first; `current` is the page as it is now."""

    def __init__(self, current: Section) -> None:
        super().__init__("ほかの人が先にこのページを保存しました。")
        self.current = current


def save(section: Section, seen_version: int) -> Section:
    """Stores the page's texts and options if the stored version is still the one that was seen. Raises PageConflict."""
    values = {name: getattr(section, name) for name in ("title", "lead", "body", "options")}
    changed = Section.objects.filter(pk=section.pk, version=seen_version).update(**values, version=seen_version + 1)
    if not changed:
        raise PageConflict(Section.objects.get(pk=section.pk))
    section.version = seen_version + 1
    return section


@dataclass(frozen=True)
class Written:
    """A placeholder as it was typed, what it means, and what it prints (or why it prints nothing)."""

    placeholder: str
    meaning: str
    text: str
    problem: str = ""


@dataclass(frozen=True)
class Preview:
    """What the page would print."""

    lead: str
    body: str
    written: list[Written]
    page: dict[str, Any] | None
    problem: str = ""


def preview(section: Section) -> Preview:
    """What the page's texts print as of the report's day. `section` has been checked; it need not be saved."""
    figures = Figures(section.report.as_of)
    written = [_written(str(placeholder), figures) for placeholder in _placeholders(section)]
    try:
        page = section_of(section, figures)
        rendering.check_page(snapshot.of_page(section.report, page, figures))
    except (SnapshotError, FontMissing) as error:
        return Preview("", "", written, None, str(error))
    return Preview(page["lead"], page["body"], written, page)


def figures_on_offer(report: Report, codes: list[tuple[str, str]]) -> list[Written]:
    """For the help beside the form: each KPI's placeholder and its value now."""
    figures = Figures(report.as_of)
    return [_written(f"{{{{ kpi:{code}.value }}}}", figures, meaning=name) for code, name in codes]


def _placeholders(section: Section) -> list[Any]:
    texts = [section.lead, section.body, *_strings(section.options)]
    return list(dict.fromkeys(placeholder for text in texts for placeholder in placeholders_in(text)))


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for item in items for text in _strings(item)]


def _written(text: str, figures: Figures, meaning: str = "") -> Written:
    placeholder = placeholders_in(text)[0]
    try:
        meaning = meaning or KINDS[placeholder.kind][placeholder.attribute]
        return Written(text, meaning, resolve(text, figures))
    except (UnknownFigure, UnknownOpinion) as error:
        return Written(text, meaning, "", str(error))
