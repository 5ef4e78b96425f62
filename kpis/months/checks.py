"""What the checks say of the lines of a grid, gathered once for all of them."""

from __future__ import annotations

from collections.abc import Sequence

from kpis import entries as acts
from kpis.checks import ANSWER, findings_for, needs_answer, stops
from kpis.models import Entry
from kpis.months.line import Line

STOPPED = "入力の決まりに合わない値です。欄の下の説明を読んで、値を直してください。"


def note_findings(lines: Sequence[Line]) -> None:
    """Each line whose entry is with its author gets what the checks say of the value that is stored."""
    told = [(line, line.slot.entry) for line in lines if line.form is not None and line.slot.entry is not None]
    asked = [(line, entry) for line, entry in told if entry.value is not None]
    entries = [entry for _, entry in asked]
    found = findings_for(entries, [acts.statement_of(entry) for entry in entries]) if entries else {}
    for line, entry in asked:
        line.note(found.get(entry, []))


def say_what_stops(line: Line, entry: Entry) -> None:
    """Under the field, where the line cannot be handed in as it stands."""
    if stops(line.findings):
        line.say(STOPPED)
    elif needs_answer(line.findings, acts.statement_of(entry)):
        line.say(ANSWER)
