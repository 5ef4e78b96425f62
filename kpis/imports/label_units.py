"""The unit of the numbers under each label: in its own words, in the table's column of units, or for the whole table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from kpis.imports.mapping import Mapping as Reading
from kpis.imports.places import unit_texts
from kpis.imports.titles import Unit, unit_in, unit_of_table
from kpis.models import Series
from sheets import Layout, Table

#: The scale by which each label's numbers are converted by the unit that is written for them.
BY_UNIT = "unit"


def units_of(table: Table, layout: Layout, mapping: Reading, labels: Iterable[str]) -> dict[str, Unit]:
    """By label; a label for which no unit is written is left out."""
    whole = unit_of_table(table, mapping)
    beside = {label: unit_in(f"（{text}）") for label, text in unit_texts(table, layout).items()}
    found = {label: unit_in(label) or beside.get(label) or whole for label in labels}
    return {label: unit for label, unit in found.items() if unit is not None}


def scale_of(units: Mapping[str, Unit], chosen: Mapping[str, Series]) -> tuple[str, str]:
    """The scale that the units over the numbers ask for, with the units in words; "one" where they need none.

    `chosen` are the labels with their figures. Where the labels need different scales each goes by its own unit.
    """
    needed = {label: units[label].scale_for(one.kpi.unit) for label, one in chosen.items() if label in units}
    scales = set(needed.values()) - {""}
    shown = "」「".join(sorted({units[label].shown for label, scale in needed.items() if scale not in ("", "one")}))
    if scales <= {"one"}:
        return "one", ""
    if len(scales) == 1 and len(needed) == len(chosen):
        return scales.pop(), shown
    return BY_UNIT, shown


def as_said(mapping: Reading, unit: Unit | None, series: Series) -> Reading:
    """The mapping for the numbers of one label."""
    if mapping.scale != BY_UNIT:
        return mapping
    return replace(mapping, scale=(unit.scale_for(series.kpi.unit) if unit else "") or "one")
