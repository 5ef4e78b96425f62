"""A month is closed while values are being written: what is written before counts, what comes after is refused."""

from __future__ import annotations

import threading
from datetime import date
from functools import partial

import pytest
from django.db import transaction

from kpis.models import Closing, Measurement, Reopening
from kpis.values import recording
from kpis.values.closed import MonthIsClosed, close_month, reopen
from kpis.values.recording import record
from tests.kpis.world import World, access, change, make_world
from tests.services.test_concurrent_recording import at_once

pytestmark = pytest.mark.django_db(transaction=True)
MONTH = date(2025, 4, 1)


@pytest.fixture
def world(transactional_db, department) -> World:
    return make_world(department)


def test_a_closing_waits_for_the_value_that_is_being_written(world, reform_office, monkeypatch):
    checked, closing_begun = threading.Event(), threading.Event()
    real = recording.check_open

    def slow(*asked: object) -> object:
        answer = real(*asked)
        checked.set()
        assert closing_begun.wait(20)
        # The closing has all the time in the world to slip in before this value is stored.
        threading.Event().wait(0.3)
        return answer

    monkeypatch.setattr(recording, "check_open", slow)

    def close() -> object:
        assert checked.wait(20)
        closing_begun.set()
        closing = close_month(MONTH, access=access(reform_office))
        return Measurement.objects.count(), closing

    one = [change(world.friends, "2025-04", 1)]
    _, (counted, _closing) = at_once(partial(record, one, actor=None, post="", reason="試験"), close)
    assert counted == 1


def test_a_value_waits_for_the_closing_under_way_and_is_refused(world, reform_office):
    locked, writing = threading.Event(), threading.Event()

    def close() -> object:
        with transaction.atomic():
            closing = close_month(MONTH, access=access(reform_office))
            locked.set()
            assert writing.wait(20)
            threading.Event().wait(0.3)
        return closing

    def write() -> object:
        assert locked.wait(20)
        writing.set()
        return record([change(world.friends, "2025-04", 1)], actor=None, post="", reason="試験")

    _, refused = at_once(close, write)
    assert isinstance(refused, MonthIsClosed)
    assert not Measurement.objects.exists()


def test_of_two_closings_at_once_one_is_kept_and_the_other_told(world, reform_office):
    results = at_once(*[partial(close_month, MONTH, access=access(reform_office))] * 2)
    assert sorted(type(result).__name__ for result in results) == ["Closing", "ValidationError"]
    assert Closing.objects.count() == 1


def test_of_two_reopenings_at_once_one_is_kept_and_the_other_told(world, department, reform_office):
    close_month(MONTH, access=access(reform_office))
    until = date(2025, 6, 20)
    act = partial(reopen, MONTH, department, reason="誤り", until=until, access=access(reform_office))
    results = at_once(act, act)
    assert sorted(type(result).__name__ for result in results) == ["Reopening", "ValidationError"]
    assert Reopening.objects.count() == 1


def test_ten_writers_and_a_closing_lose_nothing_and_let_nothing_in_after(world, reform_office):
    kpis = [world.friends, world.online, world.applications, world.satisfaction, world.hours]
    works = [
        partial(record, [change(kpi, month, 1)], actor=None, post="", reason="試験")
        for kpi in kpis
        for month in ("2025-04", "2025-05")
    ]
    results = at_once(partial(close_month, MONTH, access=access(reform_office)), *works)
    closing = results[0]
    stored = sum(isinstance(result, list) for result in results)
    refused = sum(isinstance(result, MonthIsClosed) for result in results)
    assert (stored + refused, Measurement.objects.count()) == (10, stored)
    assert not Measurement.objects.filter(period=MONTH, updated_at__gt=closing.closed_at).exists()  # type: ignore[attr-defined]
