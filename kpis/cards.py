"""A KPI at a glance, in words: what templates/components/kpi_card.html shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from charts.svg import spark
from japan.numbers import write_number, write_percent
from kpis.board import Board, Sight, part_ids
from kpis.completeness import Due, Status, next_due, status_of
from kpis.latest import before, period_of, trend
from kpis.models import Kpi, Summary
from kpis.standing import Aim, aim_of
from kpis.wording import (
    as_of_text,
    before_text,
    change_text,
    day_text,
    is_unwanted,
    kind_text,
    last_year_text,
    missing_text,
    number_and_unit,
    quantity,
    target_period_text,
    time_text,
    withheld_text,
)

TREND_LENGTH = 24


@dataclass
class Card:
    """The words of one card; a field that is empty is not shown."""

    title: str
    url: str
    number: str = ""
    unit: str = ""
    missing: str = ""
    marks_of: Summary | None = None
    marks: tuple[str, ...] = ()
    as_of: str = ""
    kind: str = ""
    change: str = ""
    change_note: str = ""
    change_is: str = ""
    spark: SafeString | str = ""
    target: str = ""
    progress: str = ""
    meter: int | None = None
    reporting: str = ""
    reporting_url: str = ""
    partial: str = ""
    stale: str = ""
    source: str = ""
    updated: str = ""
    updated_at: datetime | None = None
    aim: Aim | None = None
    status: Status | None = None
    next_due: Due | None = None


def card_of(sight: Sight, board: Board) -> Card:
    """The card of a KPI; without any value it says so."""
    kpi, shown = sight.kpi, sight.shown
    card = Card(kpi.name, reverse("kpis:detail", args=[kpi.code]))
    if not kpi.definition:
        card.marks = ("定義未公表",)
    if shown is None:
        card.missing = "まだ値がありません"
    else:
        _add_figure(card, sight, shown)
        _add_change(card, kpi, sight, shown)
        _add_trend(card, kpi, sight, shown)
        _add_target(card, kpi, sight, shown)
    _add_reporting(card, sight, board)
    own = sight.own_measurements
    card.source = source_of(sight)
    card.updated_at = max((m.updated_at for m in own), default=None)
    card.updated = time_text(card.updated_at) if card.updated_at else ""
    return card


def source_of(sight: Sight) -> str:
    """Where the shown figure was published; what was invented for the sample never claims a source."""
    if sight.shown is not None and sight.shown.is_synthetic:
        return "見本データ"
    return "、".join(dict.fromkeys(m.source for m in sight.own_measurements if m.source)) or sight.kpi.source


def _add_figure(card: Card, sight: Sight, shown: Summary) -> None:
    kpi = sight.kpi
    if shown.value is not None:
        card.number, card.unit = number_and_unit(kpi, shown.value)
    elif shown.basis == Summary.Basis.NONE and not shown.missing_reason:
        _add_parts(card, sight)
    else:
        card.missing = missing_text(shown)
    card.marks_of = shown
    card.as_of, card.kind = as_of_text(kpi, shown), kind_text(kpi, shown)
    if not shown.is_complete:
        card.kind = f"途中の計（{shown.reported}／{shown.expected}）"
    elif shown.withheld:
        card.kind += withheld_text(shown)


def _add_parts(card: Card, sight: Sight) -> None:
    """What is not added up stands side by side: 6／14／8 with the names in the same order."""
    parts = [m for m in sight.own_measurements if m.value is not None]
    parts.sort(key=lambda m: (m.series.order, m.series.code))
    if not parts or len(parts) > 4:
        card.missing = "内訳ごとの値（合計しません）"
        return
    card.number = "／".join(write_number(m.value or Decimal(0), sight.kpi.decimals) for m in parts)
    card.unit = sight.kpi.unit
    card.change_note = "／".join(m.series.name for m in parts) + "（合計しません）"


def _add_change(card: Card, kpi: Kpi, sight: Sight, shown: Summary) -> None:
    """Against the same period of the year before, and the one just before; a single observation has no change."""
    pairs: list[tuple[str, Decimal, Decimal]] = []
    if shown.compared_value is not None and shown.last_year_value is not None:
        pairs.append((last_year_text(shown.span), shown.compared_value, shown.last_year_value))
    previous = before(sight.rows, shown) if shown.is_complete else None
    if previous is not None and shown.value is not None and previous.value is not None:
        pairs.append((before_text(shown.span), shown.value, previous.value))
    pairs = list({name: (name, now, then) for name, now, then in reversed(pairs)}.values())[::-1]
    if not pairs:
        return
    name, now, then = pairs[0]
    card.change = f"{name}から{change_text(kpi, now, then)}"
    rest = [f"{name}から{change_text(kpi, now, then)}" for name, now, then in pairs[1:]]
    if is_unwanted(kpi, now - then) and not change_text(kpi, now, then).endswith("増減なし"):
        card.change_is = "bad"
        rest.append("望ましい方向と逆です" if kpi.direction == Kpi.Direction.UP else "減るほどよい指標です")
    card.change_note = "。".join(rest)


def _add_trend(card: Card, kpi: Kpi, sight: Sight, shown: Summary) -> None:
    steps = trend(sight.rows, shown, TREND_LENGTH)
    values = [row.value if row is not None and row.is_complete else None for _, row in steps]
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return
    alt = (
        f"{kpi.name}の推移。{steps[0][0].short_label}から{steps[-1][0].short_label}まで、"
        f"最小{quantity(kpi, min(known))}、最大{quantity(kpi, max(known))}、最新{quantity(kpi, known[-1])}。"
    )
    card.spark = mark_safe(spark(values, alt, width=240, height=48))  # noqa: S308  escapes what it is given


def _add_target(card: Card, kpi: Kpi, sight: Sight, shown: Summary) -> None:
    aim = aim_of(kpi, shown, sight.rows, sight.targets)
    if aim is None:
        return
    card.aim = aim
    made_up = "・架空値（見本）" if aim.target.is_synthetic else ""
    when = target_period_text(aim.target.fiscal_year, aim.target.month)
    card.target = f"目標 {quantity(kpi, aim.target.value)}（{when}{made_up}）"
    words = [aim.standing.value]
    if aim.row is not shown and aim.row.value is not None:
        words.append(f"{aim.row.months}／12か月で{quantity(kpi, aim.row.value)}")
    elif aim.row.progress is not None:
        words.append(f"進捗率 {write_percent(aim.row.progress)}")
        card.meter = max(0, min(100, int(aim.row.progress * 100)))
    elif aim.row.achievement is not None:
        words.append(f"達成率 {write_percent(aim.row.achievement)}")
    card.progress = "　".join(words)


def _add_reporting(card: Card, sight: Sight, board: Board) -> None:
    if sight.due is None:
        return
    kpi = sight.kpi
    dues = [sight.due]
    if kpi.numerator is not None and kpi.denominator is not None and part_ids(kpi):
        dues += [Due(part, sight.due.period, sight.due.by) for part in (kpi.numerator, kpi.denominator)]
    status = status_of(dues, board.reportings, board.answered)
    card.next_due = next_due(kpi, board.last_month, board.today, board.calendar)
    if not status.total:
        return
    card.status = status
    card.reporting = f"回答状況 {status.count}／{status.total}所属（{sight.due.period.short_label}分）"
    card.reporting_url = f"{card.url}#reporting"
    if sight.partial is not None and sight.partial.value is not None:
        card.partial = f"{period_of(sight.partial).short_label}分は途中の計 {quantity(kpi, sight.partial.value)}"
    is_old = sight.shown is None or period_of(sight.shown).start < sight.due.period.start
    if is_old and status.missing and sight.due.is_past(board.today):
        card.stale = f"{sight.due.period.short_label}分は回答期限（{day_text(sight.due.by)}）を過ぎています"
