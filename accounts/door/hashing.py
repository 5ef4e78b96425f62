"""How many passwords are compared or hashed at once. One costs half a second of a processor.

The bound is in the hasher: whoever asks (signing in, the page to change a password, the back office, a list of new people)
waits for the same turns. Where none comes in time, `Busy` becomes a sentence (accounts.door.forms, reform.views.failure).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher


class Busy(Exception):
    """So many wait for their turn already that another would wait too long."""


class Turns:
    """At most `at_once` hold a turn and `waiting` wait for one, each for `seconds` at most. For the threads of one process."""

    def __init__(self, at_once: int, waiting: int, seconds: float) -> None:
        self.places = at_once + waiting
        self._free = threading.BoundedSemaphore(at_once)
        self._places = threading.BoundedSemaphore(self.places)
        self._seconds = seconds
        self._mine = threading.local()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Waits for a turn and holds it. Raises Busy."""
        if not self._places.acquire(blocking=False):
            raise Busy
        try:
            if not self._free.acquire(timeout=self._seconds):
                raise Busy
            self._mine.is_held = True
            try:
                yield
            finally:
                self._mine.is_held = False
                self._free.release()
        finally:
            self._places.release()

    def turn_or_own(self) -> AbstractContextManager[None]:
        """The turn that this thread holds already, else one as above."""
        return nullcontext() if getattr(self._mine, "is_held", False) else self.turn()


#: Those who wait hold a thread each (gunicorn.conf.py has twelve): the other half goes on answering.
turns = Turns(at_once=max(1, settings.HASHES_AT_ONCE), waiting=5, seconds=8)


class BoundedPBKDF2(PBKDF2PasswordHasher):
    """Django's own way to hash, in turns."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        with turns.turn_or_own():
            return super().encode(password, salt, iterations)
