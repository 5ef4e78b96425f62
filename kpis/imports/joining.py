"""Several values of one figure in one period: an error, the last one, or parts to add up, as the mapping and the figure's
kind have it. A level and a rate are never added up."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

from kpis.imports.questions import REPEATS
from kpis.imports.values import Refused, Value
from kpis.models import Kpi
from sheets import place

Key = tuple[int, str, date]
_WHY_NOT = {
    Kpi.Kind.STOCK: "残高は足し合わせられません。「同じ月の行が2つ以上あるとき」で、残高は最後の日の値を使う読み方を選んでください。",
    Kpi.Kind.RATIO: "比率は足し合わせられず、日ごとの値から月の値は分かりません。"
    "月の値のある列を選ぶか、この名前を「取り込まない」（空）にしてください。",
}


class Joined:
    """The values that were read, at most one for a series and period, and those refused for there being more."""

    def __init__(self, repeats: str) -> None:
        self.repeats = repeats
        self._kept: dict[Key, Value] = {}
        self._first: dict[Key, Value] = {}
        self._rows: Counter[Key] = Counter()
        self._refused: list[Refused] = []
        #: By series: the first value of a column that cannot be added up. It is refused once, not row by row.
        self._apart: dict[int, Refused] = {}

    @property
    def values(self) -> list[Value]:
        return [value for value in self._kept.values() if value.series.pk not in self._apart]

    @property
    def refused(self) -> list[Refused]:
        return self._refused + list(self._apart.values())

    def add(self, value: Value) -> None:
        key = (value.series.pk, value.span, value.period)
        first = self._first.setdefault(key, value)
        self._rows[key] += 1
        if first is value:
            self._kept[key] = value
        elif (way := self._way(value)) == "refuse":
            self._refuse_both(key, first, value)
        elif key not in self._kept:
            return  # its rows could not be joined, which is said already
        elif way == "last":
            self._kept[key] = _later(self._kept[key], value)
        elif way == "sum":
            self._add_up(key, first, value)
        else:
            self._apart.setdefault(value.series.pk, self._no_sum(first))

    def _way(self, value: Value) -> str:
        kind = value.series.kpi.kind
        if self.repeats == "by_kind":
            return {Kpi.Kind.FLOW: "sum", Kpi.Kind.STOCK: "last"}.get(Kpi.Kind(kind), "none")
        if self.repeats == "sum" and kind != Kpi.Kind.FLOW:
            return "none"
        return self.repeats

    def _add_up(self, key: Key, first: Value, value: Value) -> None:
        before = self._kept[key]
        if before.value is None or value.value is None:
            blank = value if value.value is None else before
            message = "値のない行があるため、足し合わせられません。値を入れるか、その行を消してください。"
            self._refused.append(_refusal(blank, message))
            del self._kept[key]
            return
        rows = f"{first.row}行目から{value.row}行目までの{self._rows[key]}行の計"
        self._kept[key] = replace(
            value, value=before.value + value.value, row=first.row, shown=rows, how=rows, step=None
        )

    def _refuse_both(self, key: Key, first: Value, value: Value) -> None:
        days = value.day is not None and first.day is not None and value.day != first.day
        asks = REPEATS if days and value.series.kpi.kind != Kpi.Kind.RATIO else ""
        there, here = (place(each.sheet, each.row, each.column) for each in (first, value))
        message = "同じ指標・同じ期間の値が{}にもあります。どちらか一方を消してください。"
        if self._kept.pop(key, None) is not None:
            self._refused.append(_refusal(first, message.format(here), asks))
        self._refused.append(_refusal(value, message.format(there), asks))

    def _no_sum(self, first: Value) -> Refused:
        kind = Kpi.Kind(first.series.kpi.kind)
        asks = REPEATS if kind == Kpi.Kind.STOCK else ""
        return _refusal(first, f"同じ月の行が2つ以上あります。{_WHY_NOT[kind]}", asks)


def _later(before: Value, value: Value) -> Value:
    """The value of the later day; without days the one further down."""
    if before.day and value.day and value.day < before.day:
        return before
    how = f"{value.day.month}月{value.day.day}日の値" if value.day else f"{value.row}行目の値（最後の行）"
    return replace(value, how=how)


def _refusal(value: Value, message: str, asks: str = "") -> Refused:
    return Refused(value.sheet, value.row, value.column, value.shown, message, value.series, asks)
