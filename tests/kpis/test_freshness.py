"""A KPI whose measurements its summaries do not know yet is found without a clock, and computed by itself."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from jobs.models import Job
from jobs.sweeping import sweep
from kpis.models import Kpi, Measurement, Revision, Series, Summary
from kpis.summaries import freshness
from kpis.summaries.audit import audit
from kpis.summaries.freshness import behind
from kpis.summaries.recompute import recompute
from kpis.values.recomputing import KIND


@pytest.fixture
def figure(db) -> Series:
    kpi = Kpi.objects.create(code="figure", name="窓口の来庁者数", unit="人", kind="flow", order=90)
    return Series.objects.create(kpi=kpi, code="total", name="全体")


@pytest.fixture
def computed(figure) -> Kpi:
    """A KPI with one approved value and its summaries."""
    add(figure, 10)
    recompute(figure.kpi_id)
    assert behind() == {}
    return figure.kpi


def add(series, value: int, month: int = 4) -> Measurement:
    """As if the process had died before anybody heard of it."""
    said = {"span": "month", "period": date(2025, month, 1), "value": Decimal(value)}
    added = Measurement.objects.create(series=series, updated_at=timezone.now(), **said)
    Revision.objects.create(measurement=added, version=1, reason="試験", at=timezone.now(), **said)
    return added


def recomputations() -> list[str]:
    return list(Job.objects.filter(kind=KIND).order_by("pk").values_list("state", flat=True))


def test_a_value_that_no_summary_knows_is_found_and_computed(figure, computed, finish_jobs):
    add(figure, 20, month=5)
    assert behind() == {computed.pk: computed.name}
    with finish_jobs():
        assert sweep() == []
    assert behind() == {}
    assert Summary.objects.get(kpi=computed, span="month", period="2025-05-01").value == 20
    assert not list(audit(computed))


def test_a_new_version_of_a_value_is_found_too(figure, computed):
    Measurement.objects.filter(series=figure).update(version=2, value=11)
    assert set(behind()) == {computed.pk}


def test_a_clock_that_stepped_back_before_the_computation_makes_nothing_look_behind(figure, computed, finish_jobs):
    add(figure, 20, month=5)
    with time_machine.travel("2020-01-01T00:00:00Z"):
        recompute(computed.pk)
    assert behind() == {}


def test_a_ratio_is_behind_when_one_of_its_parts_has_a_new_value(figure, computed):
    other = Kpi.objects.create(code="other", name="分母", unit="件", kind="flow", order=91)
    ratio = Kpi.objects.create(
        code="ratio", name="割合", unit="%", kind="ratio", numerator=computed, denominator=other, order=92
    )
    recompute(other.pk)
    recompute(ratio.pk)
    assert behind() == {}
    add(figure, 20, month=5)
    assert set(behind()) == {computed.pk, ratio.pk}


def test_one_that_waits_in_the_queue_is_not_asked_for_twice(figure, computed):
    add(figure, 20, month=5)
    sweep()
    sweep()
    assert recomputations() == [Job.State.QUEUED]


@pytest.mark.parametrize("state", [Job.State.FAILED, Job.State.INTERRUPTED])
def test_one_whose_computation_failed_is_told_and_not_tried_for_ever(figure, computed, state):
    add(figure, 20, month=5)
    Job.objects.create(kind=KIND, subject=f"kpi:{computed.pk}", state=state, finished_at=timezone.now())
    [finding] = sweep()
    assert finding.code == "summaries-behind"
    assert computed.name in finding.text
    assert recomputations() == [state]


# --- The audit of each night -----------------------------------------------------------------------------------------
def test_once_a_night_the_summaries_are_audited(computed, finish_jobs):
    for moment in ("2026-04-01T03:00:00+09:00", "2026-04-01T04:00:00+09:00", "2026-04-01T15:00:00+09:00"):
        with time_machine.travel(moment), finish_jobs():
            sweep()
    assert list(Job.objects.filter(kind=freshness.AUDIT).values_list("state", flat=True)) == [Job.State.DONE]


@time_machine.travel("2026-04-01T15:00:00+09:00")  # a real night would ask for another audit
def test_an_altered_summary_is_told_until_an_audit_finds_it_mended(computed, finish_jobs):
    Summary.objects.filter(kpi=computed).update(value=999)
    with time_machine.travel("2026-04-01T03:00:00+09:00"), finish_jobs():
        sweep()
    job = Job.objects.get(kind=freshness.AUDIT)
    assert job.state == Job.State.FAILED
    assert computed.name in job.error
    with finish_jobs():
        sweep()
        [finding] = sweep()
    assert (finding.code, computed.name in finding.text) == ("audit-differs", True)
    assert not list(audit(computed))  # computed again by itself

    from jobs.dispatch import retry

    with finish_jobs():
        retry(job)
    assert sweep() == []
