"""Reads the values of a table by a mapping: all that can be taken, and all that cannot with its place and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError

from japan.dates import DateError
from japan.missing import MissingReason
from japan.numbers import NumberError, parse_number
from japan.periods import Period, Span
from japan.reading_periods import read_period
from japan.wareki import month_label
from kpis.imports.mapping import Mapping as Reading
from kpis.imports.places import Place
from kpis.imports.titles import Unit, unit_in
from kpis.models import Kpi, Series
from kpis.models.value import check_value_digits
from kpis.reading import read_statement
from sheets import Cell, fold, place

_SCALED = ("万", "億", "千", "百万")
#: Quarters and years as `Period.iso` writes them.
_LONGER = re.compile(r"FY[0-9]{4}|[0-9]{4}-Q[1-4]|[0-9]{4}")
_YEAR_OR_QUARTER = re.compile("年度|四半期|^[0-9]{4}年$")
_REASONS = {reason.label: reason.value for reason in MissingReason} | {r.value: r.value for r in MissingReason}


@dataclass(frozen=True, slots=True)
class Value:
    """A value of the file, or the reason why there is none, and where it stands (column from 0)."""

    series: Series
    span: str
    period: date
    value: Decimal | None
    missing_reason: str
    sheet: str
    row: int
    column: int
    shown: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A cell that cannot be taken."""

    sheet: str
    row: int
    column: int
    shown: str
    message: str
    series: Series | None = None


def read_values(
    sheet: str,
    places: Iterable[Place],
    mapping: Reading,
    series: Mapping[str, Series],
    *,
    last_month: date,
    unit: Unit | None = None,
) -> tuple[list[Value], list[Refused], int]:
    """Every value whose label has a series. `series` is by code; `last_month` is the newest month that has ended;
    `unit` is the one written for the whole table. The number is that of values left out for their rows say no month.

    Two values for one series and period are both refused, each naming the other's row.
    """
    reader = _Reader(sheet, mapping, series, last_month, unit)
    for each in places:
        reader.take(each)
    return list(reader.kept.values()), reader.refused, reader.left_out


class _Reader:
    def __init__(
        self, sheet: str, mapping: Reading, series: Mapping[str, Series], last_month: date, unit: Unit | None
    ) -> None:
        self.sheet, self.mapping, self.last_month = sheet, mapping, last_month
        self.series = {label: series.get(code) for label, code in mapping.series.items() if code}
        units = {label: unit_in(label) or unit for label in self.series}
        self.other_unit = {
            label: message
            for label, one in self.series.items()
            if one is not None
            and (written := units[label])
            and (message := written.mismatch(one.kpi.unit, mapping.scale))
        }
        self.kept: dict[tuple[int, str, date], Value] = {}
        self.refused: list[Refused] = []
        self.left_out = 0
        self._first: dict[tuple[int, str, date], Value] = {}
        self._periods: dict[tuple[str, date], tuple[str, date] | str] = {}

    def take(self, found: Place) -> None:
        if found.label not in self.series:
            return
        if self.mapping.skips_unread and found.month is None and self._says_no_period(found.when):
            self.left_out += 1
            return
        series = self.series[found.label]
        shown = fold(found.cell)[:120]
        if series is None:
            self._refuse(found, shown, f"「{found.label}」の指標が見つかりません。読み取り方を直してください。")
            return
        if found.label in self.other_unit:
            self._refuse(found, shown, self.other_unit[found.label], series)
            return
        try:
            span, period = self._period(found, series.kpi)
            value, reason = self._statement(series.kpi, found)
        except ValidationError as error:
            self._refuse(found, shown, " ".join(error.messages), series)
            return
        if value is None and not reason:
            return
        self._keep(found, Value(series, span, period, value, reason, self.sheet, found.row, found.column, shown))

    def _says_no_period(self, text: str) -> bool:
        return self.mapping.month is None and not _LONGER.fullmatch(text) and not _YEAR_OR_QUARTER.search(text)

    def _keep(self, found: Place, value: Value) -> None:
        key = (value.series.pk, value.span, value.period)
        first = self._first.setdefault(key, value)
        if first is value:
            self.kept[key] = value
            return
        if self.mapping.repeats != "refuse" and key in self.kept:
            self._join(key, found, value)
            return
        there = place(self.sheet, first.row, first.column)
        here = place(self.sheet, found.row, found.column)
        if self.kept.pop(key, None) is not None:
            self.refused.append(self._twice(first, first.shown, here))
        self.refused.append(self._twice(value, value.shown, there))

    def _join(self, key: tuple[int, str, date], found: Place, value: Value) -> None:
        """A further value of the period, where the file has several: the last one holds, or all are added up."""
        before = self.kept[key]
        if self.mapping.repeats == "last":
            self.kept[key] = value
            return
        if before.value is None or value.value is None:
            message = "値のない行があるため、足し合わせられません。値を入れるか、その行を消してください。"
            self._refuse(found, value.shown, message, value.series)
            return
        total = before.value + value.value
        self.kept[key] = replace(
            value, value=total, row=before.row, shown=f"{before.row}行目から{value.row}行目までの計"
        )

    def _twice(self, value: Value, shown: str, other: str) -> Refused:
        message = f"同じ指標・同じ期間の値が{other}にもあります。どちらか一方を消してください。"
        return Refused(self.sheet, value.row, value.column, shown, message, value.series)

    def _refuse(self, found: Place, shown: str, message: str, series: Series | None = None) -> None:
        self.refused.append(Refused(self.sheet, found.row, found.column, shown, message[:300], series))

    def _period(self, found: Place, kpi: Kpi) -> tuple[str, date]:
        is_iso = _LONGER.fullmatch(found.when)
        if is_iso and found.when.isdigit() and kpi.frequency == Kpi.Frequency.FISCAL_YEAR and found.month is None:
            return _longer_period(f"FY{found.when}", kpi, self.last_month)  # the figure knows one sort of year
        if is_iso and (kpi.frequency == Kpi.Frequency.CALENDAR_YEAR or not found.when.isdigit()):
            return _longer_period(found.when, kpi, self.last_month)
        if found.month is None and _YEAR_OR_QUARTER.search(found.when):
            return _longer_period(found.when, kpi, self.last_month)
        month = found.month or self.mapping.month
        if month is None:
            raise ValidationError(found.problem or "いつの値か分かりません。対象月を選んでください。")
        key = (kpi.frequency, month)
        if key not in self._periods:
            self._periods[key] = _period_of(kpi, month, self.last_month)
        period = self._periods[key]
        if isinstance(period, str):
            raise ValidationError(period)
        return period

    def _statement(self, kpi: Kpi, found: Place) -> tuple[Decimal | None, str]:
        reason = ""
        if found.reason is not None:
            text = fold(found.reason)
            if text not in _REASONS:
                raise ValidationError(
                    f"値なしの理由「{text[:20]}」は選択肢にありません（{'、'.join(list(_REASONS)[:4])}）。"
                )
            reason = _REASONS[text]
        return _read(kpi, found.cell, reason, self.mapping)


