"""The parts of a KPI's newest period: a value or the reason for its absence each, with the total they make."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from japan.missing import MissingReason
from japan.periods import Period
from kpis import claims
from kpis.claims import extent_of
from kpis.dashboards.board import Sight
from kpis.models import Measurement, Series, Summary
from kpis.models.value import Missing
from kpis.values.figures import ShownMarks, figure_of, shown_marks, stated
from kpis.values.wording import withheld_text

NOT_REPORTED = "未回答"


@dataclass(frozen=True)
class Part:
    """One line. `share` is its length against the greatest, 0–100; None where there is nothing to draw."""

    name: str
    text: str
    share: int | None
    marks: ShownMarks | None = None


@dataclass(frozen=True)
class Breakdown:
    """`total` in words, as published or added up; `difference` where the parts do not make a published total."""

    period: Period
    kind: str
    parts: list[Part]
    reported: int
    total: str
    #: 合計, 公表された計, 途中の計（2件中1件）.
    total_label: str
    difference: str

    @property
    def expected(self) -> int:
        return len(self.parts)

    @property
    def is_complete(self) -> bool:
        return self.reported == self.expected


def breakdown_of(sight: Sight, series: Iterable[Series]) -> Breakdown | None:
    """The newest period with parts, also where some are missing still. None for a KPI without a breakdown."""
    row = sight.partial or sight.shown
    parts = [each for each in series if each.kind != Series.Kind.TOTAL]
    if row is None or not parts:
        return None
    period = figure_of(row).period
    stored = {m.series_id: m for m in sight.measurements if (m.span, m.period) == (row.span, row.period)}
    alive = [each for each in parts if _lives_in(each, period)]
    if not any(each.pk in stored for each in alive):
        return None
    values = [abs(m.value) for each in alive if (m := stored.get(each.pk)) is not None and m.value is not None]
    most = max(values, default=Decimal(0))
    return Breakdown(
        period=period,
        kind=alive[0].get_kind_display(),
        parts=[_part(sight, each, stored.get(each.pk), most) for each in alive],
        reported=sum(m.is_answer for e in alive if (m := stored.get(e.pk)) is not None),
        total=_total(sight, row),
        total_label=_total_label(row),
        difference=_difference(sight, row, alive, stored),
    )


def _part(sight: Sight, series: Series, measurement: Measurement | None, most: Decimal) -> Part:
    if measurement is None:
        return Part(series.name, NOT_REPORTED, None)
    marks = shown_marks(sight.subject, measurement)
    if measurement.value is None:
        return Part(series.name, MissingReason(measurement.missing_reason).label, None, marks)
    share = int(abs(measurement.value) / most * 100) if most else 0
    return Part(series.name, claims.written_exactly(sight.subject, stated(measurement)), share, marks)


def _total(sight: Sight, row: Summary) -> str:
    return "" if row.value is None else claims.written_exactly(sight.subject, figure_of(row))


def _total_label(row: Summary) -> str:
    """What the total is: stated by somebody, or made of its parts, all of them or some."""
    if row.basis == Summary.Basis.PUBLISHED:
        return "公表された計"
    extent = extent_of(figure_of(row))
    if not row.is_complete:
        return f"途中の計（{extent.text}）"
    return f"合計{withheld_text(extent)}"


def _difference(sight: Sight, row: Summary, alive: list[Series], stored: dict[int, Measurement]) -> str:
    """The sum of the parts beside a published total: of some of them, or of all where they make another number."""
    if row.basis != Summary.Basis.PUBLISHED or row.parts_total is None:
        return ""
    withheld = sum(m.missing_reason == Missing.WITHHELD for each in alive if (m := stored.get(each.pk)) is not None)
    if not claims.may_add_up(withheld):
        return f"内訳に非公開が{withheld}件あるため、内訳の計は表示しません。"
    known = sum(m.value is not None for each in alive if (m := stored.get(each.pk)) is not None)
    parts = claims.quantity(sight.subject, row.parts_total)
    if known < len(alive):
        return f"途中の計 {parts}（{len(alive)}件中{known}件）"
    return "" if row.parts_total == row.value else f"公表された全体の値です。内訳の計は{parts}です。"


def _lives_in(series: Series, period: Period) -> bool:
    return (series.starts_on is None or series.starts_on <= period.end) and (
        series.ends_on is None or period.start <= series.ends_on
    )
