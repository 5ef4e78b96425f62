"""What died is found without a clock: by the operating system on this machine, by beats on any other."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from jobs import fallen, registry, running, sweeping
from jobs.dispatch import wait_for_thread
from jobs.models import MAX_RUNS, Job, Sweep
from jobs.processes import Fate, fate_of, own_name
from jobs.registry import Finding
from jobs.running import claim, run

ELSEWHERE = "other-host:boot.1:77:1000"


@pytest.fixture(autouse=True)
def by_day(monkeypatch) -> None:
    """The tests may run at night: the sweep would ask for the night's work as well."""
    monkeypatch.setattr("jobs.nightly.HOURS", range(0))


@pytest.fixture
def dead() -> str:
    """The name of a process of this machine that has ended."""
    code = "from jobs.processes import own_name; print(own_name())"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def sent(monkeypatch) -> list[int]:
    """The jobs that were sent, and not run."""
    ids: list[int] = []
    monkeypatch.setattr("jobs.dispatch._send", ids.append)
    return ids


def state_of(job: Job) -> tuple[str, int]:
    return Job.objects.values_list("state", "runs").get(pk=job.pk)


# --- Processes -----------------------------------------------------------------------------------------------------
def test_the_operating_system_tells_the_living_from_the_dead(dead):
    assert fate_of(own_name()) is Fate.ALIVE
    assert fate_of(dead) is Fate.DEAD


def test_a_later_process_with_the_same_number_is_another_one():
    host, machine, pid, start = own_name().split(":")
    assert fate_of(f"{host}:{machine}:{pid}:{int(start) - 1}") is Fate.DEAD


def test_a_killed_child_that_nobody_has_buried_yet_is_dead():
    code = "from jobs.processes import own_name; print(own_name(), flush=True); input()"
    child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    name = child.stdout.readline().strip()
    assert fate_of(name) is Fate.ALIVE
    child.kill()
    while fate_of(name) is Fate.ALIVE:
        pass
    assert fate_of(name) is Fate.DEAD
    child.communicate()


@pytest.mark.parametrize("name", [ELSEWHERE, "host:12", "", "a:b:c:d"])
def test_of_another_machines_processes_nothing_is_known(name):
    assert fate_of(name) is Fate.UNKNOWN


# --- What fell -----------------------------------------------------------------------------------------------------
def test_repeatable_work_of_a_dead_process_begins_again_at_once(work, make_job, dead, sent):
    job = make_job(Job.State.RUNNING, kind="repeatable_work", process=dead, lease="a")
    assert sweeping.pick_up() == 1
    assert sent == [job.pk]
    assert run(job.pk)
    assert state_of(job) == (Job.State.DONE, 2)


def test_other_work_of_a_dead_process_waits_for_a_person(work, make_job, dead, sent):
    job = make_job(Job.State.RUNNING, process=dead, lease="a")
    sweeping.pick_up()
    job.refresh_from_db()
    assert (sent, job.state) == ([], Job.State.INTERRUPTED)
    assert "もう一度実行" in job.error


def test_work_that_killed_its_process_three_times_is_not_tried_again(work, make_job, dead, sent):
    job = make_job(Job.State.RUNNING, kind="repeatable_work", process=dead, lease="a", runs=MAX_RUNS)
    sweeping.pick_up()
    job.refresh_from_db()
    assert (sent, job.state) == ([], Job.State.INTERRUPTED)
    assert "3回止まりました" in job.error


def test_another_machines_job_has_fallen_when_it_gave_no_beat_between_two_looks(work, make_job, sent):
    silent = make_job(Job.State.RUNNING, kind="repeatable_work", process=ELSEWHERE, lease="a")
    speaking = make_job(Job.State.RUNNING, kind="repeatable_work", process=ELSEWHERE, lease="b")
    sweeping.sweep()
    Job.objects.filter(pk=speaking.pk).update(beats=2)
    assert sent == []
    sweeping.sweep()
    assert sent == [silent.pk]
    assert state_of(speaking) == (Job.State.RUNNING, 1)


@pytest.mark.parametrize("hours", [-30, 30])
def test_a_clock_that_is_wrong_by_hours_changes_nothing_of_that(work, make_job, sent, hours):
    wrong = timezone.now() + timedelta(hours=hours)
    job = make_job(
        Job.State.RUNNING, kind="repeatable_work", process=ELSEWHERE, lease="a", started_at=wrong, heartbeat_at=wrong
    )
    sweeping.sweep()
    Job.objects.filter(pk=job.pk).update(beats=2)
    sweeping.sweep()
    assert (sent, state_of(job)[0]) == ([], Job.State.RUNNING)
    sweeping.sweep()
    assert sent == [job.pk]


def test_a_run_of_this_very_process_that_ended_without_a_word_has_fallen(work, make_job, sent):
    job = claim(make_job(kind="repeatable_work").pk, "lost")
    assert fallen.has_fallen(job)
    running._held.add("lost")
    try:
        assert not fallen.has_fallen(job)
    finally:
        running._held.discard("lost")


