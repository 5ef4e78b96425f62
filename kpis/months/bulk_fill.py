"""Many lines of a month filled at once by one press, as drafts; and the same taken back right after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from approvals.procedure import where_possible
from japan.missing import MissingReason
from japan.numbers import write_number
from kpis import entries as acts
from kpis.models import Entry, Kpi
from kpis.values.closed import hold_series

if TYPE_CHECKING:
    from accounts.access import Access
    from kpis.months.line import Line
    from kpis.months.month import MonthForm


def untouched(form: MonthForm) -> list[Line]:
    """The lines nobody has said anything about yet."""
    return [line for line in form.lines if line.form and not line.is_broken and not line.slot.state]


def unchangeable(form: MonthForm) -> list[Line]:
    """The untouched stocks whose value of the period before is known."""
    return [
        line
        for line in untouched(form)
        if line.slot.kpi.kind == Kpi.Kind.STOCK and line.slot.previous and line.slot.previous.value is not None
    ]


def fill_unchanged(form: MonthForm) -> list[Entry]:
    """前月と変更なし: the untouched stocks stay as they were the period before. Inside the caller's transaction.

    Raises ValidationError (closed month).
    """
    filled, lines = [], unchangeable(form)
    hold_series(line.slot.series.pk for line in lines)
    for line in lines:
        previous = line.slot.previous
        assert previous is not None
        assert previous.value is not None
        statement = acts.Statement(value=previous.value)
        filled.append(_fill(form, line, statement, write_number(previous.value, line.slot.kpi.decimals)))
    return filled


def fill_not_applicable(form: MonthForm) -> list[Entry]:
    """該当なし for every untouched line. Inside the caller's transaction. Raises ValidationError (closed month)."""
    reason, lines = MissingReason.NOT_APPLICABLE, untouched(form)
    hold_series(line.slot.series.pk for line in lines)
    return [_fill(form, line, acts.Statement(missing_reason=reason.value), "") for line in lines]


def _fill(form: MonthForm, line: Line, statement: acts.Statement, typed: str) -> Entry:
    slot = line.slot
    return acts.save_draft(
        acts.Slot(slot.series.pk, slot.period.start, slot.period.span.value),
        statement,
        access=form.access,
        department_id=form.department.pk,
        typed=typed,
        seen_version=0,
        seen_measurement=slot.measurement.version if slot.measurement else 0,
    )


def take_back(seen: Mapping[int, int], *, access: Access) -> int:
    """Drops filled drafts (`seen`: id → version) that nobody has changed since. Returns how many."""
    drafts = {entry: seen[entry.pk] for entry in Entry.objects.filter(pk__in=seen, state=Entry.State.DRAFT)}
    return len(where_possible(acts.ENTRIES.discard_all, drafts, access=access))
