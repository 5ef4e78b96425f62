"""A process that is killed (kill -9) at a named step of its work, once.

    KILL_AT=computing KILL_MARK=/tmp/killed python -m tests.killing approve|export

Runs on the database of the environment, as a web process does: the act commits and hands its job on. A worker takes part
with `--include tests.killing`. The file KILL_MARK is made just before the kill, so that what follows is left alone.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

#: Step → (module, name in it, whether it dies before or after).
OF_AN_APPROVAL = {
    "value recorded, not committed": ("kpis.values.recording", "request_recompute", "before"),
    "committed, not sent": ("jobs.dispatch", "_send", "before"),
    "sent, not begun": ("jobs.running", "claim", "before"),
    "claimed": ("jobs.running", "claim", "after"),
    "computed, not stored": ("kpis.summaries.recompute", "compute", "after"),
    "stored, not noted": ("jobs.running", "_end", "before"),
}
OF_AN_EXPORT = {
    "asked, not sent": ("jobs.dispatch", "_send", "before"),
    "figures collected": ("reports.exporting", "_begun", "after"),
    "typeset": ("reports.rendering", "render", "after"),
    "one file of two stored": ("django.db.models.fields.files:FieldFile", "save", "after"),
    "edition made, not noted": ("jobs.running", "_end", "before"),
}
MONTH, TODAY = date(2025, 4, 1), date(2026, 4, 10)


def install(step: str, mark: Path) -> None:
    """From now on this process, and what it forks, dies at that step, unless the mark is there already."""
    place, name, when = (OF_AN_APPROVAL | OF_AN_EXPORT)[step]
    module, _, inside = place.partition(":")
    owner: Any = importlib.import_module(module)
    owner = getattr(owner, inside) if inside else owner
    original: Callable[..., Any] = getattr(owner, name)

    def deadly(*args: Any, **kwargs: Any) -> Any:
        result = original(*args, **kwargs) if when == "after" else None
        if not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return result if when == "after" else original(*args, **kwargs)

    setattr(owner, name, deadly)


def begin() -> None:
    """A figure with an editor, a chief and an entry that waits for approval; a report of one page."""
    from accounts.access import Access
    from accounts.models import User
    from benchmarks.save_to_summary import make_editor
    from kpis.entries import save_draft, submit
    from kpis.values.statement import Slot, Statement
    from reports.models import Report, Section

    series_id, department_id, editor_id, _ = make_editor(0)
    editor = Access(User.objects.get(pk=editor_id), TODAY)
    said = Statement(value=Decimal(120), is_confirmed=True)
    submit(save_draft(Slot(series_id, MONTH), said, access=editor, department_id=department_id), access=editor)
    report = Report.objects.create(
        volume=1,
        title="改革だより",
        first_fiscal_year=2024,
        last_fiscal_year=2024,
        as_of=date(2025, 5, 31),
        issuer="見本市",
        contact="企画課",
    )
    Section.objects.create(report=report, order=1, kind="cover", title="表紙", options={"slogan": "変える"})


def approve() -> None:
    """The chief's click."""
    from accounts.access import Access
    from accounts.models import Assignment, User
    from kpis.entries import approve as approved
    from kpis.models import Entry

    chief = User.objects.get(assignments__role=Assignment.Role.APPROVER)
    approved(Entry.objects.get(), access=Access(chief, TODAY))


def export() -> None:
    """The reform office's click."""
    from django.db import transaction
    from django.utils import timezone

    from jobs.dispatch import dispatch
    from reports.exporting import KIND
    from reports.models import Report

    report = Report.objects.get()
    asked = {"report_id": report.pk, "asked_at": timezone.now().isoformat(), "author_id": None, "post": "試験"}
    with transaction.atomic():
        dispatch(KIND, subject=str(report), arguments=asked)


def _install_from_environment() -> None:
    step, mark = os.environ.get("KILL_AT"), os.environ.get("KILL_MARK")
    if step and mark:
        install(step, Path(mark))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reform.settings")
    import django

    django.setup()
    _install_from_environment()
    {"begin": begin, "approve": approve, "export": export}[sys.argv[1]]()
elif "celery" in sys.argv[0]:  # a worker that includes this module
    _install_from_environment()