def _longer_period(text: str, kpi: Kpi, last_month: date) -> tuple[str, date]:
    """A quarter or year as the application's own files write it (FY2024), or as others do (令和6年度)."""
    try:
        period = read_period(text, Span.CALENDAR_YEAR if text.isdigit() else None)
    except DateError as error:
        raise ValidationError(str(error), code="period") from error
    if period.end.replace(day=1) > last_month:
        raise ValidationError(f"{period.label}はまだ終わっていません。終わった期間の値だけを取り込めます。")
    if kpi.frequency not in (period.span, Kpi.Frequency.OCCASIONAL):
        raise ValidationError(
            f"{kpi.name}は{kpi.get_frequency_display()}の指標です。{period.label}の値は取り込めません。"
        )
    return period.span.value, period.start


def _period_of(kpi: Kpi, month: date, last_month: date) -> tuple[str, date] | str:
    """The period of the KPI that a month of the file stands for, or why there is none."""
    if month > last_month:
        return f"{month_label(month)}はまだ終わっていません。終わった月の値だけを取り込めます。"
    if kpi.frequency in (Kpi.Frequency.MONTH, Kpi.Frequency.OCCASIONAL):
        return Span.MONTH.value, month
    span = Span(kpi.frequency)
    period = Period.containing(span, month)
    if month not in (period.start, period.end.replace(day=1)):
        return (
            f"{kpi.get_frequency_display()}の指標に、{month_label(month)}の値があります。"
            f"{period.label}の値は、その最後の月の行に入れてください。"
        )
    if period.end.replace(day=1) > last_month:
        return f"{period.label}はまだ終わっていません。"
    return span.value, period.start


def _read(kpi: Kpi, cell: Cell, reason: str, mapping: Reading) -> tuple[Decimal | None, str]:
    """A cell as value or reason. Raises ValidationError saying what to do."""
    if isinstance(cell, Decimal):
        return _number(kpi, cell * mapping.factor, reason)
    if isinstance(cell, bool | date):
        raise ValidationError(f"「{fold(cell)}」は数値ではありません。値の列か、セルの書式を確かめてください。")
    text = cell or ""
    if mapping.scale != "one" and any(mark in text for mark in _SCALED):
        raise ValidationError(
            f"「{text[:40]}」に単位が付いています。表全体の単位と重なるため、どちらかを外してください。"
        )
    if mapping.scale == "one":
        statement = read_statement(kpi, text, reason)
        return statement.value, statement.missing_reason
    try:
        understood = parse_number(text, kpi.unit)
    except NumberError as error:
        raise ValidationError(str(error)) from error
    if understood.value is None:
        return None, understood.missing.value if understood.missing else reason
    return _number(kpi, understood.value * mapping.factor, reason)


def _number(kpi: Kpi, value: Decimal, reason: str) -> tuple[Decimal | None, str]:
    if reason:
        raise ValidationError("値と「値なしの理由」の両方が入っています。どちらか一方にしてください。")
    # Excel keeps 20.5 as 20.499999999999996: what is nearer to the KPI's decimals than a binary number can say is meant.
    rounded = value.quantize(Decimal(1).scaleb(-kpi.decimals)) if abs(value) < 10**15 else value
    if rounded != value and abs(rounded - value) > abs(value) * Decimal("1e-14"):
        allowed = f"小数点以下{kpi.decimals}桁まで" if kpi.decimals else "整数"
        raise ValidationError(
            f"この指標は{allowed}です（{value.normalize():f}）。値か、表全体の単位を確かめてください。"
        )
    check_value_digits(rounded)
    return rounded, ""
