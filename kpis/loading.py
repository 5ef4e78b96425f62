"""Loads KPIs and their published values from a data file: adds what is missing by natural key, overwrites nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import Department
from initiatives.models import Initiative, Pillar
from kpis.models import Kpi, Measurement, Series
from kpis.recording import Change, record

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
)
PLAIN += ("frequency", "as_of_rule", "note", "source", "order", "starts_on")
FLAGS = {"rounded": "is_rounded", "derived": "is_derived", "provisional": "is_provisional", "synthetic": "is_synthetic"}


@transaction.atomic
def load_kpis(data: dict[str, Any], department: Department | None) -> int:
    """Adds the file's KPIs, series and values. Returns how many rows were new.

    Values go through kpis.recording.record; one that is stored already, whatever it says now, stays as it is.
    """
    added = 0
    pillars = {pillar.code: pillar for pillar in Pillar.objects.all()}
    for row in data["kpis"]:
        kpi, new = Kpi.objects.get_or_create(code=row["code"], defaults=_fields(row, pillars, department))
        added += new
        if new:
            kpi.initiatives.set(Initiative.objects.filter(code__in=row.get("initiatives", [])))
    for row in data["kpis"]:
        if "numerator" in row:
            parts = {p.code: p for p in Kpi.objects.filter(code__in=[row["numerator"], row["denominator"]])}
            Kpi.objects.filter(code=row["code"], numerator=None).update(
                numerator=parts[row["numerator"]], denominator=parts[row["denominator"]]
            )
    changes: list[Change] = []
    for row in data["kpis"]:
        series, new_series = _series(Kpi.objects.get(code=row["code"]), row.get("series"))
        added += new_series
        changes += [_change(series, value, row.get("source", "")) for value in row.get("measurements", [])]
    missing = without_stored(changes)
    record(missing, actor=None, post="", reason=data["reason"])
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
        "department": department,
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
        _, new = Series.objects.get_or_create(kpi=kpi, code=code, defaults={"name": name, "kind": kind, "order": order})
        added += new
    return {series.code: series for series in kpi.series.all()}, added


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
        source=source,
        **marks,
    )
