"""A cell of a file as a value of a figure, or as the reason why there is none."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_05UP, Decimal

from django.core.exceptions import ValidationError

from japan.missing import MissingReason
from japan.numbers import NumberError, parse_number, round_half_up
from kpis import claims
from kpis.imports.formats import in_unit_of
from kpis.imports.mapping import Mapping
from kpis.imports.places import Place
from kpis.imports.questions import DECIMALS, asking
from kpis.imports.sureness import Said, Sureness, said_beside
from kpis.imports.written_units import Unit
from kpis.models import Kpi
from kpis.models.columns import check_value_digits
from kpis.models.value import DECIMALS as DECIMALS_KEPT
from kpis.models.value import DIGITS, GREATEST
from kpis.values.figures import plain_subject
from kpis.values.reading import both_said, decimals_of
from sheets import SAVE_COMPUTED, UNCOMPUTED, Cell, fold

_SCALED = ("万", "億", "千", "百万")
_REASONS = {reason.label: reason.value for reason in MissingReason} | {r.value: r.value for r in MissingReason}
#: With these words begins what is said of a number that has more decimals than its figure is written with.
FINER = "表示は"
#: What Excel shows where a formula came to nothing.
ERRORS = ("#DIV/0!", "#N/A", "#REF!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!")
#: Digits behind the point in the code of a number format.
_SHOWN_DECIMALS = re.compile(r"[.]([0#?]{1,30})")
#: A number with more decimals than anybody types.
_COMPUTED = re.compile(r"(?P<head>[^0-9.]{0,2}[0-9]{1,15}\.[0-9]{6})(?P<rest>[0-9]{1,40})(?P<tail>[^0-9]{0,8})")


@dataclass(frozen=True, slots=True)
class Amount:
    """A value exactly as it will be stored, or a reason, or neither (blank); `how` says what was done to it, `step` what
    one in the last digit of the file is worth, where that is known."""

    value: Decimal | None
    reason: str = ""
    how: str = ""
    step: Decimal | None = None
    mark: Sureness = Sureness.NONE


def amount_of(kpi: Kpi, place: Place, mapping: Mapping, written: Unit | None = None) -> Amount:
    """`written` is the unit that stands over or beside the number. Raises ValidationError saying what to do."""
    reason = _reason(place.reason)
    cell = place.cell
    if isinstance(cell, Decimal):
        value, how = in_unit_of(kpi, cell, place.format, mapping, written)
        return replace(_exact(kpi, value, reason, mapping, how), step=_step_of(cell, place.format, value))
    if isinstance(cell, bool | date):
        raise ValidationError(f"「{fold(cell)}」は数値ではありません。値の列か、セルの書式を確かめてください。")
    text = cell or ""
    if text == UNCOMPUTED:
        raise ValidationError(SAVE_COMPUTED, code="uncomputed")
    if is_error(text):
        raise ValidationError(
            f"「{text}」は計算式のエラーです。もとの表の式を直すか、値の欄に「－」（該当なし）や「…」（集計中）を入れてください。"
        )
    if mapping.scale != "one" and any(mark in text for mark in _SCALED):
        raise ValidationError(
            f"「{text[:40]}」に単位が付いています。表全体の単位と重なるため、どちらかを外してください。"
        )
    return _written(kpi, text, reason, mapping)


def says_nothing_yet(cell: Cell, unit: str = "") -> bool:
    """Whether a cell holds what stands there before anything happened: 0, an error of its formula, a mark for no value."""
    if isinstance(cell, Decimal):
        return cell == 0
    if not isinstance(cell, str):
        return cell is None
    if is_error(cell):
        return True
    try:
        understood = parse_number(cell, unit)
    except NumberError:
        return False
    return not understood.value


def is_error(text: str) -> bool:
    return text == UNCOMPUTED or text.strip().upper() in ERRORS


def _reason(cell: Cell) -> str:
    if cell is None:
        return ""
    text = fold(cell)
    if text not in _REASONS:
        raise ValidationError(f"値なしの理由「{text[:20]}」は選択肢にありません（{'、'.join(list(_REASONS)[:4])}）。")
    return _REASONS[text]


def _written(kpi: Kpi, text: str, reason: str, mapping: Mapping) -> Amount:
    said = said_beside(text)
    if said.mark is Sureness.EXPECTED:
        raise ValidationError(
            f"「{text.strip()[:40]}」は見込みの数です。実績の値が決まってから取り込むか、値の欄を「…」（集計中）にしてください。",
            code="expected",
        )
    short, rest = _cut(said.rest)
    try:
        understood = parse_number(short, kpi.unit)
    except NumberError as error:
        raise ValidationError(str(error), code="number") from error
    if understood.value is not None:
        value = understood.value + rest.copy_sign(understood.value)
        is_percent = mapping.scale == "percent" and understood.unit == "%"  # 20.5% says it already
        factor = Decimal(1) if is_percent else mapping.factor
        told = _told(said, understood.note)
        step = None if rest else understood.step * factor
        return replace(_exact(kpi, value * factor, reason, mapping, told), step=step, mark=said.mark)
    marked = understood.missing.value if understood.missing else ""
    if marked and reason and marked != reason and understood.missing:
        raise ValidationError(
            f"「{text.strip()}」は{understood.missing.label}の記号です。値なしの理由とそろえてください。",
            code="reasons",
        )
    return Amount(None, marked or reason)


def _told(said: Said, note: str) -> str:
    """What stands beside the number, and what becomes of it."""
    marks = (
        f"「{said.word}」を{said.mark}の印として"
        if said.mark
        else f"「{said.word}」は印にしません"
        if said.word
        else ""
    )
    dropped = f"注記「{note[:20]}」は取り込みません" if note else ""
    return "、".join(part for part in (marks, dropped) if part)


def _step_of(cell: Decimal, code: str, value: Decimal) -> Decimal | None:
    """What one in the last digit of a number is worth in the unit of the figure: a cell keeps no zeros behind the point,
    its format shows them."""
    if not cell or not value:
        return None
    shown = _SHOWN_DECIMALS.search(code.partition(";")[0])
    decimals = len(shown[1]) + 2 * ("%" in code) if shown else 0
    step = Decimal(1).scaleb(-max(decimals, decimals_of(cell))) * abs(value / cell)
    return step if step.normalize().as_tuple().digits == (1,) else None


def _cut(text: str) -> tuple[str, Decimal]:
    """A text with no more decimals than can be typed, and the rest of a number that a formula computed."""
    match = _COMPUTED.fullmatch(text.strip())
    if match is None:
        return text, Decimal(0)
    return f"{match['head']}{match['tail']}", Decimal(f"0.000000{match['rest']}")


def _exact(kpi: Kpi, value: Decimal, reason: str, mapping: Mapping, how: str = "") -> Amount:
    if reason:
        raise both_said(_plain(value), reason)
    stored = _without_noise(value, kpi.decimals)
    if stored != round_half_up(stored, kpi.decimals):
        shown = f"{FINER}{claims.exact(plain_subject(kpi), stored)}"
        if not mapping.keeps_digits:
            allowed = f"小数点以下{kpi.decimals}桁まで" if kpi.decimals else "整数"
            raise asking(
                DECIMALS, f"この指標は{allowed}です。そのままの桁で取り込むと {_plain(stored)}（{shown}）です。"
            )
        how = "、".join(part for part in (how, f"{_plain(stored)}（{shown}）") if part)
    check_value_digits(stored)
    return Amount(stored, "", how)


def _without_noise(value: Decimal, decimals: int) -> Decimal:
    """As many digits as are stored, and never one that makes more of the value: 99.96 stays, it is not 100.0.

    Excel keeps 20.5 as 20.499999999999996: what is nearer to a number of few digits than a binary number can say is
    meant. Else a digit beyond those that are kept is cut off, and never to a false 0 or 5: rounding for display later
    gives the same as rounding the whole number once.
    """
    if value == 0 or abs(value) >= GREATEST:
        return value
    for places in (decimals, max(decimals, DECIMALS_KEPT)):
        rounded = round_half_up(value, places)
        if abs(rounded - value) <= abs(value) * Decimal("1e-14"):
            return rounded
    places = min(DECIMALS_KEPT, DIGITS - 1 - max(value.adjusted(), -1))
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_05UP)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"[:24]
