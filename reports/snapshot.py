"""The snapshot of a report: everything an edition prints, written down once. Rendering reads nothing else."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from initiatives.models import Alias, Milestone, Pillar
from japan.fiscal import date_of_fiscal_month, fiscal_year_of
from japan.wareki import date_label, fiscal_year_label, fiscal_year_short
from reports import markdown, notes
from reports.empties import NO_FIGURES, empty_parts, unregistered
from reports.figures import ATTRIBUTES, Figures
from reports.models import Report, Section
from reports.opinions import UnknownOpinion, find_question
from reports.options import Fields, FigureReference, Many, Node, SurveyReference, Text, schema_of
from reports.placeholders import resolve
from reports.references import UnknownFigure

Snapshot = dict[str, Any]


class SnapshotError(ValueError):
    """A page that cannot be written; the Japanese message names the page."""


def take(report: Report) -> Snapshot:
    """Everything the report prints, as plain JSON, from what is stored now. Raises SnapshotError."""
    figures = Figures(report.as_of)
    sections, problems, lists = [], [], []
    for section in report.sections.all():
        try:
            sections.append(section_of(section, figures))
        except SnapshotError as error:
            problems.append(str(error))
        if section.kind == Section.Kind.DATA:
            lists.append(section.title)
    if not (problems or figures.used or figures.opinions):
        problems = [f"「{title}」のページ：{NO_FIGURES}" for title in lists]
    if problems:
        raise SnapshotError("\n".join(problems))
    if not sections:
        raise SnapshotError(f"{report} にはページがありません。")
    return _of_sections(report, sections, figures)


def of_page(report: Report, page: dict[str, Any], figures: Figures) -> Snapshot:
    """A snapshot of one page alone, with the figures that were asked for, to see whether it can be printed."""
    return _of_sections(report, [page], figures)


def _of_sections(report: Report, sections: list[dict[str, Any]], figures: Figures) -> Snapshot:
    snapshot = {
        "format": 1,
        "report": _report(report),
        "sections": sections,
        "figures": [asdict(figure) for _, figure in figures.used.items()],
        "opinions": [asdict(opinion) for _, opinion in figures.opinions.items()],
        "notes": notes.of_report(list(figures.used.values()), list(figures.opinions.values())),
    }
    # What is rendered is what is stored: nothing that JSON would change slips through.
    stored: Snapshot = json.loads(canonical(snapshot))
    return stored


def canonical(snapshot: Snapshot) -> str:
    """The snapshot as one line of JSON: the same content is the same text."""
    return json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def checksum(snapshot: Snapshot) -> str:
    """SHA-256 of the snapshot's canonical JSON."""
    return hashlib.sha256(canonical(snapshot).encode()).hexdigest()


def section_of(section: Section, figures: Figures) -> dict[str, Any]:
    """One page of the snapshot. Raises SnapshotError naming the page."""
    figures.turn_page()
    try:
        if problems := empty_parts(section.kind, section.options, section.body):
            raise UnknownFigure("".join(problems))
        page = {
            "kind": section.kind,
            "title": section.title,
            "lead": resolve(section.lead, figures),
            "body": markdown.to_html(resolve(section.body, figures)) if section.body else "",
            "options": _resolved(schema_of(section.kind), section.options, figures),
            "data": _data(section, figures),
        }
        _check_said(section, page)
        return {**page, "notes": notes.of_page(*figures.on_page())}
    except (UnknownFigure, UnknownOpinion) as error:
        raise SnapshotError(f"「{section.title}」のページ：{error}") from error
    except ValidationError as error:
        raise SnapshotError(f"「{section.title}」のページ：{'、'.join(error.messages)}") from error


def _check_said(section: Section, page: dict[str, Any]) -> None:
    """Raises UnknownFigure where the page would print a comparison that may not be made, or nothing at all."""
    if problem := unregistered(section.kind, page["data"]):
        raise UnknownFigure(problem)
    options = page["options"]
    wanted = [(s["figure"], s.get("show")) for panel in options.get("panels", []) for s in panel.get("stats", [])]
    if section.kind == Section.Kind.HOURS:
        wanted += [(options["figure"], "change"), (options["figure"], "change_rate")]
    for figure, what in wanted:
        if what and not figure[what]:
            raise UnknownFigure(
                f"「{figure['name']}」（{figure['when']}）の{ATTRIBUTES[what]}は書けません。年の途中や一部だけの値は、"
                "基準値と比べられません。表すものを値にするか、基準値を確かめてください。"
            )


