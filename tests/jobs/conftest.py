"""Kinds of work made up for the tests, and a way to put a job into any state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone

from jobs import registry
from jobs.models import Job


@pytest.fixture
def work(db, monkeypatch) -> Iterator[list[dict[str, Any]]]:
    """What the kinds `work` and `merging_work` were called with. Both are known during the test alone."""
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))
    calls: list[dict[str, Any]] = []

    def note(progress, **arguments: Any) -> dict[str, Any]:
        calls.append(arguments)
        return {"calls": len(calls)}

    registry.handles("work", title="試しの処理")(note)
    registry.handles("repeatable_work", title="くり返せる処理", repeatable=True)(note)
    registry.handles("merging_work", title="まとめる処理", merge=True)(note)
    return calls


@pytest.fixture
def make_kind(db, monkeypatch) -> Callable[[Callable[..., Any]], str]:
    """Registers a function as the work of the kind it returns."""
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))

    def make(function: Callable[..., Any], *, merge: bool = False, repeatable: bool = False) -> str:
        registry.handles("made_up", title="試しの処理", merge=merge, repeatable=repeatable)(function)
        return "made_up"

    return make


@pytest.fixture
def make_job(db) -> Callable[..., Job]:
    """A row in a state, with the times that state needs."""

    def make(state: str = Job.State.QUEUED, **fields: Any) -> Job:
        now = timezone.now()
        if state != Job.State.QUEUED:
            fields = {"started_at": now, "heartbeat_at": now, "runs": 1} | fields
        if state in Job.ENDED:
            fields = {"finished_at": now} | fields
        return Job.objects.create(**{"kind": "work", "state": state} | fields)

    return make
