"""The sweep: at an interval one process finds what died and begins it again, and asks every watch what it sees.

Each web process and each worker has a thread that wakes up at the interval. Whose turn it is needs no clock: a process
takes the turn only when nobody has taken one since it last woke up, by one conditional UPDATE.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from dataclasses import asdict

from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from jobs import running
from jobs.dispatch import send_again
from jobs.fallen import pick_up_fallen, unsent
from jobs.models import Job, Sweep
from jobs.processes import own_name
from jobs.registry import Finding, Watch, all_watches
from jobs.trouble import Trouble, trouble_of

log = logging.getLogger(__name__)

#: Turns in an interval. What died on another machine is known after two looks: within one interval and a bit.
TURNS = 2


def pick_up() -> int:
    """Begins again what died and can be begun again. Safe in many processes at once. Returns how many were sent."""
    fallen = pick_up_fallen()
    return send_again(dict.fromkeys([*fallen, *unsent()]))


def sweep() -> list[Finding]:
    """One whole sweep. Returns what people should know."""
    Job.objects.look()
    pick_up()
    findings = [finding for watch in all_watches() for finding in _asked(watch)]
    running.forget_merged()
    return findings


def sweep_in_turn(seen: int | None) -> int:
    """Takes the turn when nobody has taken one since `seen`; a process that just began only picks up. Returns the turn.

    There are two turns in an interval: each looks for what died, every other one sweeps in full.
    """
    turn = Sweep.row().turn
    if turn != seen:
        pick_up()
        return turn
    if not Sweep.take(turn, process=own_name()):
        return Sweep.row().turn
    if turn % 2:
        Job.objects.look()
        pick_up()
        return turn + 1
    findings = sweep()
    Sweep.objects.filter(pk=1).update(swept_at=timezone.now(), findings=[asdict(each) for each in findings])
    return turn + 1


def _asked(watch: Watch) -> list[Finding]:
    try:
        return list(watch())
    except Exception as error:
        if trouble_of(error):
            raise
        log.exception("a watch failed: %s", watch)
        return []


class Sweeper:
    """The thread of one process."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.pid = os.getpid()
        self.trouble: Trouble | None = None
        self.woke_at = time.monotonic()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._live, name="sweeper", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()

    @property
    def is_late(self) -> bool:
        """It has not come round for several intervals: stuck, or dead."""
        return time.monotonic() - self.woke_at > 5 * self.seconds + 30

    def _live(self) -> None:
        seen: int | None = None
        while not self._stop.is_set():
            try:
                seen = sweep_in_turn(seen)
                self.trouble = None
            except Exception as error:
                self.trouble = trouble_of(error)
                if self.trouble:
                    log.warning("the sweep waits: %s", error)
                else:
                    log.exception("the sweep failed")
            finally:
                self._leave()
                self.woke_at = time.monotonic()
            self._stop.wait(self.seconds / TURNS)
        connections.close_all()

    def _leave(self) -> None:
        """Gives the connection back, but for SQLite: while one is open, its shared memory is there and pages can be read
        on a full disk, where it could not be made anew."""
        if connection.vendor != "sqlite":
            connections.close_all()


#: The sweeper of this process, once it was started.
_sweeper: Sweeper | None = None
_lock = threading.Lock()


def start() -> None:
    """Starts the thread of this process; called again it does nothing, unless it finds itself in a forked child.

    JOBS_SWEEP_SECONDS=0 starts none.
    """
    global _sweeper
    if not settings.JOBS_SWEEP_SECONDS:
        return
    with _lock:
        if _sweeper is None or _sweeper.pid != os.getpid():
            _sweeper = Sweeper(float(settings.JOBS_SWEEP_SECONDS))
            _sweeper.start()


def stop() -> None:
    """Ends the thread of this process at its next waking."""
    global _sweeper
    if _sweeper is not None:
        _sweeper.stop()
        _sweeper = None


def here() -> Sweeper | None:
    """The sweeper of this process; None where there is none."""
    return _sweeper
