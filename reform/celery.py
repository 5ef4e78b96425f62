"""The Celery application: `celery -A reform worker`, `celery -A reform beat`."""

import os
from typing import Any

from celery import Celery, bootsteps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reform.settings")


class Sweeping(bootsteps.StartStopStep):
    """A worker's main process sweeps too: where every web process is busy or gone, what died is found all the same."""

    requires = ("celery.worker.components:Pool",)  # its children are forked first

    def start(self, parent: Any) -> None:
        from jobs import sweeping

        sweeping.start()

    def stop(self, parent: Any) -> None:
        from jobs import sweeping

        sweeping.stop()


app = Celery("reform")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["jobs"])
app.steps["worker"].add(Sweeping)
