"""A table of a file that goes on in others: 4月 to 9月, and below or beside it 10月 to 3月 under the same names."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from japan.fiscal import add_months
from japan.wareki import month_label
from kpis.imports.label_units import units_of
from kpis.imports.mapping import DoesNotFit, layout_of
from kpis.imports.places import Place, labels_of, places_of
from kpis.imports.receiving import Found
from kpis.imports.remembering import Reading, reason_position
from kpis.imports.titles import month_of_table
from sheets import Layout, named_years

#: So many tables of a sheet are looked at; what is beyond is named as not taken.
_MOST = 200
#: A fiscal year in which a table without years is looked at, before it is moved to where it goes on.
_ANY = 2000


@dataclass(frozen=True)
class Part:
    """A table with its layout by the mapping of the file."""

    found: Found
    layout: Layout
    #: Where the year of its months comes from that it does not name itself.
    year_said: str = ""

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
    if reading.mapping.stops_here:
        return parts
    if chosen.layout.arrangement is None and reading.mapping.month:
        return parts + _of_other_months(reading, chosen, file_name)
    months = chosen.months(reading)
    if None in months or not months:
        return parts
    first, last = min(filter(None, months)), max(filter(None, months))
    others = _others(reading, chosen, file_name)
    while others:
        following = next((n for n, each in enumerate(others) if each.follows(first, last)), None)
        if following is None:
            break
        part, begin, end = others.pop(following).after(first, last)
        parts.append(part)
        first, last = min(first, begin), max(last, end)
    return parts


def labels_in(reading: Reading, parts: list[Part]) -> dict[str, int]:
    """The labels of all parts, each with the number of its values."""
    counts = Counter(reading.labels)
    for part in parts[1:]:
        counts.update(Counter(place.label for place in part.places(reading)))
    return dict(counts)


@dataclass(frozen=True)
class _Other:
    """A table of the same names with its first and last month; without years of its own (`is_bare`) in any year."""

    part: Part
    first: date
    last: date
    is_bare: bool
    source: str

    def follows(self, first: date, last: date) -> bool:
        if self.is_bare:  # it can only go on: what stands before a year was written is not told by it
            return self.first.month == add_months(last, 1).month
        return self.first == add_months(last, 1) or self.last == add_months(first, -1)

    def after(self, first: date, last: date) -> tuple[Part, date, date]:
        """The part in the year that it goes on in, with its first and last month."""
        if not self.is_bare:
            return self.part, self.first, self.last
        begin = add_months(last, 1)
        months = (begin.year - self.first.year) * 12
        layout = self.part.layout
        moved = replace(
            layout,
            row_months={row: add_months(month, months) for row, month in layout.row_months.items()},
            column_months={column: add_months(month, months) for column, month in layout.column_months.items()},
        )
        said = f"（年は、{self.source}の月に続くものと読みました）"
        return Part(self.part.found, moved, said), begin, add_months(self.last, months)


def _others(reading: Reading, chosen: Part, file_name: str) -> list[_Other]:
    """The tables of the same sheet that are of the same names."""
    found: list[_Other] = []
    mapping = reading.mapping
    units = units_of(chosen.found.table, chosen.layout, mapping, reading.labels)
    others = (each for each in sorted(reading.tables, key=lambda other: other.number) if _is_beside(each, reading))
    for each in itertools.islice(others, _MOST):
        try:
            layout = layout_of(each.table, mapping, file_name)
            # Only a year that nobody names is carried on; years that do not go together are asked.
            is_bare = layout.needs_year and not named_years(each.table, file_name) and not mapping.fiscal_year
            if is_bare:
                layout = layout_of(each.table, replace(mapping, fiscal_year=_ANY, year_kind="fiscal"), file_name)
        except DoesNotFit:
            continue
        part = Part(each, layout)
        labels = labels_of(each.table, layout, hidden=mapping.takes_hidden)
        months = part.months(reading)
        is_alike = layout.arrangement == chosen.layout.arrangement and set(labels) == set(reading.labels)
        if not is_alike or None in months or not months or (is_bare and _has_a_gap(months)):
            continue
        if units_of(each.table, layout, mapping, labels) == units:
            first, last = min(filter(None, months)), max(filter(None, months))
            found.append(_Other(part, first, last, is_bare, chosen.found.label))
    return found


def _of_other_months(reading: Reading, chosen: Part, file_name: str) -> list[Part]:
    """A sheet for each month: tables of the same shape and names on other sheets, each with a month of its own in its
    title or in the name of its sheet."""
    parts: list[Part] = []
    mapping = reading.mapping
    units = units_of(chosen.found.table, chosen.layout, mapping, reading.labels)
    told = {mapping.month}
    for each in sorted(reading.tables, key=lambda other: other.number)[:_MOST]:
        table = each.table
        if (
            table.sheet == chosen.found.table.sheet
            or table.is_hidden
            or table.signature != chosen.found.table.signature
        ):
            continue
        month = month_of_table(table, "")
        if month is None:
            month = month_of_table(table, file_name)
        layout = layout_of(table, mapping, file_name)
        labels = labels_of(table, layout, hidden=mapping.takes_hidden)
        if month is None or month.month in told or not set(labels) & set(reading.labels):
            continue
        if {label: units[label] for label in units if label in labels} != units_of(table, layout, mapping, labels):
            continue
        told.add(month.month)
        months = {row.number: month.month for row in table.rows}
        parts.append(Part(each, replace(layout, row_months=months), f"（{month_label(month.month)}の値）"))
    return parts


def _is_beside(each: Found, reading: Reading) -> bool:
    return each.number != reading.found.number and each.table.sheet == reading.found.table.sheet


def _has_a_gap(months: set[date | None]) -> bool:
    """Months of one fiscal year of which some between the first and the last are missing."""
    known = sorted(filter(None, months))
    return (known[-1].year - known[0].year) * 12 + known[-1].month - known[0].month + 1 != len(known)
