"""Reads the values of a table by a mapping: all that can be taken, and all that cannot with its place and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from kpis.imports.amounts import amount_of, says_nothing_yet
from kpis.imports.joining import Joined
from kpis.imports.label_units import as_said, unit_refusal
from kpis.imports.mapping import Mapping as Reading
from kpis.imports.other_years import moved_back, years_back
from kpis.imports.periods import NotOver, PeriodReader
from kpis.imports.places import Place
from kpis.imports.questions import PAIRS, TORN, asked_by, asking
from kpis.imports.values import Refused, Value
from kpis.imports.written_units import Unit
from kpis.models import Series
from sheets import fold


@dataclass(frozen=True)
class Result:
    """What was read of a table. `unread` counts values whose row says no month, `to_come` by label those of periods that
    have not ended."""

    values: list[Value]
    refused: list[Refused]
    unread: int = 0
    to_come: Counter[str] = field(default_factory=Counter)
    #: By how many years numbers were read as older for a word in their name (前年度).
    moved: Mapping[str, int] = field(default_factory=dict)


def read_values(
    places: Iterable[Place],
    mapping: Reading,
    series: Mapping[str, Series],
    *,
    periods: PeriodReader,
    units: Mapping[str, Unit] | None = None,
) -> Result:
    """Every value whose label has a series. `series` is by code; `units` are those written for the labels.

    Two values for one series and period are both refused, each naming the other's row, unless the mapping joins them.
    """
    reader = _Reader(mapping, series, periods, units or {})
    for each in places:
        reader.take(each)
    return Result(
        reader.joined.values, reader.refused + reader.joined.refused, reader.unread, reader.to_come, reader.moved
    )


class _Reader:
    def __init__(
        self,
        mapping: Reading,
        series: Mapping[str, Series],
        periods: PeriodReader,
        units: Mapping[str, Unit],
    ) -> None:
        self.mapping, self.periods, self.units = mapping, periods, units
        self.series = {label: series.get(code) for label, code in mapping.series.items() if code}
        self.said = {
            label: as_said(mapping, units.get(label), one) for label, one in self.series.items() if one is not None
        }
        self.other_unit = {
            label: refusal
            for label, one in self.series.items()
            if one is not None and (refusal := unit_refusal(mapping, units.get(label), one))
        }
        self.joined = Joined(mapping.repeats)
        self.refused: list[Refused] = []
        self.unread = 0
        self.to_come: Counter[str] = Counter()
        self.moved: dict[str, int] = {}

    def take(self, found: Place) -> None:
        if found.label not in self.series:
            return
        if self.mapping.skips_unread and self.periods.says_none(found):
            self.unread += 1
            return
        series = self.series[found.label]
        if series is None:
            self._refuse(found, f"「{found.label}」の指標が見つかりません。読み取り方を直してください。")
            return
        try:
            self._keep(found, series)
        except NotOver as error:
            if self.mapping.skips_future or says_nothing_yet(found.cell, series.kpi.unit):
                self.to_come[found.label] += 1
            else:
                self._refuse(found, error, series)
        except ValidationError as error:
            self._refuse(found, error, series)

    def _keep(self, found: Place, series: Series) -> None:
        years, word = (0, "") if self.mapping.keeps_year else years_back(found.label, series.kpi.name)
        if years:
            found = moved_back(found, years)
        when = self.periods.read(found, series.kpi)
        if years:
            self.moved.setdefault(word, years)
        if found.label in self.other_unit:
            raise self.other_unit[found.label]
        if found.is_torn and not self.mapping.joins_torn:
            raise asking(TORN, f"桁区切りの「,」で数が分かれた行です。つなげて読むと、この値は{fold(found.cell)}です。")
        if found.doubtful and not self.mapping.torn_pairs:
            raise asking(PAIRS, f"{found.row}行目は、{found.doubtful}、ファイルからは決まりません。")
        if found.doubtful and self.mapping.torn_pairs == "join":
            raise ValidationError(
                f"{found.row}行目の{found.doubtful}は、つなげる所が1通りに決まりません。"
                '桁区切りをなくすか、数を引用符（"）で囲んで保存し直してください。'
            )
        amount = amount_of(series.kpi, found, self.said[found.label], self.units.get(found.label))
        if amount.value is None and not amount.reason:
            return
        told = f"「{word}」なので{years}年前の値" if years else ""
        how = "、".join(part for part in (told, when.how, amount.how) if part)
        self.joined.add(
            Value(
                series,
                when.span,
                when.period,
                amount.value,
                amount.reason,
                found.sheet,
                found.row,
                found.column,
                _shown(found),
                how,
                when.day,
                amount.step,
                amount.mark,
            )
        )

    def _refuse(self, found: Place, error: str | ValidationError, series: Series | None = None) -> None:
        message = error if isinstance(error, str) else " ".join(error.messages)
        asks = "" if isinstance(error, str) else asked_by(error)
        self.refused.append(Refused(found.sheet, found.row, found.column, _shown(found), message[:300], series, asks))


def _shown(found: Place) -> str:
    return fold(found.cell)[:120]
