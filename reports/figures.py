"""Figures as a report states them: chosen by their own as-of up to the report's, written once, with their marks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from japan.missing import MissingReason
from japan.numbers import write_number, write_points, write_quantity, write_ratio
from japan.periods import Period, Span
from japan.wareki import month_label
from kpis.models import Kpi, Measurement, Summary
from kpis.models.value import Nature
from kpis.wording import left_out
from reports.accounts_of_progress import AccountOfProgress, read_account
from reports.opinions import Opinion, read_opinion
from reports.references import UnknownFigure, check_series, read_reference

#: What can be asked of a figure, and what each writes.
ATTRIBUTES = {
    "value": "値と単位（40,000人）",
    "rate": "期間の量を「月」「年」を付けて（月239,322件）",
    "number": "値だけ（40,000）",
    "ratio": "基準値に対する倍率（1.6倍）",
    "change": "基準値との差（▲23.5万時間）",
    "change_rate": "基準値に対する増減率（▲4.5%）",
    "index": "基準値を100とした指数（77）",
    "baseline": "基準値（25,600人）",
    "as_of": "時点（令和7(2025)年3月時点）",
    "years_ahead": "その時期が、レポートの時点から何年後か（35年後）",
    "halves_in": "基準値のおよそ半分になる最初の時期が何年後か（35年後）",
}
#: An index below this is "about half": to the nearest ten it is 50.
ABOUT_HALF = Decimal(55)
UNDATED = "直近"
_PREFIXES = {Span.MONTH: "月", Span.FISCAL_YEAR: "年", Span.CALENDAR_YEAR: "年"}


@dataclass
class Figure:
    """One figure of a report, ready to print, with what it came from. `exact` values are plain decimals."""

    reference: str
    code: str
    name: str
    unit: str
    kind: str
    direction: str
    series_name: str = ""
    value: str = ""
    rate: str = ""
    number: str = ""
    exact: str = ""
    ratio: str = ""
    change: str = ""
    change_exact: str = ""
    change_rate: str = ""
    index: str = ""
    index_exact: str = ""
    as_of: str = ""
    when: str = ""
    years_ahead: str = ""
    halves_in: str = ""
    baseline: str = ""
    baseline_exact: str = ""
    baseline_wording: str = ""
    baseline_is_derived: bool = False
    marks: list[str] = field(default_factory=list)
    left_out: str = ""
    period: str = ""
    source: str = ""
    note: str = ""
    definition: str = ""
    origin: dict[str, Any] = field(default_factory=dict)


class Figures:
    """Finds and writes figures as of a day. Each reference is read once; `used` is what the report printed."""

    def __init__(self, as_of: date) -> None:
        self.as_of = as_of
        self.used: dict[str, Figure] = {}
        self.opinions: dict[str, Opinion] = {}
        self.accounts: dict[str, AccountOfProgress] = {}
        self._on_page: dict[str, Figure | Opinion] = {}

    def get(self, reference: str) -> Figure:
        """The figure a reference names. Raises UnknownFigure where it names no KPI, series or period with a value."""
        if reference not in self.used:
            self.used[reference] = self._read(reference)
        self._on_page[reference] = self.used[reference]
        return self.used[reference]

    def opinion(self, reference: str) -> Opinion:
        """The survey result a reference names. Raises UnknownOpinion."""
        if reference not in self.opinions:
            self.opinions[reference] = read_opinion(reference)
        self._on_page[reference] = self.opinions[reference]
        return self.opinions[reference]

    def progress(self, reference: str) -> AccountOfProgress:
        """The progress record a reference names, as approved at the report's as-of. Raises UnknownFigure."""
        if reference not in self.accounts:
            self.accounts[reference] = read_account(reference, self.as_of)
        return self.accounts[reference]

    def turn_page(self) -> None:
        """What is asked for from here on stands on the next page."""
        self._on_page = {}

    def on_page(self) -> tuple[list[Figure], list[Opinion]]:
        """What was asked for since the page was turned."""
        asked = self._on_page.values()
        return [each for each in asked if isinstance(each, Figure)], [
            each for each in asked if isinstance(each, Opinion)
        ]

    def _read(self, reference: str) -> Figure:
        kpi, series, when = read_reference(reference)
        rows = _rows(kpi, series)
        row = self._chosen(rows, when)
        if row is None:
            raise UnknownFigure(f"「{reference}」には、{month_label(self.as_of)}までの値がありません。")
        figure = Figure(reference, kpi.code, kpi.name, kpi.unit, kpi.kind, kpi.direction)
        figure.note, figure.definition = kpi.note, kpi.definition_text
        if isinstance(row, Measurement):
            figure.series_name = row.series.name
        self._write(figure, kpi, row)
        figure.halves_in = self._halves_in(kpi, rows)
        return figure

    def _chosen(self, rows: list[Any], when: Period | list[Span]) -> Any:
        """The row of a named period; else the newest fitting one of the first span that has a real value.

        An invented sample value is taken only where there is no real one at all.
        """
        if isinstance(when, Period):
            return next((row for row in rows if (row.span, row.period) == (when.span.value, when.start)), None)
        fitting = [row for row in rows if self._fits(row)]
        for is_wanted in (lambda row: not row.is_synthetic, lambda row: True):
            for span in when:
                if of_span := [row for row in fitting if row.span == span.value and is_wanted(row)]:
                    return max(of_span, key=lambda row: row.period)
        return None

    def _fits(self, row: Any) -> bool:
        return (
            row.nature != Nature.PROJECTED
            and row.value is not None
            and getattr(row, "is_complete", True)
            and _as_of(row) <= self.as_of
        )

    def _write(self, figure: Figure, kpi: Kpi, row: Summary | Measurement) -> None:
        period = Period(Span(row.span), row.period)
        figure.period = period.iso
        figure.when = UNDATED if row.as_of_wording == UNDATED else _when_text(row)
        figure.as_of = (
            figure.when if figure.when == UNDATED or row.nature == Nature.PROJECTED else _as_of_text(kpi, row)
        )
        figure.marks = row.mark_labels if isinstance(row, Measurement) else _marks_of(row)
        if isinstance(row, Summary) and (words := left_out(row)):
            figure.left_out = words
            figure.marks.append(words)
        figure.origin = _origin(row)
        figure.source = _sources(figure.origin["measurements"]) or kpi.source
        figure.years_ahead = self._years_ahead(period)
        value = row.value
        if value is None:
            figure.value = figure.rate = MissingReason(row.missing_reason).label if row.missing_reason else "値なし"
            return
        figure.exact = _plain(value)
        figure.value = _quantity(kpi, value)
        figure.number = figure.value.removesuffix(kpi.unit)
        prefix = _PREFIXES.get(period.span, "") if kpi.kind == Kpi.Kind.FLOW else ""
        figure.rate = prefix + figure.value
        fits_baseline = kpi.kind == Kpi.Kind.STOCK or row.span == kpi.baseline_span
        # What leaves parts out is not set beside a baseline that holds them all.
        if kpi.baseline_value is not None and isinstance(row, Summary) and fits_baseline and not figure.left_out:
            _against(figure, kpi, value, kpi.baseline_value)

    def _years_ahead(self, period: Period) -> str:
        return f"{period.start.year - self.as_of.year}年後"

    def _halves_in(self, kpi: Kpi, rows: list[Any]) -> str:
        base = kpi.baseline_value
        if not base:
            return ""
        halved = [row for row in rows if row.value is not None and row.value / base * 100 < ABOUT_HALF]
        if not halved:
            return ""
        first = min(halved, key=lambda row: row.period)
        return self._years_ahead(Period(Span(first.span), first.period))


