"""How figures are named: `CODE`, `CODE/SERIES`, or either with `@month`, `@year` or a period (`@2025-03`, `@FY2024`)."""

from __future__ import annotations

import re
from difflib import get_close_matches

from japan.periods import Period, Span
from kpis.models import Kpi

REFERENCE = re.compile(
    r"(?P<code>[\w-]+)(?:/(?P<series>[\w-]+))?(?:@(?P<when>month|year|FY\d{4}|\d{4}(?:-\d{2}|-Q[1-4])?))?"
)


class UnknownFigure(ValueError):
    """A reference that names nothing; the message is Japanese and offers near names."""


def read_reference(reference: str) -> tuple[Kpi, str, Period | list[Span]]:
    """The KPI, the series' code (or nothing) and the period asked for, or the spans to look in. Raises UnknownFigure."""
    match = REFERENCE.fullmatch(reference)
    kpi = _kpi(match["code"] if match else reference)
    if match is None:
        raise UnknownFigure(f"「{reference}」を読み取れません。")
    return kpi, match["series"] or "", _when(kpi, match["when"] or "")


def _kpi(code: str) -> Kpi:
    kpi = Kpi.objects.filter(code=code).select_related("numerator", "denominator", "department").first()
    if kpi is None:
        near = get_close_matches(code, list(Kpi.objects.values_list("code", flat=True)), n=3, cutoff=0.5)
        hint = f"近いコード：{'、'.join(near)}" if near else "指標の一覧でコードを確かめてください。"
        raise UnknownFigure(f"コード「{code}」の指標はありません。{hint}")
    return kpi


def check_series(kpi: Kpi, code: str) -> None:
    if not kpi.series.filter(code=code).exists():
        names = "、".join(kpi.series.values_list("code", flat=True))
        raise UnknownFigure(f"指標「{kpi.code}」に内訳「{code}」はありません。内訳のコード：{names}")


def _when(kpi: Kpi, when: str) -> Period | list[Span]:
    """The period asked for, or the spans to look in, the fitting one first."""
    if when == "month":
        return [Span.MONTH]
    if when == "year":
        return [Span.FISCAL_YEAR]
    if when:
        try:
            return Period.from_iso(when)
        except ValueError as error:
            raise UnknownFigure(
                f"期間「{when}」を読み取れません。2025-03 や FY2024 のように書いてください。"
            ) from error
    usual = Span.CALENDAR_YEAR if kpi.frequency == Kpi.Frequency.OCCASIONAL else Span(kpi.frequency)
    first = Span(kpi.baseline_span) if kpi.kind != Kpi.Kind.STOCK and kpi.baseline_span else usual
    return list(dict.fromkeys([first, usual, Span.FISCAL_YEAR]))
