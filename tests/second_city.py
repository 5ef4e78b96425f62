"""The second city, built once, on a day that stands still; and every address of its pages."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings as django_settings
from django.test import Client, override_settings
from django.utils import timezone

from accounts.models import User
from jobs.dispatch import finish_work_here
from reform.second_city.building import build
from reform.second_city.organisation import SIGN_INS
from reform.second_city.sizes import SIZES
from reform.second_city.timeline import Timeline
from tests.built_once import built_once

#: The city's today: November 2025 is being reported, the 組織改正 was on 1 October, September is the newest closed month.
NOW = datetime(2025, 12, 10, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
SIZE = SIZES["s"]


@dataclass(frozen=True)
class SecondCity:
    """The built city: its days, and its four sign-ins by role (editor, approver, reform_office, viewer)."""

    timeline: Timeline
    people: dict[str, User]
    counts: dict[str, int]
    media: Path

    @property
    def today(self) -> date:
        return self.timeline.today

    def client(self, role: str) -> Client:
        """A browser in which that person is signed in."""
        client = Client()
        client.force_login(self.people[role], backend="accounts.leaving.PostBackend")
        return client


def built(media: Path) -> SecondCity:
    """Builds it in the database as it is now; the caller has set the clock."""
    counts = build(SIZE, timezone.localdate())
    users = User.objects.in_bulk([each.number for each in SIGN_INS], field_name="employee_number")
    people = {each.role.value: users[each.number] for each in SIGN_INS}
    return SecondCity(Timeline(timezone.localdate(), SIZE), people, counts, media)


@pytest.fixture(scope="module")
def shared_second_city(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[SecondCity]:
    """Built once for all tests of a process, summaries included; it is NOW while they run, and their city's name is 港町市."""
    media = tmp_path_factory.getbasetemp() / "second-city"
    quick = override_settings(
        MEDIA_ROOT=media,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        CITY_NAME="港町市",
    )
    logging.disable(logging.WARNING)  # each of the many refusals would be written down
    now, world = time_machine.travel(NOW, tick=True), built_once("second city", lambda: built(media))
    with now, quick, django_db_blocker.unblock(), world as city:
        yield city
    logging.disable(logging.NOTSET)


@pytest.fixture
def second_city(shared_second_city, settings, db) -> SecondCity:
    """The second city; what a test writes is undone."""
    settings.MEDIA_ROOT = shared_second_city.media
    return shared_second_city


@pytest.fixture
def stored_second_city(transactional_db, settings, media) -> Iterator[SecondCity]:
    """The second city, committed: for a browser, which asks another thread. It is NOW while the test runs."""
    settings.CITY_NAME = "港町市"
    with time_machine.travel(NOW, tick=True):
        with finish_work_here():
            city = built(Path(django_settings.MEDIA_ROOT))
        yield city
