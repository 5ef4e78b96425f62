"""A KPI at a glance, in words: what templates/components/kpi_card.html shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from charts.svg import spark
from japan.numbers import write_number
from japan.wareki import fiscal_year_short
from kpis import claims
from kpis.claims import Change, Figure, Verdict, bracket, extent_of, rate_text
from kpis.dashboards.board import Board, Sight, part_ids
from kpis.dashboards.completeness import Due, Status, next_due, status_of
from kpis.models import Kpi
from kpis.values.figures import ShownMarks, aims_of, shown_marks
from kpis.values.wording import (
    day_text,
    kind_text,
    missing_text,
    number_and_unit,
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
    marks_of: ShownMarks | None = None
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
    verdict: Verdict | None = None
    status: Status | None = None
    next_due: Due | None = None


def card_of(sight: Sight, board: Board) -> Card:
    """The card of a KPI; without any value it says so."""
    kpi, shown = sight.kpi, sight.figure
    card = Card(kpi.name, reverse("kpis:detail", args=[kpi.code]))
    if not kpi.definition:
        card.marks = ("定義未公表",)
    if shown is None:
        card.missing = "まだ値がありません"
    else:
        _add_target(card, sight, shown)
        _add_figure(card, sight, shown)
        _add_change(card, sight, shown)
        _add_trend(card, sight, shown)
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
    return claims.public_sources(m.source for m in sight.own_measurements) or claims.public_source(sight.kpi.source)


def _add_figure(card: Card, sight: Sight, shown: Figure) -> None:
    kpi, row, extent = sight.kpi, shown.row, extent_of(shown, sight.due_through)
    if shown.value is not None:
        held = card.verdict.target.value if card.verdict and card.verdict.figure is shown else shown.target
        card.number, card.unit = number_and_unit(sight.subject, shown, held)
    elif shown.is_split and not shown.missing_reason:
        _add_parts(card, sight)
    else:
        card.missing = missing_text(row)
    card.marks_of = shown_marks(sight.subject, row)
    card.as_of, card.kind = claims.as_of_text(sight.subject, shown), kind_text(kpi, shown)
    if not shown.is_complete:
        card.kind = f"途中の計（{shown.expected}件中{shown.reported}件）"
        return
    if extent.is_short:
        card.kind += f"・{extent.text}"
    note = claims.difference_note(sight.subject, shown)
    card.kind += withheld_text(extent) + (f"（{note}）" if note else "")


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


def _add_change(card: Card, sight: Sight, shown: Figure) -> None:
    """Against the same period of the year before, and the one just before; a single observation has no change."""
    extent = extent_of(shown, sight.due_through)
    previous, last_year = claims.before(sight.figures, shown), claims.a_year_before(sight.figures, shown)
    found = [claims.change_from_last_year(shown, extent, last_year), claims.change_from_before(shown, previous)]
    changes = list({each.against: each for each in reversed(found) if each is not None}.values())[::-1]
    if not changes:
        card.change = claims.no_change_text(shown, extent, last_year)
        return
    card.change = change_sentence(sight, changes[0])
    rest = [change_sentence(sight, each) for each in changes[1:]]
    if claims.direction_word(sight.subject, changes[0].difference) == "悪化" and "増減なし" not in card.change:
        card.change_is = "bad"
        is_up = sight.kpi.direction == Kpi.Direction.UP
        # It is said of the first change, so it stands right behind that one.
        rest.insert(0, "望ましい方向と逆です" if is_up else "減るほどよい指標です")
    card.change_note = "。".join(rest)


def change_sentence(sight: Sight, change: Change) -> str:
    """前年同月から120人増（架空値）: with the marks of both sides."""
    return f"{change.against}から{change.text(sight.subject)}{change.same_months}{bracket(change.marks)}"


def _add_trend(card: Card, sight: Sight, shown: Figure) -> None:
    steps = claims.trend(sight.figures, shown, TREND_LENGTH)
    values = [figure.drawn if figure is not None else None for _, figure in steps]
    drawn = [(figure.drawn, figure) for _, figure in steps if figure is not None and figure.drawn is not None]
    if len(drawn) < 2:
        return
    by_value = sorted(drawn, key=lambda pair: pair[0])
    last = drawn[-1][1]
    least, most, end = (claims.written(sight.subject, each) for each in (by_value[0][1], by_value[-1][1], last))
    # Where the newest is a break, the line ends earlier than what is shown.
    ends = "最新" if last.period == shown.period else f"線の終わりは{last.period.short_label}の"
    marks = claims.union(*(claims.marks_in_print(sight.subject, figure) for _, figure in drawn))
    alt = (
        f"{sight.kpi.name}の推移。{steps[0][0].short_label}から{steps[-1][0].short_label}まで、"
        f"最小{least}、最大{most}、{ends}{end}。"
    )
    if marks:
        alt += f"{'・'.join(claims.words(marks))}を含みます。"
    card.spark = mark_safe(spark(values, alt, width=240, height=48))  # noqa: S308  escapes what it is given


def _add_target(card: Card, sight: Sight, shown: Figure) -> None:
    verdict = claims.verdict_of(
        sight.subject, shown, sight.figures, aims_of(sight.targets), on=sight.on, due_through=sight.due_through
    )
    if verdict is None:
        return
    card.verdict, target = verdict, verdict.target
    made_up = "・架空値（見本）" if claims.Mark.SYNTHETIC in target.marks else ""
    when = target_period_text(target.fiscal_year, target.month)
    card.target = f"目標 {claims.quantity(sight.subject, target.value)}（{when}{made_up}）"
    card.progress = "　".join(words for words in _standing(sight, shown, verdict) if words)
    if verdict.progress is not None:
        card.meter = max(0, min(100, int(verdict.progress * 100)))


def _standing(sight: Sight, shown: Figure, verdict: Verdict) -> list[str]:
    """The word with its marks, the year's figure where another one is shown, and the rates that may be said."""
    held, extent, target = verdict.figure, verdict.extent, verdict.target
    note = f"（{verdict.note}）" if verdict.note else ""
    words = [verdict.text + bracket(verdict.marks) + note if verdict.text else ""]
    if held is not shown and held.value is not None:
        many = extent.text or fiscal_year_short(target.fiscal_year)
        words.append(f"{many}{'で' if extent.text else ' '}{claims.written(sight.subject, held, target.value)}")
        words.append(extent.left_out)
    if verdict.progress is not None:
        words.append(f"進捗率 {rate_text(verdict.progress)}")
    elif verdict.achievement is not None:
        words.append(f"達成率 {rate_text(verdict.achievement)}")
    return words


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
    partial = sight.in_progress
    if partial is not None and partial.value is not None:
        so_far = f"{claims.written(sight.subject, partial)}（{extent_of(partial).text}）"
        card.partial = f"{partial.period.short_label}分は途中の計 {so_far}"
    is_old = sight.figure is None or sight.figure.period.start < sight.due.period.start
    if is_old and status.missing and sight.due.is_past(board.today):
        card.stale = f"{sight.due.period.short_label}分は回答期限（{day_text(sight.due.by)}）を過ぎています"
