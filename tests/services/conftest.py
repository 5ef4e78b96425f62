"""Tests on real servers: PostgreSQL, Redis and a Celery worker process.

`python -m tests.servers pytest tests/services` starts the servers; the fixture `worker` starts the worker.
"""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker("services")


@pytest.fixture(autouse=True)
def _files_in_a_temporary_folder(settings, media) -> None:
    settings.MEDIA_ROOT = media  # the one the worker writes to