def test_a_living_process_of_this_machine_is_given_time(make_job):
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        host, machine, *_ = own_name().split(":")
        from jobs.processes import _start_of

        job = make_job(Job.State.RUNNING, process=f"{host}:{machine}:{other.pid}:{_start_of(other.pid)}", missed=2)
        assert not fallen.has_fallen(job)
        job.missed = fallen.LOOKS_OF_THE_LIVING
        assert fallen.has_fallen(job)


def test_what_a_dead_process_kept_in_its_memory_is_sent_at_once(make_job, dead, sent):
    lost, elsewhere, own = make_job(process=dead), make_job(process=ELSEWHERE), make_job(process=own_name())
    assert sweeping.pick_up() == 1
    assert sent == [lost.pk]
    assert {elsewhere.pk, own.pk}.isdisjoint(sent)


def test_a_message_that_comes_twice_begins_dead_work_again_and_leaves_living_work_alone(work, make_job, dead):
    fell = make_job(Job.State.RUNNING, kind="repeatable_work", process=dead, lease="a")
    lives = make_job(Job.State.RUNNING, kind="repeatable_work", process=ELSEWHERE, lease="b")
    for job in (fell, lives):
        fallen.requeue_redelivered(job.pk)
    assert [state_of(job)[0] for job in (fell, lives)] == [Job.State.QUEUED, Job.State.RUNNING]


def test_a_run_that_was_given_up_neither_ends_nor_beats_for_the_next(work, make_job, dead, sent):
    slow = claim(make_job(kind="repeatable_work").pk, "first")
    Job.objects.filter(pk=slow.pk).update(process=dead)
    sweeping.pick_up()
    second = claim(slow.pk, "second")
    running._end(slow, Job.State.FAILED, error="古い実行")
    second.refresh_from_db()
    assert (second.state, second.error, second.lease) == (Job.State.RUNNING, "", "second")


@pytest.mark.django_db(transaction=True)
def test_a_long_step_that_reports_nothing_beats_all_the_same(settings, make_kind, make_job):
    settings.JOBS_SWEEP_SECONDS = 1
    enough = threading.Event()

    def work(progress) -> None:
        began = Job.objects.values_list("beats", flat=True).get(pk=progress.job.pk)
        for _ in range(100):
            if Job.objects.values_list("beats", flat=True).get(pk=progress.job.pk) > began + 1:
                enough.set()
                return
            enough.wait(0.1)

    run(make_job(kind=make_kind(work)).pk)
    assert enough.is_set()


# --- Turns ---------------------------------------------------------------------------------------------------------
def test_of_several_processes_one_sweeps(work, monkeypatch):
    swept: list[int] = []
    monkeypatch.setattr(sweeping, "sweep", lambda: swept.append(1) or [])
    turn = sweeping.sweep_in_turn(None)  # each process only looks round when it begins
    assert [sweeping.sweep_in_turn(None), swept] == [turn, []]
    first = sweeping.sweep_in_turn(turn)
    second = sweeping.sweep_in_turn(turn)
    assert (first, second, len(swept)) == (turn + 1, turn + 1, 1)


def test_of_two_that_saw_the_same_turn_one_takes_it(db):
    row = Sweep.row()
    assert [Sweep.take(row.turn), Sweep.take(row.turn)] == [True, False]


def test_what_the_watches_say_is_kept_and_one_that_fails_silences_no_other(work, monkeypatch):
    def fail() -> list[Finding]:
        raise KeyError("x")

    monkeypatch.setattr(registry, "_watches", [fail, lambda: [Finding("odd", "変わったことがあります。")]])
    sweeping.sweep_in_turn(sweeping.sweep_in_turn(None))
    row = Sweep.row()
    assert row.findings == [{"code": "odd", "text": "変わったことがあります。", "url": ""}]
    assert row.swept_at is not None


@pytest.mark.django_db(transaction=True)
def test_the_thread_of_a_process_sweeps_by_itself(settings, work, make_job, dead):
    settings.JOBS_SWEEP_SECONDS = 1
    settings.REDIS_URL = ""
    job = make_job(Job.State.RUNNING, kind="repeatable_work", process=dead, lease="a")
    sweeping.start()
    thread = sweeping.here()._thread
    try:
        for _ in range(200):
            if state_of(job)[0] == Job.State.DONE and Sweep.row().swept_at:
                break
            threading.Event().wait(0.05)
    finally:
        sweeping.stop()
        thread.join(30)
        wait_for_thread()
    assert state_of(job) == (Job.State.DONE, 2)
    assert Sweep.row().swept_at is not None


def test_the_command_sweeps_once_and_finishes_what_it_found(work, make_job, dead, capsys):
    job = make_job(Job.State.RUNNING, kind="repeatable_work", process=dead, lease="a")
    call_command("sweep_jobs")
    assert state_of(job) == (Job.State.DONE, 2)
    assert "片付いた処理 1件" in capsys.readouterr().out
