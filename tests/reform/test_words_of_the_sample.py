"""The first city's pages, files and report, with its sample, say nothing that no page may say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from reform.demo.organisation import SIGN_INS
from tests.page_words import judged_years, names_published, shares_without_grounds, sweep, wrong_verdicts
from tests.reform.conftest import TODAY


@dataclass
class Sample:
    """The first city with its sample."""

    people: dict[str, User]
    today: date

    def client(self, role: str) -> Client:
        client = Client()
        client.force_login(self.people[role], backend="accounts.leaving.PostBackend")
        return client


@pytest.fixture
def city(sample, db) -> Iterator[Sample]:
    users = User.objects.in_bulk([each.number for each in SIGN_INS], field_name="employee_number")
    with time_machine.travel(datetime(2026, 5, 18, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo")), tick=True):
        yield Sample({each.role: users[each.number] for each in SIGN_INS}, TODAY)


@pytest.mark.timeout(400)  # some two hundred pages
def test_no_page_and_no_file_shows_a_broken_number(city) -> None:
    found = sweep(city)
    assert found.read.total() > 200
    assert found.wrong == {}


def test_no_word_without_grounds(city) -> None:
    assert list(wrong_verdicts(city)) == []
    assert list(judged_years(city)) == []


def test_no_name_is_published(city) -> None:
    assert list(names_published(city)) == []


def test_no_share_without_its_choice_and_base(city) -> None:
    assert list(shares_without_grounds(city)) == []
