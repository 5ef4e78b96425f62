"""Who answers for a series in a month: the one reading of the reporting rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from accounts.models import Department
from kpis.models import Reporting


@dataclass(frozen=True)
class Answerers:
    """The reporting rows of some series. In a month at most one of a series is in force (a constraint holds it)."""

    rows: Mapping[int, Collection[Reporting]] = field(default_factory=dict)

    def row(self, series_id: int, month: date) -> Reporting | None:
        """Who reports the series in the month that begins on `month`; None where nobody does."""
        return next((row for row in self.rows.get(series_id, ()) if row.is_in_force(month)), None)

    def department(self, series_id: int, month: date) -> Department | None:
        """The office that registers the series for everybody (一括登録), else the department that reports it."""
        row = self.row(series_id, month)
        return row.answering if row is not None else None

    def concerned(self, series_id: int, month: date) -> list[Department]:
        """The department a value is about, and the office that registers it for everybody."""
        row = self.row(series_id, month)
        return [whose for whose in (row.department, row.registrar) if whose] if row is not None else []


def who_answers(series_ids: Iterable[int]) -> Answerers:
    """The answerers of series, with their departments: one query, none for no series."""
    wanted = set(series_ids)
    if not wanted:
        return Answerers()
    rows: dict[int, list[Reporting]] = {}
    for row in Reporting.objects.filter(series__in=wanted).select_related("department", "registrar"):
        rows.setdefault(row.series_id, []).append(row)
    return Answerers(rows)
