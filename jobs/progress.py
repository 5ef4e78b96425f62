"""How a handler says how far it is."""

from __future__ import annotations

import time

from django.utils import timezone

from jobs.models import Job

#: Seconds between two writes of the row; a person's eye needs no more.
INTERVAL = 0.2


class Progress:
    """Handed to each handler. `report` writes the row, so call it outside long transactions."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._written = 0.0

    def report(self, percent: int, step: str = "") -> None:
        """Says how far the work is (0–100) and what it is doing, in Japanese."""
        moment = time.monotonic()
        is_news = step and step != self.job.step
        if not is_news and moment - self._written < INTERVAL:
            return
        self._written = moment
        self.job.percent = max(0, min(100, percent))
        self.job.step = step or self.job.step
        Job.objects.held_by(self.job).update(percent=self.job.percent, step=self.job.step, heartbeat_at=timezone.now())
