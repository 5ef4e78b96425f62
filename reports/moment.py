"""Everything an edition prints is read at one moment, however many people approve values meanwhile."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction

log = logging.getLogger(__name__)

T = TypeVar("T")

#: How often an act is tried whose moment was overtaken by what others committed.
TRIES = 6


class Overtaken(Exception):
    """Others changed what the act was to write, at each of its tries."""


def at_one_moment(act: Callable[[], T]) -> T:
    """Runs the act in a transaction that sees one state of the database, and returns what it gives.

    PostgreSQL: REPEATABLE READ. A row that somebody else changed after the transaction began cannot be written there
    (40001), nor a number be given that is taken by now (23505): then the act runs again, on the newer state. The act
    must therefore do nothing outside the database. SQLite: a transaction that writes is alone.
    In a transaction that has begun already its isolation counts. Raises Overtaken after TRIES.
    """
    for attempt in range(1, TRIES + 1):
        try:
            with transaction.atomic():
                if connection.vendor == "postgresql" and not connection.savepoint_ids:
                    with connection.cursor() as cursor:
                        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                return act()
        except (OperationalError, IntegrityError) as error:
            if getattr(error.__cause__, "sqlstate", "") not in ("40001", "23505"):
                raise
            log.info("try %s of %s was overtaken: %s", attempt, TRIES, error)
    raise Overtaken
