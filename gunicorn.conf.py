"""How gunicorn serves the application; it reads this file by itself when it is started in this folder.

It is meant to stand behind the proxy of deploy/nginx: a slow sender holds one of its few threads, and nginx hands over
only what has arrived whole. By default nobody else can reach it.
"""

import os
from pathlib import Path
from typing import Any

from gunicorn.workers import gthread

from reform import env

env.load_dotenv(Path(__file__).resolve().parent / ".env")

wsgi_app = "reform.wsgi"
bind = env.words("BIND", ["127.0.0.1:8000"])
worker_class = "gthread"
# One process while REDIS_URL is not set: background work and the cache live in it.
has_redis = bool(env.text("REDIS_URL"))
workers = env.number("WEB_PROCESSES", 2 if has_redis else 1)
threads = env.number("WEB_THREADS", 12)
worker_connections = 500
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108  a heartbeat file, not data

# Seconds. The proxy keeps its connections open a little shorter.
timeout = 60
graceful_timeout = 30
keepalive = 75

limit_request_line = 8190
limit_request_fields = 64
limit_request_field_size = 8190
# Memory that a library lost comes back. Not without Redis: a job may be under way in this process.
max_requests = 5_000 if has_redis else 0
max_requests_jitter = 500

accesslog = "-"
umask = 0o077

#: Seconds for which a thread waits for the first byte of a new connection, and for the rest of a refused body.
gthread.DEFAULT_WORKER_DATA_TIMEOUT = 0.5
#: Seconds for which a thread waits for the next piece of a body, or for somebody to take an answer.
NEXT_PIECE_WITHIN = 20


def pre_request(worker: Any, request: Any) -> None:
    """A sender who stops in the middle of a body gives the thread back."""
    if connection := getattr(request.unreader, "sock", None):
        connection.settimeout(NEXT_PIECE_WITHIN)
