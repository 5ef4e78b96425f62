"""Cards: the newest value, its marks, what it is compared with and what is judged. On the KPI's page, on the overview,
and on the overview as of earlier months."""

from __future__ import annotations

import re
from datetime import date

from django.test import Client

from tests.model import surface
from tests.model.periods import LENGTH, Period, month, months_on, year_of
from tests.model.rules import Model
from tests.model.stored import Kpi
from tests.model.tally import REASONS, Tally

VERDICTS = ("達成", "未達", "順調", "遅れ", "実績待ち")
A_YEAR_BEFORE = re.compile(r"前年(?:同月|同期|度)?から(\S+)")
JUST_BEFORE = re.compile(r"前(?:月|の四半期)から([^。\s]+)")
SO_FAR = re.compile(r"(\d+)／(\d+)か月分で(\S+)")


def compare_card(tally: Tally, kpi: Kpi, card: surface.Card, model: Model) -> None:
    _card(tally, f"{kpi.code} card", card, kpi, model, None)


def compare_overviews(tally: Tally, client: Client, model: Model) -> None:
    overview = surface.overview_of(client)
    cards = overview.cards
    _on_track(tally, overview.on_track, model)
    for kpi in model.kpis.values():
        if kpi.code in cards:
            _card(tally, f"{kpi.code} overview", cards[kpi.code], kpi, model, None)
    for back in (1, 4, 9):
        first = months_on(model.today.replace(day=1), -back)
        for code, card in surface.overview_of(client, f"{first:%Y-%m}").cards.items():
            kpi = next(each for each in model.kpis.values() if each.code == code)
            _card(tally, f"{code} as of {first:%Y-%m}", card, kpi, model, month(first).end)


def _on_track(tally: Tally, printed: tuple[int, int] | None, model: Model) -> None:
    """How many of those with a target have reached it or are on their way."""
    said = []
    for kpi in model.kpis.values():
        newest = model.latest(kpi) if kpi.direction != "none" else None
        aimed = model.aimed(kpi, newest[0]) if newest else None
        if newest and aimed:
            said.append(model.verdict(kpi, newest[0], aimed[0]))
    right = (sum(word in ("達成", "順調") for word in said), len(said)) if said else None
    tally.same("overview counts", printed, right)


def _card(tally: Tally, where: str, card: surface.Card, kpi: Kpi, model: Model, until: date | None) -> None:
    """The newest value that is whole, its period, its marks."""
    newest = model.latest(kpi, until)
    if newest is None:
        tally.same(f"{where} number", card.number, "")
        return
    period, cell = newest
    where = f"{where} of {period.start:%Y-%m}"
    if cell.is_short and kpi.frequency == "quarter" and "年度計" in card.text:
        # What ended within a quarter stands for its year.
        tally.number(f"{where}, the year", card.number, model.year(kpi, year_of(period.start)).value, kpi.unit)
        return
    if cell.printed:
        tally.same(f"{where} as printed", card.number, cell.printed)
    else:
        tally.number(where, card.number, cell.value, kpi.unit)
    if cell.value is None and cell.reason in REASONS:
        tally.same(f"{where} says why", card.missing, REASONS[cell.reason])
    tally.marks(where, card.marks, cell.marks)
    _changes(tally, where, card, kpi, model, period)
    if kpi.direction == "none":
        tally.same(f"{where} judges nothing", re.search("達成|未達|順調|遅れ", card.text), None)
    if until is None:
        _judgement(tally, where, card, kpi, model, period)


def _changes(tally: Tally, where: str, card: surface.Card, kpi: Kpi, model: Model, period: Period) -> None:
    for words, before in (
        (A_YEAR_BEFORE, period.before()),
        (JUST_BEFORE, period.before(LENGTH[period.span])),
    ):
        said = words.search(card.changes)
        now, then = model.cell(kpi, period), model.cell(kpi, before)
        both = model.may_compare(kpi, period, before) and None not in (now.shown, then.shown)
        is_due = both and words is A_YEAR_BEFORE and period.span != "calendar_year"
        if said or is_due:
            name = f"{where} change since {before.start:%Y-%m}"
            tally.change(name, said[1] if said else "", kpi, now.shown if both else None, then.shown)
            if both and said:
                tally.marks(name, said[1], now.marks | then.marks)


def _judgement(tally: Tally, where: str, card: surface.Card, kpi: Kpi, model: Model, period: Period) -> None:
    """The target, the word, the rate and how much of the year is in."""
    aimed = model.aimed(kpi, period)
    tally.number(f"{where} target", card.target.split("（")[0], aimed[1] if aimed else None, kpi.unit)
    if aimed is None:
        return
    said = next((word for word in VERDICTS if card.progress.startswith(word)), "")
    verdict = model.verdict(kpi, period, aimed[0])
    if said or verdict != "実績待ち":  # That it is waited for may be left unsaid.
        tally.same(f"{where} verdict ({card.target} {card.progress})", said, verdict)
    for word, right in model.rates(kpi, period, aimed[0]).items():
        found = re.search(word + r" ?(\S+?%)", card.progress)
        if found:
            tally.rate(f"{where} {word}", found[1], right)
    so_far = SO_FAR.search(card.progress)
    if so_far and aimed[0].span == "fiscal_year":
        year = model.year(kpi, aimed[0].start.year)
        tally.same(f"{where} n／m", (int(so_far[1]), int(so_far[2])), (year.count, len(year.lived)))
        tally.number(f"{where} so far", so_far[3], year.value, kpi.unit)
