"""The next volume begins as a copy of this one's pages."""

from __future__ import annotations

from django.db import transaction

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
            options=section.options,
        )
        for section in source.sections.all()
    ]
    return len(Section.objects.bulk_create(copies))
