"""One validation of what a clerk types, reached from the page, the admin and imports alike."""

from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ValidationError

from japan.missing import MissingReason
from japan.numbers import NumberError, parse_number, write_number, write_quantity
from kpis.models import Kpi
from kpis.values.statement import Statement


def read_statement(kpi: Kpi, typed: str, missing_reason: str = "", *, kept: Decimal | None = None) -> Statement:
    """What was typed (and the chosen reason) as a statement; blank when neither is given.

    `kept` is the stored value: it may stay with more decimals than the KPI takes by now.

    Raises ValidationError with a message that says what to do: not understood, another unit, more than 15 digits,
    more decimals than the KPI keeps, or a value beside a reason for its absence.
    """
    try:
        understood = parse_number(typed, kpi.unit)
    except NumberError as error:
        raise ValidationError(str(error), code="number") from error
    reason = understood.missing.value if understood.missing else missing_reason
    if understood.value is not None and missing_reason:
        raise both_said(typed.strip(), missing_reason)
    if understood.missing and missing_reason and understood.missing.value != missing_reason:
        raise ValidationError(
            f"「{typed.strip()}」は{understood.missing.label}の記号です。値なしの理由とそろえてください。",
            code="reasons",
        )
    if reason and reason not in {member.value for member in MissingReason}:
        raise ValidationError("値なしの理由を選択肢から選んでください。", code="reason")
    if understood.value is not None and understood.value != kept:
        _check_decimals(kpi, understood.value)
    return Statement(value=understood.value, missing_reason=reason)


def both_said(typed: str, missing_reason: str) -> ValidationError:
    """A value beside a reason for its absence: neither counts until somebody says which. Pages and files say the same."""
    reason = MissingReason(missing_reason).label if missing_reason in set(MissingReason) else missing_reason
    return ValidationError(
        f"値「{typed}」と、値なしの理由「{reason}」の両方が入っているため、受け付けていません。どちらか一方にしてください"
        f"（値にするときは値なしの理由を空に、「{reason}」にするときは値を空にします）。",
        code="value_or_reason",
    )


def decimals_of(value: Decimal) -> int:
    """How many digits after the point a value needs: none of them is lost where it is shown to be typed over."""
    return max(0, -int(value.normalize().as_tuple().exponent))


def _check_decimals(kpi: Kpi, value: Decimal) -> None:
    if value != value.quantize(Decimal(1).scaleb(-kpi.decimals)):
        allowed = f"小数点以下{kpi.decimals}桁まで" if kpi.decimals else "整数"
        raise ValidationError(f"この指標は{allowed}で入力してください。", code="decimals")


def understood_text(kpi: Kpi, statement: Statement) -> str:
    """How the system read it, written out in full: 235,000時間（23.5万時間）. "" for a blank."""
    if statement.value is not None:
        exact = write_number(statement.value, max(kpi.decimals, decimals_of(statement.value))) + kpi.unit
        scaled = write_quantity(statement.value, kpi.unit, kpi.decimals, kpi.scale)
        return exact if scaled == exact else f"{exact}（{scaled}）"
    if statement.missing_reason:
        return MissingReason(statement.missing_reason).label
    return ""
