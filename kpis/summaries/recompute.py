"""Writes a KPI's summaries. The Kpi row is locked before anything is read, so an older result never overwrites a newer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from japan.digits import plain_number
from japan.periods import Span
from kpis.arithmetic import KpiFacts, MeasurementFact, SeriesFact, compute
from kpis.models import Kpi, Measurement, Series, Summary, SummaryState, Target
from kpis.summaries.continued_parts import continued_parts

#: The columns the arithmetic fills, without the key and the bookkeeping.
COLUMNS = tuple(
    field.attname
    for field in Summary._meta.concrete_fields
    if field.attname not in ("id", "kpi_id", "span", "period", "computed_at", "digest")
)


def recompute(kpi_id: int) -> int:
    """Computes the summaries of one KPI and stores what changed. Returns how many rows it has now.

    Rows that say the same as before keep their time of computation.
    """
    with transaction.atomic():
        kpi = Kpi.objects.select_for_update().filter(pk=kpi_id).first()
        if kpi is None:
            return 0
        facts = facts_of(kpi)
        rows = compute(facts)
        stored = {(summary.span, summary.period): summary for summary in kpi.summaries.all()}
        now = timezone.now()
        new, changed = [], []
        for row in rows:
            values = {name: getattr(row, name) for name in COLUMNS}
            summary = stored.pop((row.span.value, row.period), None)
            if summary is None:
                summary = Summary(kpi=kpi, span=row.span.value, period=row.period)
                new.append(summary)
            elif all(getattr(summary, name) == value for name, value in values.items()):
                if summary.digest == digest_of(summary):
                    continue
                changed.append(summary)
            else:
                changed.append(summary)
            for name, value in values.items():
                setattr(summary, name, value)
            summary.computed_at = now
            summary.digest = digest_of(summary)
        Summary.objects.filter(pk__in=[summary.pk for summary in stored.values()]).delete()
        Summary.objects.bulk_create(new, batch_size=200)
        Summary.objects.bulk_update(changed, [*COLUMNS, "computed_at", "digest"], batch_size=100)
        SummaryState.objects.bulk_create(
            [SummaryState(kpi=kpi, versions=_versions_in(facts))],
            update_conflicts=True,
            unique_fields=["kpi"],
            update_fields=["versions"],
        )
    return len(rows)


def _versions_in(facts: KpiFacts) -> int:
    """Σ of the versions of all measurements that the computation read, those of a ratio's parts among them."""
    parts = [part for part in (facts, facts.numerator, facts.denominator) if part is not None]
    return sum(measurement.version for part in parts for measurement in part.measurements)


def facts_of(kpi: Kpi) -> KpiFacts:
    """Everything the arithmetic needs of a KPI and, for a ratio, of its two parts, in a few queries."""
    parts = [kpi.numerator, kpi.denominator] if kpi.numerator_id else []
    kpis = [kpi, *(part for part in parts if part is not None)]
    ids = [each.pk for each in kpis]
    series: dict[int, list[SeriesFact]] = {}
    listed = list(Series.objects.filter(kpi__in=ids).order_by("pk"))
    continued = continued_parts(listed)
    for s in listed:
        series.setdefault(s.kpi_id, []).append(SeriesFact(s.pk, s.kind, s.starts_on, s.ends_on, s.pk in continued))
    measurements: dict[int, list[MeasurementFact]] = {}
    for m in Measurement.objects.filter(series__kpi__in=ids).select_related("series").order_by("pk"):
        measurements.setdefault(m.series.kpi_id, []).append(_measurement_fact(m))
    targets = {(t.fiscal_year, t.month): t.value for t in Target.objects.filter(kpi=kpi)}

    def of(each: Kpi, **extra: Any) -> KpiFacts:
        return KpiFacts(
            kind=each.kind,
            aggregation=each.aggregation,
            direction=each.direction,
            unit=each.unit,
            series=tuple(series.get(each.pk, [])),
            measurements=tuple(measurements.get(each.pk, [])),
            starts_on=each.starts_on,
            ends_on=each.ends_on,
            baseline_value=each.baseline_value,
            baseline_span=each.baseline_span,
            baseline_period=each.baseline_period,
            level_rule=each.level_rule,
            is_of_period=each.as_of_rule == Kpi.AsOfRule.DURING,
            **extra,
        )

    if len(kpis) == 3:
        share = Kpi.objects.of_printed_share(kpi.numerator_id) == kpi.pk
        return of(kpi, targets=targets, numerator=of(kpis[1]), denominator=of(kpis[2]), takes_share=share)
    return of(kpi, targets=targets)


def _measurement_fact(measurement: Measurement) -> MeasurementFact:
    return MeasurementFact(
        id=measurement.pk,
        version=measurement.version,
        series_id=measurement.series_id,
        span=Span(measurement.span),
        period=measurement.period,
        value=measurement.value,
        missing_reason=measurement.missing_reason,
        nature=measurement.nature,
        is_derived=measurement.is_derived,
        is_rounded=measurement.is_rounded,
        is_provisional=measurement.is_provisional,
        is_synthetic=measurement.is_synthetic,
        as_of=measurement.as_of,
        as_of_wording=measurement.as_of_wording,
        published=measurement.published,
    )


def digest_of(summary: Summary) -> str:
    """SHA-256 over every other column: an altered row no longer matches, whichever column it was.

    The text is one line per column, sorted by name: `name=value`; decimals in plain notation without trailing zeros,
    dates in ISO form, times in UTC with microseconds, lists as compact JSON, nothing for an empty value.
    """
    values = {
        field.attname: getattr(summary, field.attname)
        for field in Summary._meta.concrete_fields
        if field.attname not in ("id", "digest")
    }
    return digest_of_values(values)


def digest_of_values(values: Mapping[str, Any]) -> str:
    lines = [f"{name}={_plain(values[name])}" for name in sorted(values)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _plain(value: Any) -> str:
    match value:
        case None:
            return ""
        case Decimal():
            return plain_number(value)
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case list():
            return json.dumps(value, separators=(",", ":"))
        case _:
            return str(value)
