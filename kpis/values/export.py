"""A KPI's data file: one row per series and period, as the rules for machine-readable administrative data ask."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone

from japan.csv_files import Cell, write_csv
from japan.missing import MissingReason
from japan.periods import Period, Span
from kpis.claims import Figure, Reach, Subject, extent_of, for_machines, level_note, public_source
from kpis.models import Kpi, Measurement, Summary
from kpis.values.figures import figure_of, subject_of

COLUMNS = (
    "指標コード",
    "指標名",
    "内訳コード",
    "内訳名",
    "期間の種類",
    "対象期間",
    "期間の初日",
    "値",
    "単位",
    "値なしの理由",
    "値の性質",
    "算出値",
    "概数",
    "速報値",
    "架空値",
    "時点",
    "時点の公表された表現",
    "公表された比較",
    "含む月",
    "増減理由",
    "出典",
    "注記",
    "更新日時",
)
#: A ratio that is worked out here has no reported values of its own; its rows bear this name.
COMPUTED = ("computed", "分子÷分母から計算")
#: Nor has one that its source printed beside the numerator (60,000件、20.5%).
PRINTED = ("printed", "分子の値とともに公表")
#: Nor has the total of parts, or the year of months. Where the file is taken over again, a row of this name is a total.
TOTAL = "合計"
SUMMED = (Summary.Basis.PARTS, Summary.Basis.MONTHS, Summary.Basis.LAST)


def data_file(kpi: Kpi, *, for_excel: bool) -> bytes:
    """The KPI's approved values, and what was worked out of them: totals of parts, years, ratios."""
    return write_csv(COLUMNS, [*_reported(kpi), *_computed(kpi), *_summed(kpi)], for_excel=for_excel)


def _reported(kpi: Kpi) -> Iterator[tuple[Cell, ...]]:
    subject = subject_of(kpi)
    for measurement in Measurement.objects.for_file(kpi):
        yield (
            *(kpi.code, kpi.name, measurement.series.code, measurement.series.name),
            *_figure(subject, measurement),
            measurement.get_change_reason_display(),
            public_source(measurement.source)
            or ("見本データ" if measurement.is_synthetic else public_source(kpi.source)),
            measurement.note,
            _moment(measurement.updated_at),
        )


def _computed(kpi: Kpi) -> Iterator[tuple[Cell, ...]]:
    if not kpi.is_computed_ratio:
        return
    subject, own = subject_of(kpi), set(Measurement.objects.filter(series__kpi=kpi).values_list("span", "period"))
    for row in Summary.objects.filter(kpi=kpi).order_by("period", "span").defer("computed_from"):
        is_ratio = row.basis == Summary.Basis.RATIO
        if row.is_complete and (is_ratio or (row.span, row.period) not in own):
            source = "見本データ" if row.is_synthetic else public_source(kpi.source)
            origin = COMPUTED if is_ratio else PRINTED
            yield (kpi.code, kpi.name, *origin, *_figure(subject, row), "", source, "", _moment(row.computed_at))


def _summed(kpi: Kpi) -> Iterator[tuple[Cell, ...]]:
    """Totals and years as the pages show them, each with how far it reaches; a month of one part is its own total."""
    subject = subject_of(kpi)
    rows = Summary.objects.filter(kpi=kpi, basis__in=SUMMED, value__isnull=False).order_by("period", "span")
    for row in rows.defer("computed_from"):
        if row.basis == Summary.Basis.PARTS and row.expected < 2:
            continue
        source = "見本データ" if row.is_synthetic else public_source(kpi.source)
        origin = (TOTAL, f"集計（{row.get_basis_display()}）")
        yield (kpi.code, kpi.name, *origin, *_figure(subject, row), "", source, "", _moment(row.computed_at))


def _figure(subject: Subject, row: Measurement | Summary) -> tuple[Cell, ...]:
    period, figure = Period(Span(row.span), row.period), figure_of(row)
    return (
        period.span.label,
        period.iso,
        period.start,
        for_machines(subject, figure),
        subject.unit,
        MissingReason(row.missing_reason).label if row.missing_reason else "",
        row.get_nature_display(),
        *(int(flag) for flag in (row.is_derived, row.is_rounded, row.is_provisional, row.is_synthetic)),
        row.as_of,
        row.as_of_wording,
        row.published,
        _reach(subject, figure),
    )


def _reach(subject: Subject, figure: Figure) -> str:
    """7／12か月分, 途中の計（3件中2件）, 非公開1件を除く, 令和7(2025)年5月末の値; "" for a whole."""
    extent = extent_of(figure)
    text = f"途中の計（{extent.text}）" if extent.reach is Reach.PART else extent.text
    return "、".join(filter(None, (level_note(subject, figure), text, extent.left_out)))


def _moment(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")
