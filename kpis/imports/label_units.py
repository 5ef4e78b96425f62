"""The unit of the numbers under each label: in its own words, in the table's column of units, or for the whole table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.core.exceptions import ValidationError

from japan.units import fold_width
from kpis.imports.mapping import BY_UNIT
from kpis.imports.mapping import Mapping as Reading
from kpis.imports.places import unit_texts
from kpis.imports.questions import MULTIPLE, UNIT, UNREAD, asking
from kpis.imports.written_units import Unit, unit_in, unit_of_table
from kpis.models import Series
from sheets import Layout, Table


def units_of(table: Table, layout: Layout, mapping: Reading, labels: Iterable[str]) -> dict[str, Unit]:
    """By label; a label for which no unit is written is left out."""
    whole = unit_of_table(table, mapping)
    beside = {label: unit_in(f"（{text}）") for label, text in unit_texts(table, layout).items()}
    found = {label: _first_sure(unit_in(label), beside.get(label), whole) for label in labels}
    return {label: unit for label, unit in found.items() if unit is not None}


def _first_sure(*units: Unit | None) -> Unit | None:
    written = [unit for unit in units if unit is not None]
    return next((unit for unit in written if unit.is_sure), written[0] if written else None)


def scale_of(units: Mapping[str, Unit], chosen: Mapping[str, Series]) -> tuple[str, str]:
    """The scale that the units over the numbers ask for, with the units in words; "one" where they need none.

    `chosen` are the labels with their figures. Where the labels need different scales each goes by its own unit.
    """
    sure = {label: units[label] for label in chosen if label in units and units[label].is_sure}
    needed = {label: unit.scale_for(chosen[label].kpi.unit) for label, unit in sure.items()}
    scales = set(needed.values()) - {""}
    shown = "」「".join(sorted({units[label].shown for label, scale in needed.items() if scale not in ("", "one")}))
    if scales <= {"one"}:
        return "one", ""
    if len(scales) == 1 and len(needed) == len(chosen):
        return scales.pop(), shown
    return BY_UNIT, shown


def as_said(mapping: Reading, unit: Unit | None, series: Series) -> Reading:
    """The mapping for the numbers of one label."""
    if mapping.unread_as and unit is not None and _is_unread(unit, series):
        return replace(mapping, scale=mapping.unread_as)
    if mapping.scale != BY_UNIT:
        return mapping
    return replace(mapping, scale=(unit.scale_for(series.kpi.unit) if unit else "") or "one")


def unit_refusal(mapping: Reading, unit: Unit | None, series: Series) -> ValidationError | None:
    """What has to be asked before numbers written in this unit are taken for the figure; None where they fit."""
    if unit is None or mapping.ignores_unit:
        return None
    name = fold_width(f"{series.kpi.name} {series.name}")
    if not unit.is_sure and unit.shown in name:  # 百人 in the name of 百人一首大会 is no unit
        return None
    if _is_unread(unit, series):
        if mapping.unread_as:
            return None
        return asking(UNREAD, unit.mismatch(series.kpi.unit, "one"))
    message = unit.mismatch(series.kpi.unit, as_said(mapping, unit, series).scale)
    if not message:
        return None
    return asking(UNIT if unit.is_sure or not unit.scale_for(series.kpi.unit) else MULTIPLE, message)


def _is_unread(unit: Unit, series: Series) -> bool:
    """Neither a unit the application knows nor the figure's own: only a person can say what it means."""
    return not unit.is_known and not unit.says_of(series.kpi.unit)
