"""Two people at once on PostgreSQL: nobody's value is lost, and no older summary overwrites a newer one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections, transaction

from approvals.conflict import Conflict
from kpis.entries import approve, save_draft
from kpis.imports import apply_file, look_through, reading_of, receive
from kpis.models import Entry, Kpi, Measurement, Reporting, Revision, Summary
from kpis.summaries import recompute as summaries
from kpis.summaries.recompute import recompute
from kpis.values.closed import hold_series
from kpis.values.recording import StaleVersion, record
from kpis.values.statement import Slot, Statement
from tests.kpis.reporting_world import handed_in
from tests.kpis.world import World, access, change, make_world, part, put

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db, department) -> World:
    return make_world(department)


def at_once(*works: Callable[[], object]) -> list[object]:
    """Runs each work in a thread and connection of its own, begun together; gives results or exceptions."""
    start = threading.Barrier(len(works))

    def begin(work: Callable[[], object]) -> object:
        try:
            start.wait(10)
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        futures: list[Future[object]] = [pool.submit(begin, work) for work in works]
        return [future.exception(60) or future.result() for future in futures]


def test_of_two_first_values_one_is_stored_and_the_other_is_told_of_it(world):
    changes = [change(world.friends, "2025-04", value) for value in (1, 2)]
    results = at_once(*(partial(record, [one], actor=None, post="", reason="試験") for one in changes))
    [stale] = [result for result in results if isinstance(result, StaleVersion)]
    stored = Measurement.objects.get()
    [(refused, now)] = stale.conflicts
    assert now is not None
    assert (now.value, now.pk) == (stored.value, stored.pk)
    assert {refused.value, stored.value} == {Decimal(1), Decimal(2)}
    assert Revision.objects.count() == 1


def test_of_two_corrections_one_is_stored_and_the_other_is_told_of_it(world):
    put(world.friends, "2025-04", 10)
    changes = [change(world.friends, "2025-04", value) for value in (11, 12)]
    results = at_once(*(partial(record, [one], actor=None, post="", reason="試験") for one in changes))
    [stale] = [result for result in results if isinstance(result, StaleVersion)]
    stored = Measurement.objects.get()
    assert (stored.version, stale.conflicts[0][1].value) == (2, stored.value)  # type: ignore[union-attr]
    assert list(Revision.objects.order_by("version").values_list("version", flat=True)) == [1, 2]


def test_of_two_first_drafts_one_is_kept_and_the_other_is_told_of_it(world, editor, department):
    def save(value: int) -> Entry:
        slot, said = Slot(part(world.friends).pk, change(world.friends, "2025-04", 1).period), Decimal(value)
        return save_draft(slot, Statement(value=said), access=access(editor), department_id=department.pk)

    results = at_once(partial(save, 1), partial(save, 2))
    kept = Entry.objects.get()
    conflicts = [result for result in results if isinstance(result, Conflict)]
    assert [conflict.report for conflict in conflicts] == [kept] * len(conflicts)
    assert kept.version == 2 - len(conflicts)


def test_a_computation_waits_for_the_one_that_began_before_it_and_reads_after_it(world, monkeypatch):
    put(world.friends, "2025-04", 1)
    reading, go_on = threading.Event(), threading.Event()
    real = summaries.facts_of

    def slow_first(kpi: Kpi) -> object:
        facts = real(kpi)
        if not reading.is_set():
            reading.set()
            assert go_on.wait(20)
        return facts

    monkeypatch.setattr(summaries, "facts_of", slow_first)

    def older() -> int:
        return recompute(world.friends.pk)

    def newer() -> int:
        assert reading.wait(20)
        put(world.friends, "2025-04", 2)
        threading.Timer(0.3, go_on.set).start()
        return recompute(world.friends.pk)

    assert at_once(older, newer) == [2, 2]
    assert set(Summary.objects.values_list("value", flat=True)) == {Decimal(2)}


def test_the_kpis_row_is_locked_before_anything_is_read(world):
    with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        seen: list[str] = []
        patch.setattr(summaries, "facts_of", lambda kpi: seen.append(_lock_state(kpi.pk)) or summaries_of_nothing(kpi))
        recompute(world.friends.pk)
    assert seen == ["locked"]


def summaries_of_nothing(kpi: Kpi) -> object:
    return summaries.KpiFacts(kind=kpi.kind, aggregation=kpi.aggregation, direction=kpi.direction, unit=kpi.unit)


def _lock_state(kpi_id: int) -> str:
    """Whether another connection could take the row now."""

    def take() -> str:
        with transaction.atomic():
            return "free" if Kpi.objects.select_for_update(skip_locked=True).filter(pk=kpi_id).exists() else "locked"

    [state] = at_once(take)
    return str(state)


def test_twenty_writers_at_once_lose_nothing(world):
    """Each adds one to the same three values, again whenever somebody was faster: every addition is there at the end."""
    places = [(world.friends, "total"), (world.visits, "a"), (world.visits, "b")]
    for kpi, code in places:
        put(kpi, "2025-04", 0, code)

    def add_one_to_each() -> int:
        refused = 0
        for kpi, code in places:
            while True:
                stored = part(kpi, code).measurements.get()
                wanted = change(kpi, "2025-04", int(stored.value or 0) + 1, code, expected_version=stored.version)
                try:
                    record([wanted], actor=None, post="", reason="追加")
                    break
                except StaleVersion:
                    refused += 1
        return refused

    results = at_once(*[add_one_to_each] * 20)
    assert [result for result in results if isinstance(result, BaseException)] == []
    assert {part(kpi, code).measurements.get().value for kpi, code in places} == {Decimal(20)}
    for kpi, code in places:
        history = Revision.objects.filter(measurement__series=part(kpi, code)).order_by("version")
        assert [revision.value for revision in history] == [Decimal(n) for n in range(21)]


def test_an_approval_waits_for_whoever_holds_the_series_and_does_not_lock_them_out(world, editor, approver):
    entry = handed_in(part(world.friends), editor, "5", date(2025, 5, 1))
    held = threading.Event()

    def choose_another_department() -> Entry:
        """What kpis.registration.choosing, an import and a 組織改正 do: the series first, then what was begun of them."""
        with transaction.atomic():
            hold_series([entry.series_id])
            held.set()
            time.sleep(0.3)  # the approval is on its way
            return Entry.objects.select_for_update().get(pk=entry.pk)

    def decide() -> Entry:
        assert held.wait(20)
        return approve(entry, access=access(approver))

    seen, approved = at_once(choose_another_department, decide)
    assert isinstance(approved, Entry)
    assert approved.state == Entry.State.APPROVED
    assert Measurement.objects.get(series=entry.series_id, period=entry.period).value == 5
    assert isinstance(seen, Entry)
    assert seen.state == Entry.State.SUBMITTED


def test_of_two_takings_of_one_file_one_counts(world, reform_office, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    who = access(reform_office)
    data = "年月,LINE友だち登録者数\r\nR6.4,1\r\nR6.5,2\r\n".encode("cp932")
    file = receive(data, "a.csv", access=who, department=None, records=True)
    look_through(file, reading_of(file, access=who), access=who)
    results = at_once(*[partial(apply_file, file, access=access(reform_office))] * 2)
    assert sorted(isinstance(result, ValidationError) for result in results) == [False, True]
    assert Revision.objects.count() == 2


def test_of_two_periods_that_overlap_one_is_stored_however_close_together_they_come(world, department):
    series = part(world.friends)
    series.reportings.all().delete()

    def add(first: date, last: date) -> Reporting:
        with transaction.atomic():
            made = Reporting.objects.create(series=series, department=department, valid_from=first, valid_to=last)
            time.sleep(0.2)  # its row is not committed while the other one looks for it
            return made

    overlapping = [(date(2020, 4, 1), date(2022, 3, 31)), (date(2021, 4, 1), date(2023, 3, 31))]
    results = at_once(*(partial(add, first, last) for first, last in overlapping))
    [refused] = [result for result in results if isinstance(result, IntegrityError)]
    assert "reporting_one_department_a_month" in str(refused)
    assert Reporting.objects.filter(series=series).count() == 1
