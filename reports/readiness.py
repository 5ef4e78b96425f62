"""What keeps a page from being published, before anybody asks for an edition."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError

from reports.empties import empty_parts
from reports.models import Section


def problems_of(section: Section) -> list[str]:
    """What names nothing (a KPI that was deleted, a later period), and what is empty; Japanese sentences."""
    try:
        section.clean()
    except ValidationError as error:
        return list(dict.fromkeys(error.messages))
    return empty_parts(section.kind, section.options, section.body)


def with_problems(sections: Iterable[Section]) -> list[tuple[Section, list[str]]]:
    """Each page with its problems, for the list of a volume's pages."""
    return [(section, problems_of(section)) for section in sections]
