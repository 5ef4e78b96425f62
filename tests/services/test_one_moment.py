"""An edition prints one state of the database, although others go on recording while its figures are gathered."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from django.db import OperationalError, connection, connections
from django.db.models import F
from django.utils import timezone

from accounts.models import Department
from jobs.models import Job
from kpis.models import Measurement, Summary, SummaryState
from kpis.summaries.recompute import recompute
from reports import exporting, snapshot
from reports.exporting import ExportError, export
from reports.models import Report
from reports.moment import TRIES, at_one_moment
from tests.kpis.world import World, make_world, put
from tests.reports.conftest import small_report  # noqa: F401  fixture

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db, department) -> World:
    world = make_world(department)
    correct(world, 10)
    Job.objects.all().delete()  # nothing waits to be computed
    return world


def elsewhere(work):
    """Does the work in a connection of its own, and waits for it."""

    def alone():
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(alone).result(30)


def month_of(world: World) -> Decimal | None:
    return Summary.objects.get(kpi=world.friends, span="month", period=date(2025, 4, 1)).value


def correct(world: World, value: int) -> None:
    put(world.friends, "2025-04", value)
    recompute(world.friends.pk)


def test_what_is_committed_meanwhile_is_not_seen(world):
    def look() -> tuple[Decimal | None, Decimal | None]:
        before = month_of(world)
        elsewhere(lambda: correct(world, 99))
        return before, month_of(world)

    assert at_one_moment(look) == (10, 10)
    assert month_of(world) == 99


def test_a_row_that_somebody_else_changed_is_tried_again_on_what_is_stored_now(world):
    seen = []

    def act() -> None:
        seen.append(Measurement.objects.get().value)
        if len(seen) == 1:
            elsewhere(lambda: correct(world, 99))
        recompute(world.friends.pk)
        SummaryState.objects.update(versions=seen[-1])

    at_one_moment(act)
    assert seen == [10, 99]
    assert SummaryState.objects.get().versions == 99


def test_an_act_that_is_always_overtaken_ends_with_a_sentence(world, monkeypatch, small_report):  # noqa: F811
    """Stands for every row that an export writes and that others write too."""
    tries = []

    def overtaken(report: Report) -> snapshot.Snapshot:
        tries.append(report)
        elsewhere(lambda: Department.objects.update(order=F("order") + 1))
        Department.objects.update(order=0)
        return {}

    monkeypatch.setattr(exporting.snapshot, "take", overtaken)
    with pytest.raises(ExportError, match="承認や登録が続けて入りました"):
        export(small_report, asked_at=timezone.now(), author=None, post="試験")
    assert len(tries) == TRIES
    assert not small_report.editions.exists()


def test_another_trouble_of_the_database_is_not_tried_again(world):
    tries = []

    def act() -> None:
        tries.append(1)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 50; SELECT pg_sleep(5)")

    with pytest.raises(OperationalError, match="statement timeout"):
        at_one_moment(act)
    assert tries == [1]


def test_an_edition_prints_no_value_that_came_while_it_was_written_down(world, monkeypatch, small_report):  # noqa: F811
    read = []

    def while_somebody_records(report: Report) -> snapshot.Snapshot:
        read.append(month_of(world))
        elsewhere(lambda: correct(world, 99))
        read.append(month_of(world))
        return {"value": str(month_of(world))}

    monkeypatch.setattr(exporting.snapshot, "take", while_somebody_records)
    monkeypatch.setattr(exporting.rendering, "render", lambda *args, **kwargs: exporting.rendering.Files(b"h", b"p"))
    edition = export(small_report, asked_at=timezone.now(), author=None, post="試験")
    assert read == [10, 10]
    assert edition.snapshot == {"value": str(read[0])}