def _report(report: Report) -> dict[str, Any]:
    first, last = report.first_fiscal_year, report.last_fiscal_year
    return {
        "volume": report.volume,
        "title": report.title,
        "subtitle": report.subtitle,
        "issuer": report.issuer,
        "contact": report.contact,
        "as_of": report.as_of.isoformat(),
        "as_of_label": date_label(report.as_of),
        "publication_date": report.publication_date.isoformat() if report.publication_date else "",
        "publication_label": date_label(report.publication_date) if report.publication_date else "",
        "first_fiscal_year": first,
        "last_fiscal_year": last,
        "period": fiscal_year_label(first) + (f"から{fiscal_year_label(last)}まで" if last > first else ""),
        "years": [{"year": year, "label": fiscal_year_short(year)} for year in range(first, last + 1)],
        "next_year": fiscal_year_short(last + 1),
    }


def _resolved(node: Node, value: Any, figures: Figures) -> Any:
    """Options with their placeholders written out and their references replaced by the figures."""
    match node:
        case FigureReference():
            return asdict(figures.get(value))
        case SurveyReference():
            return asdict(figures.opinion(value))
        case Text():
            return resolve(value, figures)
        case Many():
            return [_resolved(node.item, each, figures) for each in value]
        case Fields():
            return {name: _resolved(node.fields[name], each, figures) for name, each in value.items()}
        case _:
            return value


def _data(section: Section, figures: Figures) -> Any:
    match section.kind:
        case Section.Kind.PILLARS:
            return _pillars(section.report)
        case Section.Kind.TIMELINE:
            return _timeline(section.report)
        case Section.Kind.FACILITIES:
            return _milestones_of(section.report, section.options.get("pillar", ""))
        case Section.Kind.CLOUD:
            return _cloud()
        case Section.Kind.SURVEY:
            return _survey(section.options.get("questions", []), figures)
        case _:
            return None


def _pillars(report: Report) -> list[dict[str, Any]]:
    return [
        {
            "name": pillar.name_on(report.as_of),
            "icon": pillar.icon,
            "contents": pillar.content_lines,
            "note": pillar.note,
        }
        for pillar in Pillar.objects.with_names()
    ]


def _in_period(report: Report) -> list[Milestone]:
    """Of the report's years, what had begun by its day; of a milestone without a month the year is all that is known."""
    last = min(report.last_fiscal_year, fiscal_year_of(report.as_of))
    milestones = Milestone.objects.filter(fiscal_year__gte=report.first_fiscal_year, fiscal_year__lte=last)
    return [m for m in milestones.select_related("initiative__pillar") if not _is_later(m, report.as_of)]


def _is_later(milestone: Milestone, day: date) -> bool:
    return bool(milestone.month) and date_of_fiscal_month(milestone.fiscal_year, milestone.month or 4) > day


def _milestone(milestone: Milestone) -> dict[str, Any]:
    return {
        "id": milestone.pk,
        "wording": milestone.wording,
        "detail": milestone.detail,
        "month": f"{milestone.month}月" if milestone.month else "",
        "until": f"〜{milestone.until_fiscal_year}" if milestone.until_fiscal_year else "",
        "year": fiscal_year_short(milestone.fiscal_year),
        "bold": milestone.initiative.is_bold,
    }


def _timeline(report: Report) -> list[dict[str, Any]]:
    milestones = _in_period(report)
    of_years = Milestone.objects.filter(
        fiscal_year__gte=report.first_fiscal_year, fiscal_year__lte=report.last_fiscal_year
    )
    later = of_years.count() - len(milestones)
    return [
        {
            "year": year,
            "label": fiscal_year_short(year),
            "entries": [_milestone(milestone) for milestone in milestones if milestone.fiscal_year == year],
            "later": later if year == report.last_fiscal_year else 0,
        }
        for year in range(report.first_fiscal_year, report.last_fiscal_year + 1)
    ]


def _milestones_of(report: Report, pillar: str) -> list[dict[str, Any]]:
    return [_milestone(m) for m in _in_period(report) if m.initiative.pillar and m.initiative.pillar.code == pillar]


def _cloud() -> list[dict[str, Any]]:
    names = Alias.objects.filter(cloud_order__isnull=False).select_related("initiative").order_by("cloud_order")
    counts: dict[int, int] = {}
    for initiative_id in Milestone.objects.values_list("initiative_id", flat=True):
        counts[initiative_id] = counts.get(initiative_id, 0) + 1
    return [{"name": a.name, "bold": a.initiative.is_bold, "milestones": counts.get(a.initiative_id, 0)} for a in names]


def _survey(references: list[str], figures: Figures) -> dict[str, Any]:
    if not references:
        return {}
    questions = [(find_question(reference).survey, figures.opinion(reference)) for reference in references]
    surveys = {
        survey.pk: {
            "name": survey.name,
            "conducted": opinion.conducted,
            "population": survey.population,
            "response": opinion.response,
            "is_unpublished": "公表なし" in opinion.response,
            "is_synthetic": survey.is_synthetic,
        }
        for survey, opinion in questions
    }
    return {"surveys": list(surveys.values()), "questions": [asdict(opinion) for _, opinion in questions]}
