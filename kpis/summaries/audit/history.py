"""Holds every value against its history: it is its newest revision, and no revision is missing before it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef

from kpis.models import Kpi, Measurement, Revision
from kpis.summaries.audit.difference import Difference
from kpis.summaries.audit.writing import text

#: What a value and its revision both say.
SAID = (
    "value", "missing_reason", "nature", "is_derived", "is_rounded", "is_provisional", "is_synthetic", "as_of",
    "as_of_wording", "published", "change_reason", "is_confirmed", "note", "source", "imported_file_id",
)  # fmt: skip


def audit_history(kpi: Kpi) -> Iterator[Difference]:
    """Every value of a KPI that is not its newest revision, or whose revisions are not numbered 1, 2, 3, … without gaps.

    Three columns of every revision are read, and the whole of the newest ones alone.
    """
    numbers: dict[int, list[int]] = defaultdict(list)
    newest: dict[int, int] = {}
    rows = Revision.objects.filter(measurement__series__kpi=kpi).order_by("measurement_id", "version")
    for pk, measurement_id, version in rows.values_list("pk", "measurement_id", "version").iterator(10_000):
        numbers[measurement_id].append(version)
        newest[measurement_id] = pk
    said = {row["pk"]: row for row in rows.filter(pk__in=_newest_of(kpi)).values("pk", "span", "period", *SAID)}
    columns = ("pk", "version", "span", "period", *SAID)
    for value in Measurement.objects.filter(series__kpi=kpi).order_by("pk").values(*columns).iterator(10_000):
        yield from _differences(kpi, value, numbers.get(value["pk"], []), said.get(newest.get(value["pk"], 0)))


def _newest_of(kpi: Kpi) -> Any:
    """The ids of the revisions that have no newer one."""
    newer = Revision.objects.filter(measurement=OuterRef("measurement"), version__gt=OuterRef("version"))
    return Revision.objects.filter(~Exists(newer), measurement__series__kpi=kpi).values("pk")


def _differences(
    kpi: Kpi, value: dict[str, Any], versions: list[int], revision: dict[str, Any] | None
) -> Iterator[Difference]:
    def different(column: str, stored: str, expected: str) -> Difference:
        return Difference(kpi.code, value["span"], value["period"], column, stored, expected)

    wanted = list(range(1, value["version"] + 1))
    if versions != wanted:
        yield different("履歴の版", "・".join(map(str, versions)), "・".join(map(str, wanted)))
    if revision is None:
        return
    for column in ("span", "period", *SAID):
        have, want = text(value[column]), text(revision[column])
        if have != want:
            yield different(f"{column}（最新の履歴との違い）", have, want)
