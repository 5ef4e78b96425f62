"""Figures as a report states them: chosen by their own as-of up to the report's, written once, with their marks.

What may be said of a figure is decided by kpis.claims alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from japan.digits import plain_number
from japan.missing import MissingReason
from japan.periods import Period, Span
from japan.wareki import date_label, month_label
from kpis import claims
from kpis.claims import Against, Extent, Said, Subject
from kpis.claims import Figure as Facts
from kpis.claims.dates import printed_text
from kpis.claims.marks import words
from kpis.models import Kpi, Measurement, Summary
from kpis.values.figures import figures_of, subject_of
from reports.accounts_of_progress import AccountOfProgress, read_account
from reports.opinions import Opinion, read_opinion
from reports.references import UnknownFigure, check_series, read_reference

#: What can be asked of a figure, and what each writes.
ATTRIBUTES = {
    "value": "値と単位（40,000人）",
    "rate": "期間の量を「月」「年」を付けて（月239,322件）",
    "number": "単位のない値（40,000）",
    "ratio": "基準値に対する倍率（1.6倍）",
    "change": "基準値との差（23.5万時間減）",
    "change_rate": "基準値に対する増減率（▲4.5%）",
    "index": "基準値を100とした指数（77）",
    "baseline": "基準値（25,600人）",
    "as_of": "時点（令和7(2025)年3月時点）",
    "years_ahead": "その時期が、レポートの時点から何年後か（35年後）",
    "halves_in": "基準値のおよそ半分になる最初の時期が何年後か（35年後）",
}
#: What was invented for the sample claims no source.
INVENTED = "見本データ"
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
    #: ratio, change, change_rate, index or halves_in → the marks of all that it uses.
    marks_of: dict[str, list[str]] = field(default_factory=dict)
    #: Which comparisons are as the source printed them.
    printed: list[str] = field(default_factory=list)
    #: 4／12か月分, 6か月分（10月〜3月）; "" for a whole period.
    extent: str = ""
    #: What is computed where a source printed something else.
    differs: str = ""
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
            self.opinions[reference] = read_opinion(reference, self.as_of)
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
        subject, facts = self._subject(kpi), figures_of(_rows(kpi, series))
        found = chosen(subject, facts, when, self.as_of)
        if found is None:
            raise UnknownFigure(f"「{reference}」には、{month_label(self.as_of)}までの値がありません。")
        figure = Figure(reference, kpi.code, kpi.name, kpi.unit, kpi.kind, kpi.direction)
        figure.note, figure.definition = kpi.note, kpi.definition_text
        if isinstance(found.row, Measurement):
            figure.series_name = found.row.series.name
        _write(figure, kpi, subject, found, claims.withheld_periods(found, facts))
        figure.years_ahead = self._years_ahead(found.period)
        shown = [f for f in facts if f.is_projected or claims.as_of_day(subject, f) <= self.as_of]
        if halved := claims.first_halved(subject, shown):
            first, marks = halved
            figure.halves_in, figure.marks_of["halves_in"] = self._years_ahead(first.period), words(marks)
        return figure

    def _subject(self, kpi: Kpi) -> Subject:
        """Without a baseline that was measured after the report's day: a report says nothing of a later day."""
        subject = subject_of(kpi)
        if kpi.baseline_period is None or not kpi.baseline_span:
            return subject
        is_later = Period(Span(kpi.baseline_span), kpi.baseline_period).end > self.as_of
        return replace(subject, baseline=None) if is_later else subject

    def _years_ahead(self, period: Period) -> str:
        years = period.start.year - self.as_of.year
        return f"{years}年後" if years > 0 else ""


def chosen(subject: Subject, facts: Iterable[Facts], when: Period | list[Span], until: date) -> Facts | None:
    """The figure of a named period, else the newest up to a day. Raises UnknownFigure where it is of a later day."""
    if not isinstance(when, Period):
        return claims.latest(subject, facts, until=until, spans=when, prefers_real=True)
    try:
        return claims.named(subject, facts, when, until=until)
    except claims.LaterThanAsOf as error:
        raise UnknownFigure(later(when, error.day, until)) from error


def later(period: Period, day: date, until: date) -> str:
    """Why a named period cannot be shown, and what to do."""
    return (
        f"{period.label}の値は{date_label(day)}時点のもので、レポートの数値の期限（{date_label(until)}）より後です。"
        "期限までの期間にするか、期限を直してください。"
    )


def check_reference(reference: str, until: date | None = None) -> None:
    """Raises UnknownFigure where a reference names no KPI, series or period, or a period that a report with figures up to
    a day may not show. (Whether there is a value is asked at export.)"""
    kpi, series, when = read_reference(reference)
    if series:
        check_series(kpi, series)
    if until is None or not isinstance(when, Period):
        return
    # Where nothing is stored yet it may become a projection: the export looks again.
    chosen(subject_of(kpi), figures_of(_rows(kpi, series)), when, until)


