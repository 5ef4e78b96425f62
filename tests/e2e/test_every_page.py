"""Every page of a whole city in a browser: accessible, no wider than the screen, no error in the console.

It is the second city's pages; WALK_CITIES=sample,second walks through the sample's too (or only through them).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import BrowserContext

from accounts.models import User
from reform.demo.organisation import SIGN_INS
from tests.city_pages import City, addresses, hand_in_papers

CITIES = os.environ.get("WALK_CITIES", "second").split(",")
#: Who opens what. Of an address with many places the first few are opened.
PAGES = {
    "viewer": ["home", "overview", "kpis:detail", "initiatives:timeline", "surveys:detail", "reports:list"],
    "editor": ["home", "entries:list", "entries:month", "entries:year", "initiatives:progress", "inquiries:recipient"],
    "approver": ["home", "approvals:list", "approvals:decide", "owners:list", "deputies:list"],
    "reform_office": [
        "home", "entries:list", "closing:list", "closing:month", "closing:year", "closing:targets", "inquiries:list",
        "inquiries:detail", "initiatives:progress_list", "owners:registrars", "handover:list", "handover:paper",
        "reorganisation", "reports:detail", "reports:section_edit", "imports:list", "jobs:list",
    ],
}  # fmt: skip
#: Those of the second city that are odd.
ODD = ["counter-visits", "night-market", "satisfaction", "reserve", "waiting-children", "prints-per-head", "fees"]


@dataclass
class Sample:
    """vol.5 and the sample, as a city to walk through."""

    people: dict[str, User]
    today: date


@pytest.fixture
def sample(transactional_db) -> Iterator[Sample]:
    with time_machine.travel(datetime(2026, 5, 18, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo")), tick=True):
        for command in ("load_vol5", "load_demo", "make_inquiries"):
            call_command(command, verbosity=0)
        users = User.objects.in_bulk([each.number for each in SIGN_INS], field_name="employee_number")
        yield Sample({each.role: users[each.number] for each in SIGN_INS}, date(2026, 5, 18))


@pytest.fixture(params=CITIES)
def city(request: pytest.FixtureRequest) -> City:
    found: City = request.getfixturevalue({"second": "stored_second_city", "sample": "sample"}[request.param])
    hand_in_papers(found)
    return found


@pytest.mark.timeout(580)  # a city is built and fifty pages are looked at, each twice
def test_every_page_is_accessible_fits_and_complains_of_nothing(
    city: City, new_context: Callable[..., BrowserContext], sign_in, base_url, look_at
) -> None:
    places = addresses(city)
    for role, names in PAGES.items():
        page = new_context(reduced_motion="reduce").new_page()
        page.set_default_navigation_timeout(60_000)
        sign_in(page, city.people[role])
        for name in names:
            for kwargs in first_of(name, places.get(name, [{}])):
                look_at(page, base_url + reverse(name, kwargs=kwargs))
        page.context.close()


def first_of(name: str, found: list[dict]) -> list[dict]:
    if name == "kpis:detail":
        odd = [each for each in found if each["code"] in ODD]
        return odd or found[:6]
    return found[:1]
