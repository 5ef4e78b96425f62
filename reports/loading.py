"""Loads a report's pages from a data file: adds what is missing by natural key, overwrites nothing."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from reports.models import Report, Section


@transaction.atomic
def load_report(data: dict[str, Any]) -> int:
    """Adds the report and its sections. Sections are added only to a report that has none: an office that took a page
    out of its report does not get it back. Returns how many rows were new; raises ValidationError for a bad page."""
    sections = data["sections"]
    report, new = Report.objects.get_or_create(volume=data["volume"], defaults=data["report"])
    report.refresh_from_db()  # dates come as text from the file
    if report.sections.exists():
        return int(new)
    for order, row in enumerate(sections, start=1):
        section = Section(report=report, order=order * 10, **row)
        section.full_clean()
        section.save()
    return int(new) + len(sections)
