"""The next volume begins as a copy of this one's pages."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from japan.wareki import fiscal_year_short
from reports.models import Report, Section


@transaction.atomic
def copy_sections(source: Report, target: Report) -> int:
    """Copies the pages of a report to another that has none. Returns how many.

    Figures are named, not copied: the new volume prints those of its own as-of.
    """
    if target.sections.exists():
        return 0
    copies = [
        Section(
            report=target,
            order=section.order,
            kind=section.kind,
            title=section.title,
            lead=section.lead,
            body=section.body,
            options=_with_own_years(section),
        )
        for section in source.sections.all()
    ]
    return len(Section.objects.bulk_create(copies))


def _with_own_years(section: Section) -> dict[str, Any]:
    """The options; the names of periods keep the years of the volume that named them."""
    options: dict[str, Any] = section.options
    if section.kind != Section.Kind.MESSAGE:
        return options
    report = section.report
    years = {
        "past_from": fiscal_year_short(report.first_fiscal_year),
        "future_from": fiscal_year_short(report.last_fiscal_year + 1),
    }
    return {**years, **{name: value for name, value in options.items() if value or name not in years}}
