"""Saves one line of a grid, whichever page it stands on; what went wrong is noted on the line itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.http import QueryDict

from kpis import entries as acts
from kpis.models import Entry
from kpis.months.line import Line
from kpis.values.closed import MonthIsClosed

if TYPE_CHECKING:
    from accounts.access import Access


def save_line(line: Line, data: QueryDict, *, access: Access, department_id: int) -> bool:
    """Stores a right and changed line as a draft; a cleared one is dropped. True when something was stored.

    A line whose author chose the stored version shows what is stored now. A correction emptied on the way to another
    value stays as it was sent: neither an answer nor the end of the correction.
    """
    if line.corrects_nothing_yet:
        line.say(line.blank)
        return False
    if not line.is_news:
        if line.form is not None and line.form.is_valid() and line.form.keeps_theirs:
            line.renew()
        return False
    try:  # each line is a transaction of its own
        _store(line, access, department_id)
    except acts.Conflict as conflict:
        note_conflict(line, conflict, data)
    except MonthIsClosed as closed:
        line.is_closed = True
        line.say(" ".join(closed.messages))
    except ValidationError as error:
        line.say(" ".join(error.messages))
    else:
        line.renew()
        return True
    return False


def _store(line: Line, access: Access, department_id: int) -> None:
    form, slot = line.form, line.slot
    assert form is not None
    seen_version = form.cleaned_data["seen_version"]
    if _is_cleared(line):
        assert slot.entry is not None
        acts.discard(slot.entry, access=access, seen_version=seen_version)
        slot.entry = None
        return
    slot.entry = acts.save_draft(
        acts.Slot(slot.series.pk, slot.period.start, slot.period.span.value),
        form.statement,
        access=access,
        department_id=department_id,
        typed=form.cleaned_data["typed"],
        comment=form.comment_kept,
        change_kind=form.cleaned_data["change_kind"] if f"{line.key}-change_kind" in form.data else None,
        seen_version=seen_version,
        seen_measurement=form.cleaned_data["seen_measurement"],
    )


def _is_cleared(line: Line) -> bool:
    """Nothing is left of a draft: its place is empty again, as if it had never been typed in."""
    form, entry = line.form, line.slot.entry
    assert form is not None
    return entry is not None and entry.state == Entry.State.DRAFT and form.statement.is_blank and not form.comment_kept


def note_conflict(line: Line, conflict: acts.Conflict, data: QueryDict) -> None:
    """Keeps what was typed, beside the newer version it would now replace if its author says so."""
    line.conflict = conflict
    line.slot.entry, line.slot.measurement = conflict.report, conflict.counting
    if line.form is None:
        return
    renewed = data.copy()
    renewed[f"{line.key}-seen_version"] = str(conflict.report.version if conflict.report else 0)
    renewed[f"{line.key}-seen_measurement"] = str(conflict.counting.version if conflict.counting else 0)
    renewed[f"{line.key}-is_conflict"] = "on"
    renewed.pop(f"{line.key}-choice", None)
    line.bind(renewed)
