"""Reads what the pages print: tables, cards, the chart's data and the file, as text and as numbers."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.test import Client

from tests.model.periods import Period

_TAG = re.compile(r"<[^>]+>")
_NUMBER = re.compile(r"(?P<sign>[▲＋]?)(?P<digits>\d[\d,]*)(?:\.(?P<rest>\d+))?(?P<scale>億|万)?")
_PERIOD = re.compile(
    r"(?:令和|平成)\S+?\((?P<year>\d{4})\)年(?:(?P<month>\d{1,2})月|度第(?P<quarter>\d)四半期|(?P<fiscal>度))?"
)


@dataclass(frozen=True)
class Printed:
    """A number as printed, and what one of its last digit is worth."""

    value: Fraction
    step: Fraction

    def stands_for(self, exact: Fraction, text: str = "") -> bool:
        """Rounded once, half up: at most half a step away. What does not reach 100 % is never 100 % (rule 11)."""
        if "%" in text and 100 - self.step / 2 <= exact < 100:
            return self.value == 100 - self.step
        return abs(self.value - exact) * 2 <= self.step


def text_of(markup: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", _TAG.sub(" ", markup))).strip()


def number_in(text: str) -> Printed | None:
    """The first number of a text, with its sign: ▲, or 減 behind it."""
    found = _NUMBER.search(text)
    if found is None:
        return None
    rest, by = found["rest"] or "", {"万": 10**4, "億": 10**8}.get(found["scale"] or "", 1)
    value = Fraction(found["digits"].replace(",", "") + ("." + rest if rest else "")) * by
    behind = text[found.end() :]
    is_less = found["sign"] == "▲" or re.match(r"\D{0,6}減", behind) is not None
    return Printed(-value if is_less else value, Fraction(by, 10 ** len(rest)))


def period_in(text: str) -> Period | None:
    found = _PERIOD.search(text)
    if found is None:
        return None
    year = int(found["year"])
    if found["month"]:
        return Period("month", date(year, int(found["month"]), 1))
    if found["quarter"]:
        number = int(found["quarter"])
        return Period("quarter", date(year + (number == 4), (4, 7, 10, 1)[number - 1], 1))
    return Period("fiscal_year", date(year, 4, 1)) if found["fiscal"] else Period("calendar_year", date(year, 1, 1))


def table_after(page: str, heading: str) -> list[list[str]]:
    """The rows of the first table behind a heading, heads of columns left out."""
    if heading not in page:
        return []
    table = page[page.index(heading) :].split("</table>")[0]
    body = table[table.index("<tbody") :]
    return [
        [text_of(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr\b[^>]*>(.*?)</tr>", body, re.DOTALL)
    ]


@dataclass(frozen=True)
class Card:
    """A card's texts: its number with the unit, or why there is none; marks, changes, target and what is said of it."""

    number: str
    missing: str
    marks: set[str]
    changes: str
    target: str
    progress: str
    text: str


@dataclass(frozen=True)
class Page:
    """A KPI's page: the table of periods, the years, what the chart draws and its alternative texts."""

    months: list[list[str]]
    years: list[list[str]]
    lines: dict[str, list[tuple[str, float | None]]]
    alternatives: list[str]
    card: Card
    has_years: bool


def look(client: Client, code: str, span: str = "all") -> Page:
    page = client.get(f"/kpis/{code}/", {"range": span}).content.decode()
    titles = [html.unescape(each) for each in re.findall(r"<title[^>]*>(.*?)</title>", page, re.DOTALL)]
    return Page(
        table_after(page, "表で見る"),
        table_after(page, "年ごとの値"),
        _lines(page),
        [each for each in titles if "の推移。" in each],
        card_in(page[page.index('class="kpi-head__figure') :].split("</section>")[0]),
        "?range=years" in page,
    )


@dataclass(frozen=True)
class Overview:
    """Code → card, and how many of those with a target have reached it or are on their way."""

    cards: dict[str, Card]
    on_track: tuple[int, int] | None


def overview_of(client: Client, as_of: str = "") -> Overview:
    page = client.get("/overview/", {"as_of": as_of} if as_of else {}).content.decode()
    cards = re.findall(r'<article class="kpi-card">(.*?)</article>', page, re.DOTALL)
    counts = re.search(r"(\d+)／(\d+)</strong>指標", page)
    return Overview(
        {found[1]: card_in(card) for card in cards if (found := re.search(r'href="/kpis/([\w-]+)/"', card))},
        (int(counts[1]), int(counts[2])) if counts else None,
    )


def card_in(markup: str) -> Card:
    def within(pattern: str) -> str:
        return " ".join(text_of(each) for each in re.findall(pattern, markup, re.DOTALL))

    progress = re.search(r'<div class="kpi-card__progress">(.*?)</div>', markup, re.DOTALL)
    said = progress[1] if progress else ""
    target = re.search(r"<p>(.*?)</p>", said, re.DOTALL)
    words = re.search(r"<strong>(.*?)</strong>", said, re.DOTALL)
    changes = r'<p class="kpi-card__change[^"]*">(.*?)</p>'
    return Card(
        within(r'kpi-card__value">(.*?)</p>').replace(" ", ""),
        within(r'kpi-card__missing">(.*?)</p>'),
        {text_of(mark).split("（")[0] for mark in re.findall(r'<span class="mark[^"]*">(.*?)</span>', markup)},
        within(changes) + " " + within(r'<p class="caption">(.*?)</p>'),
        text_of(target[1]) if target and "<strong>" not in target[1] else "",
        text_of(words[1]) if words else "",
        text_of(markup),
    )


def _lines(page: str) -> dict[str, list[tuple[str, float | None]]]:
    """Name of a line → (text, height) of each of its points."""
    found = re.search(r'<script id="chart-data" type="application/json">(.*?)</script>', page, re.DOTALL)
    data: dict[str, Any] = json.loads(found[1]) if found else {"data": []}
    return {trace["name"]: list(zip(trace["text"], trace["y"], strict=True)) for trace in data["data"]}


def file_of(client: Client, code: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(f"/kpis/{code}/data.csv").content.decode())))
