"""改革の全体像: the cards of every KPI under their pillars, and the answers a manager looks for first."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from accounts.models import Department
from initiatives.models import Pillar
from japan.fiscal import add_months, month_end, month_start
from kpis.claims import Mark, Word
from kpis.dashboards.board import Board, look_at, part_ids
from kpis.dashboards.cards import Card, card_of
from kpis.dashboards.completeness import Due, reports_in, status_of
from kpis.entries.sheet import due_date, period_due_in
from kpis.models import Kpi


@dataclass
class Group:
    """A pillar with its cards; without a pillar what belongs to the city as a whole."""

    name: str
    icon: str = ""
    contents: list[str] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)


@dataclass(frozen=True)
class Absence:
    """A department that has not reported, and which figures."""

    department: Department
    figures: list[str]


@dataclass
class Reporting:
    """Who has reported the newest month."""

    month: date
    count: int
    total: int
    absent: list[Absence]
    by: date
    is_past: bool


@dataclass
class Overview:
    """The page. `as_of` is set when an earlier month was asked for."""

    groups: list[Group]
    words: dict[Word, list[Card]]
    reporting: Reporting | None
    updated: datetime | None
    as_of: date | None
    is_empty: bool

    @property
    def with_target(self) -> int:
        """How many are judged, or will be; those without a wished direction are not."""
        return sum(len(cards) for word, cards in self.words.items() if word is not Word.NONE)

    @property
    def on_track(self) -> list[Card]:
        """Reached already, or on the way."""
        return self.words[Word.REACHED] + self.words[Word.ON_TRACK]

    @property
    def short_of(self) -> list[Card]:
        """Missed, or behind."""
        return self.words[Word.MISSED] + self.words[Word.BEHIND]

    @property
    def open(self) -> list[Card]:
        """Of which nothing can be said yet."""
        return self.words[Word.WAITING] + self.words[Word.UNKNOWN]

    @property
    def stale(self) -> list[Card]:
        return [card for group in self.groups for card in group.cards if card.stale]

    @property
    def marks(self) -> dict[str, bool]:
        """Which marks the page shows, for the legend."""
        cards = [card for group in self.groups for card in group.cards]
        shown = [card.marks_of for card in cards if card.marks_of is not None]
        flags = {name: any(getattr(row, f"is_{name}") for row in shown) for name in _FLAGS}
        flags["synthetic"] |= any(
            card.verdict is not None and Mark.SYNTHETIC in card.verdict.target.marks for card in cards
        )
        flags["estimated"] = any(row.nature == "estimated" for row in shown)
        flags["undefined"] = any("定義未公表" in card.marks for card in cards)
        return flags


_FLAGS = ("derived", "rounded", "provisional", "synthetic")


def overview(today: date, as_of: date | None = None) -> Overview:
    """Everything the page shows, in seven queries however many KPIs there are."""
    day = month_end(as_of) if as_of else today
    groups = {
        pillar.pk: Group(pillar.day_name, pillar.sign, pillar.content_lines) for pillar in Pillar.objects.named_on(day)
    }
    board = look_at(Kpi.objects.for_board(), today=today, as_of=as_of)
    rest = Group("市全体の指標", "chart")
    cards = []
    for sight in board.sights:
        card = card_of(sight, board)
        if sight.kpi.ends_on is None or sight.kpi.ends_on >= day:
            groups.get(sight.kpi.pillar_id or 0, rest).cards.append(card)
            cards.append(card)
    words: dict[Word, list[Card]] = {word: [] for word in Word}
    for card in cards:
        if card.verdict is not None:
            words[card.verdict.word].append(card)
    return Overview(
        groups=[*groups.values(), *([rest] if rest.cards else [])],
        words=words,
        reporting=_reporting(board),
        updated=max((card.updated_at for card in cards if card.updated_at), default=None),
        as_of=as_of,
        is_empty=not cards,
    )


def as_of_from(text: str, today: date) -> date | None:
    """The month of an address (?as_of=2025-05). None for none, for nonsense, and for one that has not ended."""
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return month if month.year >= 1989 and month_end(month) < today else None


def months_to_choose(today: date, chosen: date | None) -> list[date]:
    """The months the page offers, newest first: three years, and the chosen one if it lies before them."""
    newest = add_months(month_start(today), -1)
    offered = [add_months(newest, -back) for back in range(36)]
    return offered if chosen is None or chosen in offered else [*offered, chosen]


def _reporting(board: Board) -> Reporting | None:
    """Every figure due with the last month, the parts of ratios included; a KPI that is both counts once."""
    month = board.last_month
    kpis: dict[int, Kpi] = {}
    for sight in board.sights:
        kpi = sight.kpi
        parts = [part for part in (kpi.numerator, kpi.denominator) if part is not None] if part_ids(kpi) else [kpi]
        kpis |= {part.pk: part for part in parts}
    dues = [
        Due(kpi, period, due_date(kpi, month, board.calendar))
        for kpi in kpis.values()
        if (period := period_due_in(kpi, month))
    ]
    status = status_of(dues, board.reportings, board.answered)
    if not status.total:
        return None
    by_kpi = {due.kpi.pk: due for due in dues}
    absent = []
    for department in status.missing:
        names = [
            by_kpi[reporting.series.kpi_id].kpi.name
            for reporting in board.reportings
            if reporting.department_id == department.pk
            and (due := by_kpi.get(reporting.series.kpi_id))
            and reports_in(reporting, due.period)
            and (reporting.series_id, due.period.span.value, due.period.start) not in board.answered
        ]
        absent.append(Absence(department, list(dict.fromkeys(names))))
    by = min(due.by for due in dues)
    return Reporting(month, status.count, status.total, absent, by, by < board.today)
