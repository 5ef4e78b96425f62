"""What no page, file or report of a city says: broken numbers, doubled signs, verdicts without grounds, names of people."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Protocol

from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from japan.fiscal import add_months, fiscal_year_end, month_start
from kpis.claims import Word
from kpis.dashboards.board import look_at
from kpis.dashboards.cards import card_of
from kpis.dashboards.page import page_of
from kpis.models import Kpi
from reports.models import Report
from reports.snapshot import take
from surveys.models import Survey
from tests.city_pages import ROLES, City, addresses, hand_in_papers, read_by, text_of
from tests.test_access import NAMES, ROWS

#: Broken or doubled, wherever it stands.
JUNK = {
    "no number": re.compile(r"(?<![A-Za-z])(?:NaN|None|Infinity|undefined|null)(?![A-Za-z])|Decimal\(|\d[Ee][+-]\d"),
    "zeros that the database adds": re.compile(r"\d\.\d{0,8}0000(?!\d)"),
    "a percent sign in full width": re.compile(r"[0-9０-９]％"),
    "two signs": re.compile(
        r"▲[\d,.]{1,20}[^\s\d、。（）▲＋]{0,6}減|＋[\d,.]{1,20}[^\s\d、。（）▲＋]{0,6}増|[▲＋−-]▲|▲[＋−-]|＋＋"
    ),
    "a minus that is no ▲": re.compile(r"(?<=[\s（：])[-−]\d"),
    "a bracket around nothing": re.compile(r"「」|（）|（・|・）"),
    "one mark twice": re.compile(r"(架空値|速報値|概数|推計|算出値)・\1"),
}
_SAID = re.compile(r"\b(?:aria-label|title|alt|placeholder|value)=\"([^\"]*)\"")
_UNSAID = re.compile(r"<(script|style|template)\b.*?</\1>|<input[^>]*type=\"hidden\"[^>]*>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_FILE = re.compile(r"\.(?:csv|xlsx?|ods|pdf|docx?)(?![a-z])", re.IGNORECASE)
#: What a running year may be called, and what a whole one.
RUNNING, OVER = (Word.ON_TRACK, Word.BEHIND), (Word.REACHED, Word.MISSED)
#: Pages whose words differ with the person who reads them.
OWN = {"home", "overview", "entries:list", "approvals:list", "inquiries:list", "owners:list"}


class WithClients(City, Protocol):
    """A city in whose pages one can sign in."""

    def client(self, role: str) -> Client: ...


@dataclass
class Sweep:
    """How many pages and files of each name were read, and what is wrong in which."""

    read: Counter[str] = field(default_factory=Counter)
    wrong: dict[str, list[str]] = field(default_factory=dict)


def visible(html: str) -> str:
    """What is seen or read out of a page: its words and those of its labels and fields."""
    shown = _UNSAID.sub(" ", html)
    return unescape(_TAG.sub(" ", shown) + "\n" + "\n".join(_SAID.findall(shown)))


def junk_in(text: str) -> list[str]:
    found = ((name, form.search(text)) for name, form in JUNK.items())
    return [f"{name}: {text[max(0, m.start() - 20) : m.end() + 10]!r}" for name, m in found if m]


def sweep(city: WithClients, also: Callable[[str], list[str]] = lambda text: []) -> Sweep:
    """Every page and file that can be read, once; those that are each person's own as every role. `also` looks at the
    text as it is sent."""
    hand_in_papers(city)
    clients, places, found = [city.client(role) for role in ROLES], addresses(city), Sweep()
    for name in filter(can_be_read, NAMES):
        for each in places.get(name, [{}] if takes_nothing(name) else []):
            url = reverse(name, kwargs=each)
            answers = (answer for client in clients if (answer := read_by(client, url)))
            for number, answer in enumerate(answers):
                text = text_of(answer)
                is_page = "html" in answer["Content-Type"]
                found.read[name] += 1
                if problems := junk_in(visible(text) if is_page else text) + also(text):
                    found.wrong[f"{url} {number}"] = problems
                if name not in OWN:
                    break
    return found


def takes_nothing(name: str) -> bool:
    try:
        reverse(name)
    except NoReverseMatch:
        return False
    return True


def can_be_read(name: str) -> bool:
    return bool({"200", "286"} & set(ROWS[f"{name} GET"].values()))


def wrong_verdicts(city: City, months: int = 15) -> Iterator[str]:
    """順調 or 遅れ of a year that is over, 達成 or 未達 of what is not whole, any word without a wished direction; as of
    each of the last months."""
    for back in range(months):
        month = add_months(month_start(city.today), -back)
        board = look_at(Kpi.objects.for_board(), today=city.today, as_of=month if back else None)
        for sight in board.sights:
            card, verdict = card_of(sight, board), card_of(sight, board).verdict
            if verdict is None:
                continue
            where = f"{sight.kpi.code} {month:%Y-%m} {card.progress}"
            is_over = sight.on > fiscal_year_end(verdict.target.fiscal_year)
            if sight.kpi.direction == Kpi.Direction.NONE and (card.progress or card.change_is):
                yield where
            if verdict.word in RUNNING and is_over:
                yield where
            if verdict.word in OVER and (not verdict.figure.is_complete or verdict.figure.withheld):
                yield where
            if "率" in card.progress and not verdict.figure.is_complete:
                yield where


def judged_years(city: City) -> Iterator[str]:
    """Lines of the pages' tables of years that hold part of a year and are called a rate of it all the same."""
    for kpi in Kpi.objects.for_page():
        for row in page_of(kpi, today=city.today).years:
            is_part = "か月分" in row.note or "除く" in row.value
            if (is_part or kpi.direction == Kpi.Direction.NONE) and row.progress:
                yield f"{kpi.code} {row.label} {row.progress}"
            if is_part and row.ratio:
                yield f"{kpi.code} {row.label} {row.ratio}"


def names_published(city: WithClients) -> Iterator[str]:
    """Names of files and of people in data files and in the report."""
    office, places = city.client("reform_office"), addresses(city)
    urls = [reverse(name, kwargs=each) for name in ("kpis:data", "surveys:data") for each in places[name]]
    urls += [reverse("reports:draft", kwargs=each) for each in places["reports:draft"]]
    people = {name.replace(" ", "") for name in User.objects.values_list("name", flat=True)}
    for url in urls:
        answer = read_by(office, url)
        assert answer is not None, url
        text = visible(text_of(answer)) if "html" in answer["Content-Type"] else text_of(answer)
        if match := _FILE.search(text):
            yield f"{url}: {text[max(0, match.start() - 30) : match.end()]!r}"
        close = text.replace(" ", "").replace("　", "")
        yield from (f"{url}: {name}" for name in people if name in close)


def shares_without_grounds(city: WithClients) -> Iterator[str]:
    """Percentages of surveys that name no base, or whose report names no choice."""
    viewer = city.client("viewer")
    for survey in Survey.objects.all():
        page = visible(viewer.get(reverse("surveys:detail", args=[survey.code])).content.decode())
        if "%" in page and not any(word in page for word in ("回答者", "公表なし", "公表されていません")):
            yield f"{survey.code}: {page[:60]}"
    for report in Report.objects.all():
        for opinion in take(report)["opinions"]:
            is_published = "算出値" not in opinion["marks"]
            if not opinion["base"] and not is_published:
                yield f"vol.{report.volume} {opinion['reference']}: no base"
            if not opinion["choices"] and not is_published:
                yield f"vol.{report.volume} {opinion['reference']}: no choice"
