"""A table of a file that goes on in others: 4月 to 9月, and below or beside it 10月 to 3月 under the same names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from japan.fiscal import add_months
from kpis.imports.label_units import units_of
from kpis.imports.mapping import DoesNotFit, layout_of
from kpis.imports.places import Place, labels_of, places_of
from kpis.imports.receiving import Found
from kpis.imports.remembering import Reading, reason_position
from sheets import Layout


@dataclass(frozen=True)
class Part:
    """A table with its layout by the mapping of the file."""

    found: Found
    layout: Layout

    def places(self, reading: Reading) -> Iterator[Place]:
        table, mapping = self.found.table, reading.mapping
        return places_of(table, self.layout, reason_position(table, mapping), hidden=mapping.takes_hidden)

    def months(self, reading: Reading) -> set[date | None]:
        return {place.month for place in self.places(reading)}


def parts_of(reading: Reading, file_name: str) -> list[Part]:
    """The chosen table, then those of its sheet that go on where it ends or end where it begins, in the order in which
    they were joined to it: of the same names, columns and units, each by the months right after or before."""
    chosen = Part(reading.found, layout_of(reading.found.table, reading.mapping, file_name))
    parts = [chosen]
    months = chosen.months(reading)
    if None in months or not months:
        return parts
    first, last = min(filter(None, months)), max(filter(None, months))
    others = _others(reading, chosen, file_name)
    while others:
        following = next((n for n, (_, begin, end) in enumerate(others) if _follows(first, last, begin, end)), None)
        if following is None:
            break
        part, begin, end = others.pop(following)
        parts.append(part)
        first, last = min(first, begin), max(last, end)
    return parts


def labels_in(reading: Reading, parts: list[Part]) -> dict[str, int]:
    """The labels of all parts, each with the number of its values."""
    counts = Counter(reading.labels)
    for part in parts[1:]:
        counts.update(Counter(place.label for place in part.places(reading)))
    return dict(counts)


def _follows(first: date, last: date, begin: date, end: date) -> bool:
    return begin == add_months(last, 1) or end == add_months(first, -1)


def _others(reading: Reading, chosen: Part, file_name: str) -> list[tuple[Part, date, date]]:
    """The tables that are of the same names, with their first and last month."""
    found: list[tuple[Part, date, date]] = []
    units = units_of(chosen.found.table, chosen.layout, reading.mapping, reading.labels)
    for each in sorted(reading.tables, key=lambda other: other.number):
        if each.number == reading.found.number or each.table.sheet != reading.found.table.sheet:
            continue
        try:
            part = Part(each, layout_of(each.table, reading.mapping, file_name))
        except DoesNotFit:
            continue
        labels = labels_of(each.table, part.layout, hidden=reading.mapping.takes_hidden)
        months = part.months(reading)
        is_alike = part.layout.arrangement == chosen.layout.arrangement and set(labels) == set(reading.labels)
        if not is_alike or None in months or not months:
            continue
        if units_of(each.table, part.layout, reading.mapping, labels) == units:
            found.append((part, min(filter(None, months)), max(filter(None, months))))
    return found
