"""One run of a job: claimed by one, ended by the one that holds it, taken over when its process died."""

from __future__ import annotations

from datetime import timedelta

import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError
from django.utils import timezone

from jobs import running
from jobs.models import MAX_RUNS, Job, JobQuerySet
from jobs.processes import own_name
from jobs.registry import JobError
from jobs.running import claim, run


def raising(error: BaseException):
    def work(progress) -> None:
        raise error

    return work


# --- How it ends ---------------------------------------------------------------------------------------------------
def test_a_job_that_went_well_keeps_its_result(work, make_job):
    job = make_job(arguments={"n": 1})
    assert run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.percent, job.runs, job.result) == (Job.State.DONE, 100, 1, {"calls": 1})
    assert job.started_at <= job.finished_at
    assert job.process == own_name()


def test_what_cannot_be_done_is_said_in_its_own_words(make_kind, make_job):
    job = make_job(kind=make_kind(raising(JobError("このレポートは削除されています。"))))
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.FAILED, "このレポートは削除されています。")


def test_a_fault_tells_the_clerk_what_to_do_and_no_secret(make_kind, make_job):
    job = make_job(kind=make_kind(raising(KeyError("password"))))
    run(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert f"処理番号{job.pk}を管理者に" in job.error
    assert "password" not in job.error


def test_work_that_takes_too_long_is_ended_in_words(make_kind, make_job):
    job = make_job(kind=make_kind(raising(SoftTimeLimitExceeded())))
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, "時間がかかりすぎた" in job.error) == (Job.State.FAILED, True)


def test_a_kind_of_another_version_fails_in_words(make_job):
    job = make_job(kind="gone")
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, "いまの版では実行できません" in job.error) == (Job.State.FAILED, True)


# --- Claims --------------------------------------------------------------------------------------------------------
def test_a_job_is_run_once_however_often_it_is_delivered(work, make_job):
    job = make_job()
    assert [run(job.pk) for _ in range(3)] == [True, False, False]
    assert len(work) == 1


def test_of_two_that_saw_the_same_queued_row_one_wins(work, make_job, monkeypatch):
    job = make_job()
    first = Job.objects.filter
    rivals: list[Job | None] = []

    def a_rival_comes_between(*args, **kwargs):
        if "runs" in kwargs and not rivals:  # the conditional UPDATE, after the row was read
            rivals.append(None)
            rivals[0] = claim(job.pk)
        return first(*args, **kwargs)

    monkeypatch.setattr(Job.objects, "filter", a_rival_comes_between)
    assert claim(job.pk) is None
    assert rivals[0] is not None
    job.refresh_from_db()
    assert (job.state, job.runs) == (Job.State.RUNNING, 1)


@pytest.mark.parametrize("state", [Job.State.RUNNING, *Job.ENDED])
def test_only_a_queued_job_can_be_claimed(state, make_job):
    assert claim(make_job(state).pk) is None


def test_a_job_that_is_gone_is_nothing_to_run(db):
    assert not run(12345)


def test_a_run_that_was_given_up_cannot_end_or_move_the_one_that_followed(work, make_job, finish_jobs):
    from jobs.dispatch import retry
    from jobs.progress import Progress

    job = make_job()
    slow = claim(job.pk)
    Job.objects.filter(pk=job.pk).update(state=Job.State.INTERRUPTED, finished_at=timezone.now())
    retry(job)
    second = claim(job.pk)
    assert second.runs == slow.runs

    Progress(slow).report(90, "古い実行")
    running._end(slow, Job.State.FAILED, error="古い実行")
    job.refresh_from_db()
    assert (job.state, job.step, job.error) == (Job.State.RUNNING, "", "")