def _write(figure: Figure, kpi: Kpi, subject: Subject, facts: Facts, withheld: str) -> None:
    extent = claims.extent_of(facts)
    figure.period = facts.period.iso
    figure.when = _when_text(facts)
    figure.as_of = claims.as_of_text(subject, facts)
    figure.marks = claims.stated_marks(subject, facts, extent)
    figure.left_out = extent.left_out or withheld
    figure.marks += [withheld] if withheld else []
    figure.origin = _origin(facts.row)
    against = claims.against_baseline(subject, facts, extent)
    figure.source = _source(kpi, facts, figure.origin["measurements"])
    if facts.value is None:
        figure.value = figure.rate = MissingReason(facts.missing_reason).label if facts.missing_reason else "値なし"
        return
    _write_value(figure, subject, facts, extent)
    _compare(figure, subject, against, claims.difference_note(subject, facts))
    figure.baseline_wording = _baseline_text(kpi) if figure.baseline or against.ratio or against.index else ""


def _baseline_text(kpi: Kpi) -> str:
    """When the baseline is of: in the words of its source, else its period."""
    if kpi.baseline_wording or kpi.baseline_period is None or not kpi.baseline_span:
        return kpi.baseline_wording or "基準"
    return Period(Span(kpi.baseline_span), kpi.baseline_period).label


def _write_value(figure: Figure, subject: Subject, facts: Facts, extent: Extent) -> None:
    """The value as a source printed it, else as the KPI writes it; with how much of its period it holds."""
    assert facts.value is not None
    figure.exact = plain_number(facts.value)
    figure.extent = extent.bracket
    figure.number = claims.stated_number(subject, facts, extent)
    figure.value = claims.stated_value(subject, facts, extent)
    prefix = _PREFIXES.get(facts.period.span, "") if figure.kind == Kpi.Kind.FLOW and not extent.bracket else ""
    figure.rate = prefix + figure.value


def _compare(figure: Figure, subject: Subject, against: Against, differs: str) -> None:
    """What may be said beside the baseline; what may not stays empty."""
    if against.baseline is not None:
        base = against.baseline
        figure.baseline = claims.quantity(subject, base.value)
        figure.baseline_exact = plain_number(base.value)
        figure.baseline_is_derived = bool(base.marks)
    notes = [f"公表値は{figure.value}、{differs}"] if differs else []
    for name in ("ratio", "change", "change_rate", "index"):
        said: Said | None = getattr(against, name)
        if said is None:
            continue
        setattr(figure, name, said.text)
        figure.marks_of[name] = words(said.marks)
        figure.printed += [name] if said.is_published else []
        if said.note:
            notes.append(f"公表値は{said.text}、{said.note}")
    if against.change is not None:
        figure.change_exact = plain_number(against.change.number)
    if against.index is not None:
        figure.index_exact = plain_number(round(against.index.number, 4))
    figure.differs = "、".join(notes)


def _rows(kpi: Kpi, series: str) -> list[Any]:
    if not series:
        return list(Summary.objects.filter(kpi=kpi))
    check_series(kpi, series)
    return list(Measurement.objects.filter(series__kpi=kpi, series__code=series).select_related("series__kpi"))


def _origin(row: Summary | Measurement) -> dict[str, Any]:
    measurements = row.computed_from if isinstance(row, Summary) else [[row.pk, row.version]]
    origin: dict[str, Any] = {"measurements": measurements}
    if isinstance(row, Summary):
        origin["summary"] = row.pk
    return origin


def _source(kpi: Kpi, facts: Facts, measurements: list[list[int]]) -> str:
    """The publication a figure was printed in, else the office that counts it; never a file."""
    if claims.Mark.SYNTHETIC in facts.marks:
        return INVENTED
    used = Measurement.objects.filter(pk__in=[pk for pk, _ in measurements]).order_by("pk")
    stored = list(used.values_list("source", "series__kpi_id"))
    if isinstance(facts.row, Summary) and facts.row.basis == Summary.Basis.PUBLISHED:
        # A share is printed by itself or beside its numerator: its denominator is no source of it.
        printed_by = next((pk for pk in (kpi.pk, kpi.numerator_id) if any(each == pk for _, each in stored)), None)
        stored = [(source, each) for source, each in stored if each == printed_by]
    named = claims.public_sources(source for source, _ in stored)
    return named or claims.public_source(kpi.source) or (kpi.department.name if kpi.department else "")


def _when_text(facts: Facts) -> str:
    """The period in words: 令和7(2025)年3月, 令和6(2024)年度; 直近 where the source says no more."""
    if facts.as_of_wording and facts.as_of is None:
        return printed_text(facts.as_of_wording).removesuffix("時点")
    return month_label(facts.level_month) if facts.level_month else facts.period.label
