"""Where background work goes: to this process's thread, to a worker, or to whoever must be finished before it ends."""

from __future__ import annotations

import threading

import pytest
from django.db import transaction
from kombu.exceptions import OperationalError

from jobs import broker as brokering
from jobs import dispatch as dispatching
from jobs.dispatch import dispatch, finish_work_here, retry, wait_for_thread
from jobs.models import Job
from jobs.sweeping import sweep


def state_of(job: Job) -> str:
    return Job.objects.values_list("state", flat=True).get(pk=job.pk)


@pytest.fixture
def broker(settings, monkeypatch) -> list[int]:
    """The ids that were sent to the broker."""
    settings.REDIS_URL = "redis://broker.invalid/0"
    sent: list[int] = []
    monkeypatch.setattr(brokering, "_send", sent.append)
    monkeypatch.setattr(brokering, "_spared_until", 0.0)
    return sent


@pytest.fixture
def silent_broker(settings, monkeypatch) -> list[int]:
    """A broker that does not answer; the ids with which it was tried."""
    settings.REDIS_URL = "redis://broker.invalid/0"
    tried: list[int] = []

    def fail(job_id: int) -> None:
        tried.append(job_id)
        raise OperationalError("no answer")

    monkeypatch.setattr(brokering, "_send", fail)
    monkeypatch.setattr(brokering, "_spared_until", 0.0)
    return tried


# --- Sent on commit ------------------------------------------------------------------------------------------------
def test_a_job_is_sent_when_its_transaction_commits(broker, work, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = dispatch("work", subject="vol.5", arguments={"n": 1})
        assert broker == []
    assert broker == [job.pk]
    assert (job.state, job.subject, job.arguments) == (Job.State.QUEUED, "vol.5", {"n": 1})


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_transaction_that_fails_was_never_asked_for(broker, work):
    @transaction.atomic
    def fail() -> None:
        dispatch("work")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert broker == []
    assert not Job.objects.exists()


# --- Finished here -------------------------------------------------------------------------------------------------
def test_a_command_has_finished_its_work_when_it_returns(broker, work, django_capture_on_commit_callbacks):
    with finish_work_here(), django_capture_on_commit_callbacks(execute=True):
        job = dispatch("work", arguments={"n": 1})
    assert state_of(job) == Job.State.DONE
    assert work == [{"n": 1}]
    assert broker == []


def test_work_that_asks_for_more_work_is_finished_too(make_kind, django_capture_on_commit_callbacks):
    def begin(progress, rest: int) -> None:
        if rest:
            dispatching._send(dispatch(progress.job.kind, arguments={"rest": rest - 1}).pk)

    kind = make_kind(begin)
    with finish_work_here(), django_capture_on_commit_callbacks(execute=True):
        dispatch(kind, arguments={"rest": 2})
    assert list(Job.objects.values_list("state", flat=True)) == [Job.State.DONE] * 3


def test_work_committed_before_an_error_is_sent_the_usual_way(broker, work, django_capture_on_commit_callbacks):
    def fail() -> None:
        with finish_work_here():
            with django_capture_on_commit_callbacks(execute=True):
                dispatch("work")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert broker == list(Job.objects.values_list("pk", flat=True))
    assert work == []


# --- The thread of this process ------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_without_redis_another_thread_runs_it_and_ends(settings, make_kind):
    settings.REDIS_URL = ""
    threads: list[str] = []
    kind = make_kind(lambda progress: threads.append(threading.current_thread().name))
    jobs = [dispatch(kind), dispatch(kind)]
    wait_for_thread()
    assert [state_of(job) for job in jobs] == [Job.State.DONE, Job.State.DONE]
    assert threads == ["jobs", "jobs"]
    assert "jobs" not in {thread.name for thread in threading.enumerate()}


@pytest.mark.django_db(transaction=True)
def test_work_that_fails_does_not_stop_the_thread(settings, make_kind):
    settings.REDIS_URL = ""

    def divide(progress, by: int) -> dict[str, float]:
        return {"result": 6 / by}

    kind = make_kind(divide)
    jobs = [dispatch(kind, arguments={"by": by}) for by in (0, 3)]
    wait_for_thread()
    assert [state_of(job) for job in jobs] == [Job.State.FAILED, Job.State.DONE]


# --- A broker that is down -----------------------------------------------------------------------------------------
def test_a_click_does_not_fail_when_the_broker_is_down(silent_broker, work, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = dispatch("work")
    assert state_of(job) == Job.State.QUEUED


def test_many_jobs_of_one_click_do_not_wait_for_a_broker_one_after_the_other(
    silent_broker, work, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        jobs = [dispatch("work", arguments={"n": n}) for n in range(12)]
    assert set(silent_broker) == {jobs[0].pk}


def test_what_was_kept_back_is_sent_at_the_second_look_and_what_is_fresh_is_not(broker, make_job):
    lost = make_job()
    sweep()
    assert broker == []
    fresh = make_job()
    sweep()
    assert broker == [lost.pk]
    assert state_of(fresh) == Job.State.QUEUED


def test_the_sweep_sends_nothing_that_was_taken(broker, work, make_job):
    for state in [Job.State.RUNNING, *Job.ENDED]:
        make_job(state)
    sweep()
    sweep()
    assert broker == []


def test_what_waits_in_the_memory_of_this_process_is_not_handed_to_it_again(settings, make_job, monkeypatch):
    settings.REDIS_URL = ""
    job = make_job()
    monkeypatch.setattr(dispatching, "_handed", {job.pk})
    assert dispatching.send_again([job.pk]) == 0


# --- Again ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", [Job.State.FAILED, Job.State.INTERRUPTED])
def test_what_ended_badly_can_be_run_again_with_fresh_runs(state, work, make_job, finish_jobs):
    job = make_job(state, runs=3, percent=40, step="途中", error="止まりました。")
    with finish_jobs():
        assert retry(job)
    job.refresh_from_db()
    assert (job.state, job.runs, job.percent, job.error) == (Job.State.DONE, 1, 100, "")


@pytest.mark.parametrize("state", [Job.State.QUEUED, Job.State.RUNNING, Job.State.DONE, Job.State.MERGED])
def test_nothing_else_is_run_again(state, broker, make_job, django_capture_on_commit_callbacks):
    job = make_job(state)
    with django_capture_on_commit_callbacks(execute=True):
        assert not retry(job)
    assert state_of(job) == state
    assert broker == []
