"""One period from the measurements of that very period: a published total, or the sum of its parts."""

from __future__ import annotations

from decimal import Decimal

from japan.periods import Period, Span
from kpis.arithmetic.facts import BEFORE_START, PROJECTED, WITHHELD, Key, KpiFacts, MeasurementFact, Row, Rows


def points(facts: KpiFacts) -> Rows:
    """A row for each period that has measurements of its own."""
    by_key: dict[Key, list[MeasurementFact]] = {}
    for measurement in facts.measurements:
        by_key.setdefault(measurement.key, []).append(measurement)
    rows = {key: _point(facts, key, found) for key, found in by_key.items()}
    for row in rows.values():
        set_life(facts, row)
    return rows


def set_life(facts: KpiFacts, row: Row) -> None:
    """What was stated for a longer period holds the months of the KPI's life in it; a level has its last day."""
    if row.span == Span.MONTH:
        return
    months = facts.months_lived(Period(row.span, row.period))
    row.set_life(months)
    if months and not facts.is_level:
        row.months = row.months_expected = len(months)


def _point(facts: KpiFacts, key: Key, found: list[MeasurementFact]) -> Row:
    observed = [measurement for measurement in found if measurement.nature != PROJECTED]
    if not observed:
        return _projection(facts, key, found)
    kinds = {series.id: series.kind for series in facts.series}
    total = next((m for m in observed if kinds.get(m.series_id) == "total"), None)
    parts = [m for m in observed if m is not total]
    if total is not None and (total.value is not None or not _living(facts, key)):
        row = _published(key, total)
        if facts.aggregation == "sum":
            row.parts_total, row.counted = _sum(parts), _counted(facts, key, parts)
        return row
    # Why no total was given says nothing of the parts: they are waited for.
    row = _from_parts(facts, key, parts)
    if total is not None and not parts and total.missing_reason != BEFORE_START:
        row.missing_reason = total.missing_reason
    return row


def _published(key: Key, total: MeasurementFact) -> Row:
    row = Row(
        *key,
        basis="published",
        value=total.value,
        missing_reason=total.missing_reason,
        reported=int(total.is_reported),
        expected=1,
        withheld=int(total.missing_reason == WITHHELD),
        as_of=total.as_of,
        as_of_wording=total.as_of_wording,
        published=total.published,
    )
    row.mark_from(total)
    return row


def _from_parts(facts: KpiFacts, key: Key, parts: list[MeasurementFact]) -> Row:
    due = _living(facts, key)
    counted = [m for m in parts if m.series_id in due]
    adds_up = facts.aggregation == "sum"
    row = Row(
        *key,
        basis="parts" if adds_up else "none",
        value=_sum(counted) if adds_up else None,
        reported=sum(m.is_reported for m in counted),
        expected=len(due),
        withheld=sum(m.missing_reason == WITHHELD for m in counted),
    )
    row.counted = _counted(facts, key, counted) if adds_up else frozenset()
    reasons = {m.missing_reason for m in counted}
    if row.value is None and len(reasons) == 1 and len(counted) == len(due):
        row.missing_reason = reasons.pop()
    if len(counted) == len(due) == 1:
        row.published = counted[0].published
    as_ofs = {(m.as_of, m.as_of_wording) for m in counted}
    if len(as_ofs) == 1:
        row.as_of, row.as_of_wording = as_ofs.pop()
    row.mark_from(*counted)
    return row


def _counted(facts: KpiFacts, key: Key, parts: list[MeasurementFact]) -> frozenset[int]:
    """The living parts that have a value."""
    return frozenset(m.series_id for m in parts if m.value is not None) & _living(facts, key)


def _living(facts: KpiFacts, key: Key) -> set[int]:
    """The parts that are due in a period."""
    return {series.id for series in facts.series if series.kind != "total" and series.lives_in(Period(*key))}


def _projection(facts: KpiFacts, key: Key, found: list[MeasurementFact]) -> Row:
    """A projection stands for itself: it is never due, counted in completeness, or the latest value."""
    kinds = {series.id: series.kind for series in facts.series}
    total = [m for m in found if kinds.get(m.series_id) == "total" and m.value is not None]
    value = total[0].value if total else (_sum(found) if facts.aggregation == "sum" else None)
    row = Row(*key, basis="published" if total else "parts", value=value, nature=PROJECTED)
    if len(found) == 1:
        row.as_of, row.as_of_wording = found[0].as_of, found[0].as_of_wording
        row.missing_reason, row.published = found[0].missing_reason, found[0].published
    row.mark_from(*(total or found))
    return row


def _sum(measurements: list[MeasurementFact]) -> Decimal | None:
    """The sum of the values that are there; None (never 0) where there is none."""
    values = [m.value for m in measurements if m.value is not None]
    return sum(values, Decimal(0)) if values else None
