"""A number of a cell as its number format shows it: 0.9 by 0% is 90 %, 1234567 by #,##0, is 1,235 of something."""

from __future__ import annotations

import re
from decimal import Decimal

from django.core.exceptions import ValidationError

from japan.numbers import round_half_up, write_number
from japan.units import fold_width, split_unit
from kpis.imports.mapping import SCALES, Mapping
from kpis.imports.questions import FORMAT, UNIT, asking
from kpis.imports.written_units import Unit, unit_in
from kpis.models import Kpi
from sheets import Shown, shown_by

#: With these words begins what is said of a number that its format made another.
BY_FORMAT = "セルの表示は"
#: Of how sure a number is, or what it is beside its unit.
_NO_UNIT = re.compile(
    r"約|およそ|計|合計|速報|確定|概数|見込み?|推計|再掲|うち|※[0-9]{0,2}|注[0-9]{0,2}|[「」『』()（）\[\]\s:：/／・,、.。~〜'\"-]|第"
)
_YEN = re.compile(r"[¥￥\\\\]|JPY|yen", re.IGNORECASE)


def in_unit_of(
    kpi: Kpi, cell: Decimal, code: str, mapping: Mapping, written: Unit | None = None
) -> tuple[Decimal, str]:
    """The number in the unit of the figure, and what of its format counted in words ("" where nothing did). `written` is
    the unit that stands over or beside the number.

    Asks where the format shows another unit than the figure's or the table's, and where shown and stored number are both
    possible.
    """
    shown = shown_by(code, cell)
    if shown.hides_sign and mapping.shown_as != "stored":
        if not mapping.shown_as:
            raise asking(
                FORMAT,
                f"セルに入っている数は{_plain(cell)}ですが、表示形式が符号を出さないため、{_plain(-shown.number(cell))}と表示されています。"
                "どちらの数か決めてください。",
            )
        cell = -cell
        shown = shown_by(code, cell)
    if shown.is_plain:
        return cell * mapping.factor, ""
    if shown.percents:
        return _percent(kpi, cell, shown, mapping)
    unit = _unit_of(shown.words, kpi)
    if unit is not None:
        return _with_unit(kpi, cell, shown, unit, mapping, written)
    if not shown.thousands or cell == 0:
        return cell * mapping.factor, ""
    return _in_thousands(kpi, cell, shown, mapping)


def _unit_of(words: str, kpi: Kpi) -> Unit | None:
    """The unit among the words of a format: one that is known, the figure's own, or what looks like one (冊). What only says
    how sure a number is (約) is none."""
    text = _NO_UNIT.sub("", fold_width(words)).strip()
    if not text:
        return None
    if _YEN.fullmatch(text):
        return Unit(0, "円", "円")
    return unit_in(f"（{text}）") or unit_in(f"（単位：{text}）") or Unit(0, text, text)


def _other_unit(shown: str, kpi: Kpi) -> ValidationError:
    return asking(
        UNIT, f"セルの表示は「{shown}」ですが、この指標の単位は「{kpi.unit}」です。どの指標か確かめてください。"
    )


def _percent(kpi: Kpi, cell: Decimal, shown: Shown, mapping: Mapping) -> tuple[Decimal, str]:
    number = shown.number(cell)
    if any(split_unit(fold_width(kpi.unit), unit)[1] for unit in ("%", "ポイント")):
        return number, f"{BY_FORMAT}{_plain(number)}%"
    if mapping.ignores_unit:
        return cell * mapping.factor, ""
    raise _other_unit(f"{_plain(number)}%", kpi)


def _with_unit(
    kpi: Kpi, cell: Decimal, shown: Shown, unit: Unit, mapping: Mapping, written: Unit | None
) -> tuple[Decimal, str]:
    """The cell shows its own unit. Where the table says another multiple of it nobody knows which is meant."""
    number = shown.number(cell)
    scale = unit.scale_for(kpi.unit)
    if not scale:
        if mapping.ignores_unit:
            return cell * mapping.factor, ""
        raise _other_unit(f"{_plain(number)}{unit.shown}", kpi)
    by_cell = number * SCALES[scale][0]
    of_table = written.scale_for(kpi.unit) if written else "" if mapping.scale == "one" else mapping.scale
    if mapping.shown_as == "unit" or not of_table or SCALES[of_table][0] == SCALES[scale][0] or cell == 0:
        return by_cell, f"{BY_FORMAT}{_plain(number)}{unit.shown}{_times(scale)}"
    factor = SCALES[of_table][0]
    if mapping.shown_as == "stored":
        return cell * factor, f"セルの数{_plain(cell)}を、表の単位で"
    if mapping.shown_as == "shown":
        return number * factor, f"表示の{_plain(number)}を、表の単位で"
    readings = dict.fromkeys(f"{_plain(each * factor)}{kpi.unit}" for each in (number, cell))
    name = written.shown if written else SCALES[of_table][1]
    raise asking(
        FORMAT,
        f"セルの表示は「{_plain(number)}{unit.shown}」ですが、表の単位は「{name}」です。"
        f"セルの単位なら{_plain(by_cell)}{kpi.unit}、表の単位なら{'か'.join(readings)}です。",
    )


def _times(scale: str) -> str:
    factor = SCALES[scale][0]
    if factor < 1:
        return f"（{1 / factor:,}で割る）"
    return "" if factor == 1 else f"（{factor:,}倍）"


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
