"""Parts that go on under another name: a 組織改正 gave their work to a department whose own part began when they ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from accounts.models import Succession
from japan.fiscal import add_months, month_start
from kpis.models import Reporting, Series


def continued_parts(series: Iterable[Series]) -> set[int]:
    """The ids of ended series that another of the same KPI continues. No query where none begins as one ends."""
    listed = list(series)
    pairs = [(old, new) for old in listed for new in listed if _follows(old, new)]
    if not pairs:
        return set()
    departments: dict[int, set[int]] = defaultdict(set)
    ids = {each.pk for pair in pairs for each in pair}
    for pk, department in Reporting.objects.filter(series__in=ids).values_list("series_id", "department_id"):
        departments[pk].add(department)
    taken_over = set(Succession.objects.values_list("predecessor_id", "successor_id"))
    return {
        old.pk
        for old, new in pairs
        if any((before, after) in taken_over for before in departments[old.pk] for after in departments[new.pk])
    }


def _follows(old: Series, new: Series) -> bool:
    """The one begins in the month in which the other ended, or in the next."""
    if old.kpi_id != new.kpi_id or old.pk == new.pk or old.ends_on is None or new.starts_on is None:
        return False
    return Series.Kind.TOTAL not in (old.kind, new.kind) and month_start(new.starts_on) in (
        month_start(old.ends_on),
        add_months(month_start(old.ends_on), 1),
    )