# --- Twins ---------------------------------------------------------------------------------------------------------
def test_one_run_stands_for_the_twins_queued_when_it_begins(work, make_job):
    job, twin, other = (make_job(kind="merging_work", arguments={"kpi_id": n, "deep": [n]}) for n in (1, 1, 2))
    run(job.pk)
    twin.refresh_from_db()
    other.refresh_from_db()
    assert (twin.state, twin.step) == (Job.State.MERGED, f"処理{job.pk}にまとめました")
    assert other.state == Job.State.QUEUED
    assert not run(twin.pk)
    assert work == [{"kpi_id": 1, "deep": [1]}]


def test_what_is_asked_for_while_it_runs_is_run_afterwards(make_kind, make_job):
    later: list[Job] = []
    kind = make_kind(lambda progress: later.append(make_job(kind="made_up")), merge=True)
    run(make_job(kind=kind).pk)
    assert Job.objects.get(pk=later[0].pk).state == Job.State.QUEUED


def test_kinds_that_do_not_merge_leave_their_twins(work, make_job):
    job, twin = make_job(), make_job()
    run(job.pk)
    twin.refresh_from_db()
    assert twin.state == Job.State.QUEUED


# --- Trouble beneath ---------------------------------------------------------------------------------------------
def test_repeatable_work_that_met_a_database_away_waits_for_its_next_turn(make_kind, make_job):
    job = make_job(kind=make_kind(raising(OperationalError("server closed the connection")), repeatable=True))
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.runs, job.lease) == (Job.State.QUEUED, 1, "")


def test_it_fails_in_words_when_it_met_trouble_three_times(make_kind, make_job):
    job = make_job(kind=make_kind(raising(OperationalError("server closed the connection")), repeatable=True))
    for _ in range(MAX_RUNS):
        run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.runs) == (Job.State.FAILED, MAX_RUNS)


@pytest.mark.django_db(transaction=True)
def test_how_it_ended_is_written_when_the_database_is_back(work, make_job, monkeypatch):
    ends: list[float] = []
    update = JobQuerySet.update

    def away_twice(self, **values):
        if values.get("state") == Job.State.DONE:
            ends.append(1)
            if len(ends) < 3:
                raise OperationalError("the database system is starting up")
        return update(self, **values)

    monkeypatch.setattr(JobQuerySet, "update", away_twice)
    job = make_job()
    assert run(job.pk)
    job.refresh_from_db()
    assert (job.state, len(ends)) == (Job.State.DONE, 3)


def test_a_fault_of_the_code_is_not_tried_again_by_itself(make_kind, make_job):
    job = make_job(kind=make_kind(raising(KeyError("x")), repeatable=True))
    run(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED


def test_a_clock_that_steps_back_while_a_job_runs_stops_neither_it_nor_its_progress(make_kind, make_job, time_machine):
    def work(progress) -> dict[str, int]:
        time_machine.move_to(timezone.now() - timedelta(hours=2))
        progress.report(50, "半分です")
        seen.append(Job.objects.values_list("percent", "state").get(pk=progress.job.pk))
        return {"n": 1}

    seen: list[tuple[int, str]] = []
    job = make_job(kind=make_kind(work))
    time_machine.move_to(timezone.now())
    run(job.pk)
    job.refresh_from_db()
    assert seen == [(50, Job.State.RUNNING)]
    assert (job.state, job.result) == (Job.State.DONE, {"n": 1})


def test_only_old_work_that_nobody_asked_for_is_forgotten(make_job, editor):
    old = timezone.now() - timedelta(days=31)
    gone = make_job(Job.State.MERGED, started_at=None, heartbeat_at=None, finished_at=old)
    kept = [
        make_job(Job.State.DONE, finished_at=old, started_at=None, heartbeat_at=None, owner=editor),
        make_job(Job.State.FAILED, finished_at=old, started_at=None, heartbeat_at=None),
        make_job(Job.State.DONE),
    ]
    assert running.forget_merged() == 1
    assert set(Job.objects.all()) == set(kept)
    assert not Job.objects.filter(pk=gone.pk).exists()
