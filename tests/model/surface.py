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

from tests.model.rules import Period

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
    body = table[table.index("<tbody>") :]
    return [
        [text_of(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    ]


@dataclass(frozen=True)
class Page:
    """A KPI's page: the card's text, its number, the table of periods, the years and what the chart draws."""

    card: str
    number: str
    months: list[list[str]]
    years: list[list[str]]
    lines: dict[str, list[tuple[str, float | None]]]


def look(client: Client, code: str) -> Page:
    page = client.get(f"/kpis/{code}/", {"range": "all"}).content.decode()
    card = page[page.index('class="kpi-head__figure') :].split("</section>")[0]
    return Page(
        card,
        number_on_card(card),
        table_after(page, "表で見る"),
        table_after(page, "年ごとの値"),
        _lines(page),
    )


def _lines(page: str) -> dict[str, list[tuple[str, float | None]]]:
    """Name of a line → (text, height) of each of its points."""
    found = re.search(r'<script id="chart-data" type="application/json">(.*?)</script>', page, re.DOTALL)
    data: dict[str, Any] = json.loads(found[1]) if found else {"data": []}
    return {trace["name"]: list(zip(trace["text"], trace["y"], strict=True)) for trace in data["data"]}


def file_of(client: Client, code: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(f"/kpis/{code}/data.csv").content.decode())))


def cards_of(client: Client) -> dict[str, str]:
    """Code → the markup of its card on the overview."""
    page = client.get("/overview/").content.decode()
    cards = re.findall(r'<article class="kpi-card">(.*?)</article>', page, re.DOTALL)
    return {found[1]: card for card in cards if (found := re.search(r'href="/kpis/([\w-]+)/"', card))}


def number_on_card(card: str) -> str:
    """The big number of a card with its unit, as it stands."""
    number = re.search(r'kpi-card__value">(.*?)</p>', card, re.DOTALL)
    return text_of(number[1]).replace(" ", "") if number else ""


def marks_in(markup: str) -> set[str]:
    """The marks that stand beside a value."""
    return {text_of(mark).split("（")[0] for mark in re.findall(r'<span class="mark[^"]*">(.*?)</span>', markup)}
