"""What died on the way: a run whose process is gone, a message that never arrived."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone

from jobs.models import MAX_RUNS, Job
from jobs.processes import Fate, fate_of, own_name
from jobs.registry import Finding, is_repeatable, watches
from jobs.running import is_held_here

#: A live process of this machine may be unable to say that its job lives (a long transaction on SQLite): patience.
LOOKS_OF_THE_LIVING = 8
#: In a busy hour the last of many jobs may wait for a few minutes.
LOOKS_OF_THE_WAITING = 10


def has_fallen(job: Job) -> bool:
    """Whether nobody works on a running job any more."""
    match fate_of(job.process):
        case Fate.DEAD:
            return True
        case Fate.ALIVE if job.process == own_name():
            return not is_held_here(job)
        case Fate.ALIVE:
            return job.missed >= LOOKS_OF_THE_LIVING
        case _:
            return job.missed >= 1


def give_up(job: Job) -> bool:
    """Takes the row from a run that has fallen. True when the job is queued again, False when a person has to decide."""
    held = Job.objects.held_by(job)
    if is_repeatable(job.kind) and job.runs < MAX_RUNS:
        return bool(held.queue_again())
    held.update(
        state=Job.State.INTERRUPTED,
        finished_at=timezone.now(),
        error=(
            "実行中に3回止まりました。管理者に連絡してください。"
            if job.runs >= MAX_RUNS
            else "サーバーの停止などのため、処理が途中で止まりました。「もう一度実行」を押してください。"
        ),
    )
    return False


def pick_up_fallen() -> list[int]:
    """Gives up every run that has fallen; returns the jobs that are queued again."""
    return [job.pk for job in Job.objects.running() if has_fallen(job) and give_up(job)]


def requeue_redelivered(job_id: int) -> None:
    """A message came a second time: its first run has fallen, or only the connection to the broker had.

    What cannot be told apart (another machine's process) is left to the sweep.
    """
    job = Job.objects.running().filter(pk=job_id).first()
    if job is not None and has_fallen(job):
        give_up(job)


@watches
def tell_what_does_not_begin() -> Iterable[Finding]:
    """Work that waits although it was sent again and again: no worker runs, or Redis is away."""
    count = Job.objects.queued().unmoved(LOOKS_OF_THE_WAITING).count()
    if count:
        yield Finding(
            "jobs-do-not-begin",
            f"{count}件の処理が、始まらないまま待っています。続くときは、システムの管理者に連絡してください。",
            reverse("jobs:list"),
        )


def unsent() -> list[int]:
    """Queued jobs whose message was lost: whoever kept it in memory is gone, or nobody took it since the last look."""
    queued = Job.objects.queued().order_by("pk").only("pk", "process", "missed")[:500]
    return [job.pk for job in queued if job.missed >= 1 or (job.process and fate_of(job.process) is Fate.DEAD)]
