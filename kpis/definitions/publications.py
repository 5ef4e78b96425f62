"""Where figures were published. Apps above this one say it here; nothing below has to know them."""

from __future__ import annotations

from collections.abc import Callable, Collection

#: KPI codes → those of them that something published printed.
Printed = Callable[[Collection[str]], set[str]]
_sources: list[Printed] = []


def publishes(source: Printed) -> Printed:
    """Registers a function that tells which of the KPIs (by code) were published. Registering twice changes nothing."""
    if source not in _sources:
        _sources.append(source)
    return source


def published_codes(codes: Collection[str]) -> set[str]:
    """Those of the KPIs that were printed anywhere."""
    found: set[str] = set()
    for source in _sources:
        found |= source(codes)
    return found