def _against(figure: Figure, kpi: Kpi, value: Decimal, base: Decimal) -> None:
    figure.baseline = _quantity(kpi, base)
    figure.baseline_exact = _plain(base)
    figure.baseline_wording = kpi.baseline_wording
    figure.baseline_is_derived = kpi.baseline_is_derived
    difference = value - base
    figure.change_exact = _plain(difference)
    is_percentage = kpi.unit == "%"
    figure.change = write_points(difference, kpi.decimals) if is_percentage else _quantity(kpi, difference)
    if base:
        figure.ratio = write_ratio(value / base, kpi.ratio_decimals)
        figure.change_rate = f"{write_number(difference / base * 100, 1)}%"
        figure.index_exact = _plain((value / base * 100).quantize(Decimal("0.0001")))
        figure.index = write_number(value / base * 100, 0)


def _marks_of(row: Summary) -> list[str]:
    """The marks a reader must see beside the value."""
    marks = [
        (row.is_derived, "算出値"),
        (row.nature == Nature.ESTIMATED, "推計"),
        (row.nature == Nature.PROJECTED, "将来推計"),
        (row.is_rounded, "概数"),
        (row.is_provisional, "速報値"),
        (row.is_synthetic, "架空値"),
    ]
    return [label for is_set, label in marks if is_set]


def _rows(kpi: Kpi, series: str) -> list[Any]:
    if not series:
        return list(Summary.objects.filter(kpi=kpi))
    check_series(kpi, series)
    return list(Measurement.objects.filter(series__kpi=kpi, series__code=series).select_related("series"))


def _origin(row: Summary | Measurement) -> dict[str, Any]:
    measurements = row.computed_from if isinstance(row, Summary) else [[row.pk, row.version]]
    origin: dict[str, Any] = {"measurements": measurements}
    if isinstance(row, Summary):
        origin["summary"] = row.pk
    return origin


def _sources(measurements: list[list[int]]) -> str:
    ids = [pk for pk, _ in measurements]
    stored = Measurement.objects.filter(pk__in=ids).order_by("pk").values_list("source", flat=True)
    return "、".join(dict.fromkeys(source for source in stored if source))


def _as_of(row: Summary | Measurement) -> date:
    """The day a figure speaks of: its own, else the end of its period (of the month a stock's year was taken from)."""
    if row.as_of:
        return row.as_of
    if isinstance(row, Summary) and row.value_period:
        return Period(Span.MONTH, row.value_period).end
    return Period(Span(row.span), row.period).end


def _when_text(row: Summary | Measurement) -> str:
    """The period in words: 令和7(2025)年3月, 令和6(2024)年度."""
    if isinstance(row, Summary) and row.value_period:
        return month_label(row.value_period)
    return Period(Span(row.span), row.period).label


def _as_of_text(kpi: Kpi, row: Summary | Measurement) -> str:
    """A stock is of a moment, a flow of a period: 令和7(2025)年5月時点, 令和6(2024)年度."""
    text = _when_text(row)
    return f"{text}時点" if kpi.kind == Kpi.Kind.STOCK and row.span == Span.MONTH.value else text


def _quantity(kpi: Kpi, value: Decimal) -> str:
    return write_quantity(value, kpi.unit, kpi.decimals, kpi.scale)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}" if value else "0"
