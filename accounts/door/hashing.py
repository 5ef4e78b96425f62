"""How many passwords are compared at once. One costs half a second of a processor, asked for by anybody who has no account."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings


class Busy(Exception):
    """So many wait for their turn already that another would wait too long."""


class Turns:
    """At most `at_once` hold a turn and `waiting` wait for one, each for `seconds` at most. For the threads of one process."""

    def __init__(self, at_once: int, waiting: int, seconds: float) -> None:
        self.places = at_once + waiting
        self._free = threading.BoundedSemaphore(at_once)
        self._places = threading.BoundedSemaphore(self.places)
        self._seconds = seconds

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Waits for a turn and holds it. Raises Busy."""
        if not self._places.acquire(blocking=False):
            raise Busy
        try:
            if not self._free.acquire(timeout=self._seconds):
                raise Busy
            try:
                yield
            finally:
                self._free.release()
        finally:
            self._places.release()


#: Those who wait hold a thread each (gunicorn.conf.py has twelve): the other half goes on answering.
turns = Turns(at_once=max(1, settings.HASHES_AT_ONCE), waiting=5, seconds=8)
