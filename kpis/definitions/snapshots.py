"""A KPI's definition in words, field by field: what is kept of it, and how two of them differ."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Field, ForeignKey, Model

from japan.digits import plain_number
from japan.fiscal import date_of_fiscal_month
from japan.wareki import fiscal_year_label, month_label
from kpis.models import DefinitionChange, Kpi, Series, Target

Subject = DefinitionChange.Subject
#: Where a row stands in a list says nothing about what it means; the frozen columns follow the first value.
NOT_KEPT = {"id", "kpi", "order", "frozen_kind", "frozen_aggregation", "fiscal_year", "month"}
NAMED = ("pillar", "department", "numerator", "denominator", "successor")
Words = dict[str, str]


@dataclass(frozen=True)
class Kept:
    """A row in words: of which KPI, what it is called, its fields by their Japanese names. `year` of a target.

    `parts`: the ids of the KPIs that a ratio is computed from, as they were when the row was read.
    """

    kpi_id: int
    subject: str
    about: str
    words: Words
    year: int | None = None
    parts: frozenset[int] = frozenset()


#: (model, what makes it the same row) → the row. A target is that of its year and month: one that is moved to another
#: is gone from the first and new in the second.
Snapshot = dict[tuple[str, tuple[int, ...]], Kept]


def snapshot_of(kpi_ids: Collection[int]) -> Snapshot:
    """The KPIs, their series and their targets as they are stored (three queries, and one for the names of others)."""
    found: Snapshot = {}
    for kpi in Kpi.objects.filter(pk__in=kpi_ids).select_related(*NAMED):
        parts = frozenset(pk for pk in (kpi.numerator_id, kpi.denominator_id) if pk)
        found["kpi", (kpi.pk,)] = Kept(kpi.pk, Subject.KPI, "指標の定義", words_of(kpi), parts=parts)
    for series in Series.objects.filter(kpi__in=kpi_ids):
        found["series", (series.pk,)] = Kept(series.kpi_id, Subject.SERIES, f"内訳「{series.name}」", words_of(series))
    for target in Target.objects.filter(kpi__in=kpi_ids):
        about = target_about(target)
        key = (target.kpi_id, target.fiscal_year, target.month or 0)
        found["target", key] = Kept(target.kpi_id, Subject.TARGET, about, words_of(target), target.fiscal_year)
    return found


def target_about(target: Target) -> str:
    """令和6(2024)年度の目標値, 令和6(2024)年9月の目標値."""
    if target.month is None:
        return f"{fiscal_year_label(target.fiscal_year)}の目標値"
    return f"{month_label(date_of_fiscal_month(target.fiscal_year, target.month))}の目標値"


def words_of(row: Model) -> Words:
    """Every field that is kept, by its Japanese name, in words. An empty field is ""."""
    return {
        str(field.verbose_name): _word(row, field) for field in row._meta.concrete_fields if field.name not in NOT_KEPT
    }


def _word(row: Model, field: Field[Any, Any]) -> str:
    value = getattr(row, field.name)
    match value:
        case None | "":
            return ""
        case bool():
            return "はい" if value else "いいえ"
        case Decimal():
            return plain_number(value)
        case date():
            return value.isoformat()
    if isinstance(field, ForeignKey) and field.related_model is Kpi:  # two may have one name
        return f"{value.name}（{value.code}）"
    label = getattr(row, f"get_{field.name}_display", None)
    return str(label() if label is not None else value)


def differences(old: Kept | None, new: Kept | None) -> list[list[str]]:
    """[name, before, after] of each field that differs; a row that is new or gone differs in everything it says."""
    before, after = (old.words if old else {}), (new.words if new else {})
    names = dict.fromkeys([*before, *after])
    return [
        [name, before.get(name, ""), after.get(name, "")]
        for name in names
        if before.get(name, "") != after.get(name, "")
    ]
