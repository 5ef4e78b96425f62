"""A number of a cell as its number format shows it: 0.9 by 0% is 90 %, 1234567 by #,##0, is 1,235 of something."""

from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ValidationError

from japan.numbers import round_half_up, write_number
from japan.units import fold_width, split_unit
from kpis.imports.mapping import SCALES, Mapping
from kpis.imports.questions import FORMAT, asking
from kpis.imports.titles import Unit, unit_in
from kpis.models import Kpi
from sheets import Shown, shown_by

#: With these words begins what is said of a number that its format made another.
BY_FORMAT = "セルの表示は"


def in_unit_of(kpi: Kpi, cell: Decimal, code: str, mapping: Mapping) -> tuple[Decimal, str]:
    """The number in the unit of the figure, and what of its format counted in words ("" where nothing did).

    Raises ValidationError where the format shows another unit, and asks where shown and stored number are both possible.
    """
    shown = shown_by(code, cell)
    if shown.is_plain:
        return cell * mapping.factor, ""
    if shown.percents:
        return _percent(kpi, cell, shown)
    unit = unit_in(f"（{shown.words}）") if shown.words else None
    if unit is not None:
        return _with_unit(kpi, cell, shown, unit)
    if not shown.thousands or cell == 0:
        return cell * mapping.factor, ""
    return _in_thousands(kpi, cell, shown, mapping)


def _percent(kpi: Kpi, cell: Decimal, shown: Shown) -> tuple[Decimal, str]:
    number = shown.number(cell)
    if not any(split_unit(fold_width(kpi.unit), unit)[1] for unit in ("%", "ポイント")):
        raise ValidationError(
            f"セルの表示は「{_plain(number)}%」ですが、この指標の単位は「{kpi.unit}」です。どの指標か確かめてください。"
        )
    return number, f"{BY_FORMAT}{_plain(number)}%"


def _with_unit(kpi: Kpi, cell: Decimal, shown: Shown, unit: Unit) -> tuple[Decimal, str]:
    """The cell shows its own unit: it comes before the one written for the table."""
    number = shown.number(cell)
    scale = unit.scale_for(kpi.unit)
    if not scale:
        raise ValidationError(
            f"セルの表示は「{_plain(number)}{unit.shown}」ですが、この指標の単位は「{kpi.unit}」です。"
            "どの指標か確かめてください。"
        )
    return number * SCALES[scale][0], f"{BY_FORMAT}{_plain(number)}{unit.shown}"


def _in_thousands(kpi: Kpi, cell: Decimal, shown: Shown, mapping: Mapping) -> tuple[Decimal, str]:
    number = shown.number(cell)
    as_shown, as_stored = number * mapping.factor, cell * mapping.factor
    seen = write_number(round_half_up(number, 0), 0)
    if mapping.shown_as == "shown":
        return as_shown, f"表示の{seen}を、表の単位で"
    if mapping.shown_as == "stored":
        return as_stored, f"セルの数{_plain(cell)}を、表の単位で"
    raise asking(
        FORMAT,
        f"表示は{seen}、セルに入っている数は{_plain(cell)}です。"
        f"表示が表の単位なら{_plain(as_shown)}{kpi.unit}、セルの数が表の単位なら{_plain(as_stored)}{kpi.unit}です。",
    )


def _plain(value: Decimal) -> str:
    text = f"{value.normalize():,f}"
    return text if len(text) <= 24 else f"{text[:24]}…"
