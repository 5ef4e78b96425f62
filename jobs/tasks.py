"""Two ways in for Celery; what is done stands in jobs.running and jobs.dispatch."""

from typing import Any

from celery import Task, shared_task

from jobs import fallen, running
from jobs.dispatch import dispatch


@shared_task(bind=True)
def run_job(self: "Task[Any, Any]", job_id: int) -> None:
    """Runs one job by its id. May be delivered twice without harm."""
    if (self.request.delivery_info or {}).get("redelivered"):
        fallen.requeue_redelivered(job_id)
    running.run(job_id)


@shared_task
def begin(kind: str) -> None:
    """Asks for a job of a kind that needs nobody to ask for it: what the scheduler calls each morning."""
    dispatch(kind)
