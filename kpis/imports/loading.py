"""Loads KPIs and their published values from a data file: adds what is missing by natural key, overwrites nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.models import Department
from initiatives.models import Initiative, Pillar
from kpis.definitions.keeping import Kind, Why, keeping
from kpis.models import Kpi, Measurement, Series
from kpis.values.recomputing import request_recompute
from kpis.values.recording import Change, record

PLAIN: tuple[str, ...] = (
    "name",
    "definition",
    "unit",
    "decimals",
    "ratio_decimals",
    "scale",
    "kind",
    "aggregation",
    "direction",
    "frequency",
    "as_of_rule",
    "level_rule",
    "note",
    "source",
    "order",
    "starts_on",
    "ends_on",
)
FLAGS = {"rounded": "is_rounded", "derived": "is_derived", "provisional": "is_provisional", "synthetic": "is_synthetic"}


@transaction.atomic
def load_kpis(data: dict[str, Any], department: Department | None) -> int:
    """Adds the file's KPIs, series and values. Returns how many rows were new.

    Values go through kpis.values.recording.record; one that is stored already, whatever it says now, stays as it is.
    """
    pillars = {pillar.code: pillar for pillar in Pillar.objects.all()}
    known = set(Kpi.objects.values_list("code", flat=True))
    new = [row for row in data["kpis"] if row["code"] not in known]
    kpis = {kpi.code: kpi for kpi in Kpi.objects.all()}
    for row in sorted(new, key=lambda row: "numerator" in row):  # the parts before what is computed from them
        parts = {part: kpis[row[part]] for part in ("numerator", "denominator") if part in row}
        kpi = Kpi.objects.create(code=row["code"], **_fields(row, pillars, department), **parts)
        kpi.initiatives.set(Initiative.objects.filter(code__in=row.get("initiatives", [])))
        kpis[kpi.code] = kpi
    added = len(new)
    changes: list[Change] = []
    gaining = [kpis[row["code"]].pk for row in data["kpis"] if row["code"] in known]
    with keeping(gaining, Why(kind=Kind.RESTATEMENT, reason=data["reason"])):
        for row in data["kpis"]:
            series, new_series = _series(kpis[row["code"]], row.get("series"))
            added += new_series
            changes += [_change(series, value, row.get("source", "")) for value in row.get("measurements", [])]
    missing = without_stored(changes)
    record(missing, actor=None, post="", reason=data["reason"])
    # A new ratio may be computed from values that were stored long before.
    request_recompute(kpis[row["code"]].pk for row in new)
    return added + len(missing)


def without_stored(changes: list[Change]) -> list[Change]:
    """Those changes whose period has no value yet."""
    stored = set(
        Measurement.objects.filter(series_id__in={change.series_id for change in changes}).values_list(
            "series_id", "span", "period"
        )
    )
    return [change for change in changes if change.key not in stored]


def _fields(row: dict[str, Any], pillars: dict[str, Pillar], department: Department | None) -> dict[str, Any]:
    fields = {name: row[name] for name in PLAIN if name in row}
    fields |= {
        "pillar": pillars.get(row.get("pillar") or ""),
        "department": row.get("department", department),
        "is_auxiliary": row.get("auxiliary", False),
    }
    if baseline := row.get("baseline"):
        fields |= {
            "baseline_value": Decimal(baseline["value"]),
            "baseline_span": baseline["span"],
            "baseline_period": baseline["period"],
            "baseline_wording": baseline["wording"],
            "baseline_is_derived": baseline["derived"],
        }
    return fields


def _series(kpi: Kpi, rows: list[list[str]] | None) -> tuple[dict[str, Series], int]:
    added = 0
    for order, (code, name, kind) in enumerate(rows or [["total", "全体", "total"]], start=1):
        same = Q(code=code) | Q(kind=kind) if kind == Series.Kind.TOTAL else Q(code=code)
        if not kpi.series.filter(same).exists():
            Series.objects.create(kpi=kpi, code=code, name=name, kind=kind, order=order)
            added += 1
    found = {series.code: series for series in kpi.series.all()}
    total = next((series for series in found.values() if series.kind == Series.Kind.TOTAL), None)
    return (found | {"total": total} if total else found), added


def _change(series: dict[str, Series], row: dict[str, Any], source: str) -> Change:
    marks: dict[str, Any] = {field: True for name, field in FLAGS.items() if row.get(name)}
    return Change(
        series_id=series[row.get("series", "total")].pk,
        span=row["span"],
        period=date.fromisoformat(row["period"]),
        value=Decimal(row["value"]),
        nature=row.get("nature", "observed"),
        as_of=date.fromisoformat(row["as_of"]) if row.get("as_of") else None,
        as_of_wording=row.get("as_of_wording", ""),
        published=row.get("published", ""),
        source=source,
        **marks,
    )
