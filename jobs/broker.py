"""Hands the number of a job to the broker, without ever making the person who clicked wait for a Redis that hangs."""

from __future__ import annotations

import logging
import time

from celery import current_app
from kombu import pools
from kombu.connection import Connection

from jobs.trouble import Trouble, trouble_of

log = logging.getLogger(__name__)

#: Seconds in which the broker must answer; it is on the same network.
PATIENCE = 1.0
#: Seconds during which a broker that did not answer is left alone: one click may ask for many jobs.
SPARED_FOR = 15.0

_spared_until = 0.0


def publish(job_id: int) -> bool:
    """Sends a job to the workers. False when the broker does not answer: the row stays queued, a sweep sends it again."""
    global _spared_until
    begun = time.monotonic()
    if begun < _spared_until:
        return False
    for attempt in (1, 2):
        try:
            _send(job_id)
            return True
        except Exception as error:
            if trouble_of(error) is not Trouble.REDIS and not isinstance(error, OSError):
                raise
            _forget_connections()
            if attempt == 1 and time.monotonic() - begun < PATIENCE / 4:
                continue  # a connection from before a restart of Redis fails at once: a fresh one may do
            _spared_until = time.monotonic() + SPARED_FOR
            log.warning("job %s stays queued: the broker does not answer (%s)", job_id, error)
            break
    return False


def _send(job_id: int) -> None:
    from jobs.tasks import run_job

    with pools.producers[_connection()].acquire(block=True, timeout=PATIENCE) as producer:
        run_job.apply_async(args=[job_id], producer=producer, retry=False)


def answers() -> bool:
    """Whether the broker answers, for /healthz."""
    try:
        with _connection() as connection:
            connection.default_channel.client.ping()
    except Exception as error:
        if trouble_of(error) is not Trouble.REDIS and not isinstance(error, OSError):
            raise
        return False
    return True


def _connection() -> Connection:
    """With short timeouts of its own: a worker waits longer for its next task than a page may wait."""
    options = dict(current_app.conf.broker_transport_options) | {
        "socket_timeout": PATIENCE,
        "socket_connect_timeout": PATIENCE,
        "max_retries": 0,
    }
    return current_app.connection_for_write(transport_options=options)


def _forget_connections() -> None:
    key = _connection()
    for group in (pools.producers, pools.connections):
        pool = group.pop(key, None)
        if pool is not None:
            pool.force_close_all()
