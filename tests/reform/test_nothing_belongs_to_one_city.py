"""In the second city no page of the back office, mail or command knows a word of the first one.

Its other pages and files are read in test_words_on_every_page.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from inquiries.reminding import send_reminders
from tests.city_pages import back_office, read_by, text_of

#: Words of the first city's publication that are no words of any other.
FIRST_CITY = ["いわき", "五つの矢", "5つの矢", "vol.5", "vol5", "集中改革", "持続的改革"]
#: What the product itself is called until a city names it otherwise (SITE_NAME).
PRODUCT = "構造改革レポート"
SHORTEST = 5


def words_of_the_first_city() -> list[str]:
    """Every name and heading of fixtures/vol5 that the second city's own words do not hold."""
    own = "".join(path.read_text(encoding="utf-8") for path in (settings.BASE_DIR / "fixtures/second_city").glob("*"))
    found = {word for path in (settings.BASE_DIR / "fixtures/vol5").glob("*.json") for word in names_in(path)}
    return FIRST_CITY + sorted(word for word in found if is_word(word) and word not in own)


def is_word(text: str) -> bool:
    """Long enough to be nobody else's, and no date."""
    return len(text) >= SHORTEST and not text.isascii()


def names_in(path: Path) -> Iterator[str]:
    yield from _names(json.loads(path.read_text(encoding="utf-8")))


def _names(node: Any, key: str = "") -> Iterator[str]:
    if isinstance(node, dict):
        for name, value in node.items():
            if key in ("cloud",):
                yield name
            yield from _names(value, name)
    elif isinstance(node, list):
        for value in node:
            yield from _names(value, key)
    elif isinstance(node, str) and key in (
        "name",
        "title",
        "names",
        "aliases",
        "contents",
        "subtitle",
        "contact",
        "slogan",
    ):
        yield node


FORBIDDEN = [word for word in words_of_the_first_city() if word != PRODUCT]


def foreign(text: str) -> list[str]:
    return [word for word in FORBIDDEN if word in text]


def test_the_words_looked_for_are_those_of_the_first_city():
    assert len(FORBIDDEN) > 100
    assert {"いわき", "五つの矢", "市公式LINE友達数", "市民接点のデジタル化"} <= set(FORBIDDEN)
    assert foreign("いわき市の五つの矢") == ["いわき", "五つの矢"]


def test_no_page_of_the_back_office_knows_the_first_city(second_city):
    office = second_city.client("reform_office")
    pages = {url: answer for url in back_office() if (answer := read_by(office, url))}
    assert len(pages) > 80
    assert {url: words for url, answer in pages.items() if (words := foreign(text_of(answer)))} == {}


def test_no_mail_knows_the_first_city(second_city, settings):
    settings.MAIL_IS_SET = True
    settings.SITE_URL = "http://kpi.minato.example"
    outcome = send_reminders(timezone.localdate())
    assert outcome.sent == len(mail.outbox) > 3
    assert [message.subject for message in mail.outbox if foreign(message.subject + str(message.body))] == []


def test_signing_in_and_every_refusal_do_not_know_the_first_city(client, second_city):
    for url in (reverse("login"), "/nowhere/", reverse("home")):
        assert foreign(client.get(url, follow=True).content.decode()) == []
    viewer = second_city.client("viewer")
    assert foreign(viewer.get(reverse("entries:list")).content.decode()) == []


def test_the_city_is_named_on_every_page_and_nothing_is_named_in_its_place(second_city, settings):
    office = second_city.client("reform_office")
    assert "港町市" in office.get("/").content.decode()
    settings.CITY_NAME = ""
    nameless = office.get("/").content.decode()
    title = re.search(r"<title>(.*?)</title>", nameless)
    assert title is not None
    assert title[1] == f"ホーム｜{settings.SITE_NAME}"


def test_code_and_templates_do_not_know_the_first_city():
    """Outside its fixtures and the commands that load it."""
    folders = [
        "japan",
        "sheets",
        "charts",
        "constraints",
        "jobs",
        "accounts",
        "approvals",
        "initiatives",
        "kpis",
        "inquiries",
        "surveys",
    ]
    folders += ["reports", "reform", "templates", "static"]
    of_the_sample = ("reform/demo/", "load_vol5.py", "load_demo.py")
    found = []
    for folder in folders:
        for path in (settings.BASE_DIR / folder).rglob("*"):
            if path.suffix in (".py", ".html", ".js", ".css", ".txt") and not any(
                s in path.as_posix() for s in of_the_sample
            ):
                text = path.read_text(encoding="utf-8")
                found += [(path.name, word) for word in FORBIDDEN if word in text]
    assert found == []


def test_what_commands_say_does_not_know_the_first_city(second_city, capsys):
    for command in ("make_inquiries", "audit_summaries", "recompute_summaries"):
        call_command(command)
    assert foreign(capsys.readouterr().out) == []


@pytest.mark.parametrize("name", ["CITY_NAME", "SITE_NAME"])
def test_no_default_is_a_city(name):
    source = (settings.BASE_DIR / "reform/settings.py").read_text(encoding="utf-8")
    default = re.search(rf'env\.text\("{name}", "(.*?)"\)', source)
    assert default is not None
    assert "市" not in default[1]
