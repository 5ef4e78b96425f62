"""The WSGI application that gunicorn serves."""

import os
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reform.settings")

_pages = get_wsgi_application()

from jobs import sweeping  # noqa: E402  needs the applications loaded

sweeping.start()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Serves a request; in a process forked after loading (gunicorn --preload) the first one starts the sweep."""
    sweeping.start()
    return _pages(environ, start_response)
