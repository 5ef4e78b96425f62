"""Who registers which figure for everybody (一括登録), from when until when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from django.db.models import Q

from accounts.models import Department
from japan.fiscal import add_months, month_start
from japan.wareki import month_label
from kpis.models import Kpi, Reporting


@dataclass(frozen=True)
class Stretch:
    """Months in which one office registers (None: each department reports itself); without an end where it goes on."""

    registrar: Department | None
    first: date
    last: date | None
    is_later: bool

    @property
    def name(self) -> str:
        return self.registrar.name if self.registrar else "各所属が報告"

    @property
    def months(self) -> str:
        """From when until when, in words; "" where the departments report and nothing else is foreseen."""
        begins = f"{month_label(self.first)}分から" if self.registrar or self.is_later else ""
        return begins + (f"{month_label(self.last)}分まで" if self.last else "")


@dataclass(frozen=True)
class Registered:
    """A figure, how many series departments report of it, and who registers them from a month on."""

    kpi: Kpi
    parts: int
    stretches: list[Stretch]


def figures_of(month: date) -> list[Registered]:
    """The figures that departments report, with who registers them in a month and what comes after it."""
    rows = Reporting.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=month))
    rows = rows.select_related("series__kpi", "registrar").order_by(
        "series__kpi__order", "series__kpi__code", "valid_from", "registrar__order"
    )
    found = []
    for kpi, own in groupby(rows, key=lambda row: row.series.kpi):
        listed = list(own)
        found.append(Registered(kpi, len({row.series_id for row in listed}), _stretches(listed, month)))
    return found


def _stretches(rows: Iterable[Reporting], month: date) -> list[Stretch]:
    """The rows of a figure (by their beginnings), those of one registrar that touch as one, in the order of months."""
    open_ones: dict[int | None, Stretch] = {}
    found: list[Stretch] = []
    for row in rows:
        last = month_start(row.valid_to) if row.valid_to else None
        before = open_ones.get(row.registrar_id)
        if before is not None and (before.last is None or row.valid_from <= add_months(before.last, 1)):
            found.remove(before)
            longest = None if before.last is None or last is None else max(before.last, last)
            stretch = replace(before, last=longest)
        else:
            stretch = Stretch(row.registrar, row.valid_from, last, is_later=row.valid_from > month)
        open_ones[row.registrar_id] = stretch
        found.append(stretch)
    return sorted(found, key=lambda stretch: stretch.first)
