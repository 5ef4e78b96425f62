"""Two ways in for Celery; what is done stands in jobs.running and jobs.dispatch."""

from typing import Any

from celery import Task, shared_task

from jobs import running
from jobs.dispatch import dispatch, resend_queued


@shared_task(bind=True)
def run_job(self: "Task[Any, Any]", job_id: int) -> None:
    """Runs one job by its id. May be delivered twice without harm."""
    if (self.request.delivery_info or {}).get("redelivered"):
        running.requeue_lost(job_id)
    running.run(job_id)


@shared_task
def sweep_jobs() -> None:
    """Each minute: sends again what a broken connection kept back, ends what died, forgets what is old."""
    running.interrupt_dead()
    resend_queued()
    running.forget_merged()


@shared_task
def begin(kind: str) -> None:
    """Asks for a job of a kind that needs nobody to ask for it: what the scheduler calls each morning."""
    dispatch(kind)
