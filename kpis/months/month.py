"""A department's month as it is filled in: the lines of its sheet, saved one by one, handed in together or singly."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.http import QueryDict

from approvals.conflict import Refused
from approvals.procedure import where_possible
from japan.fiscal import add_months, month_start
from japan.periods import Span
from japan.wareki import date_label, month_label
from kpis import entries as acts
from kpis.entries.sheet import Slot, sheet_of
from kpis.models import Entry, Reopening
from kpis.models.value import Nature
from kpis.months.checks import note_findings, say_what_stops
from kpis.months.forms import SlotForm
from kpis.months.line import EDITABLE, Line
from kpis.months.line_saving import note_conflict, save_line
from kpis.values.closed import locks_of

if TYPE_CHECKING:
    from accounts.access import Access
    from accounts.models import Department


class MonthForm:
    """The lines of a department's month. With `data` the lines whose fields were sent are bound to it."""

    def __init__(
        self,
        department: Department,
        month: date,
        *,
        access: Access,
        data: QueryDict | None = None,
        today: date,
        correcting: str = "",
    ) -> None:
        self.department, self.month, self.access, self.today = department, month, access, today
        self.may_enter = access.may_enter(department.pk)
        self.data = data
        self.saved = 0
        self.lock = locks_of(department.pk, [month], today).get(month)
        self.lines = [self._line(slot, correcting) for slot in sheet_of(department, month)]

    def _line(self, slot: Slot, correcting: str) -> Line:
        if self.data is not None:
            sent = f"s{slot.series.pk}-seen_version" in self.data
            return Line(slot, SlotForm(slot, self.data) if sent else None)
        corrected = slot.state == Entry.State.APPROVED and str(slot.series.pk) == correcting
        editable = self.may_enter and not self.is_locked and (slot.state in EDITABLE or corrected)
        return Line(slot, SlotForm(slot) if editable else None)

    @property
    def is_open(self) -> bool:
        """A month is reported once it has ended."""
        return self.month < month_start(self.today)

    @property
    def is_locked(self) -> bool:
        """確定: nothing may change until the reform office opens the month again."""
        return self.lock is not None and self.lock.is_locked

    @property
    def reopening(self) -> Reopening | None:
        """確定解除, while it lasts: what changes now is a correction or a restatement."""
        return self.lock.reopening if self.lock else None

    @property
    def is_monthly(self) -> bool:
        """Every line is of the month itself: the values before are 前月 and 前年同月."""
        return all(line.slot.period.span == Span.MONTH for line in self.lines)

    @property
    def opens_text(self) -> str:
        return f"{month_label(self.month)}分の回答は、{date_label(add_months(self.month, 1))}から入力できます。"

    @property
    def can_edit(self) -> bool:
        return any(line.form for line in self.lines)

    @property
    def can_withdraw(self) -> bool:
        return self.may_enter and self.submitted > 0

    @property
    def answered(self) -> int:
        return sum(line.slot.is_answered for line in self.lines)

    @property
    def submitted(self) -> int:
        return sum(line.slot.state == Entry.State.SUBMITTED for line in self.lines)

    @property
    def corrections(self) -> int:
        """How many of those that were handed in correct a value that counts meanwhile."""
        return sum(line.slot.state == Entry.State.SUBMITTED and line.slot.is_answered for line in self.lines)

    @property
    def waiting(self) -> int:
        return self.submitted - self.corrections

    @property
    def due(self) -> date | None:
        return min((line.slot.due for line in self.lines), default=None)

    @property
    def is_late(self) -> bool:
        if self.is_locked:
            return False  # what cannot be entered is not waited for
        waited_for = [line.slot for line in self.lines if not line.slot.is_answered]
        return any(slot.due < self.today and slot.state != Entry.State.SUBMITTED for slot in waited_for)

    @property
    def marks(self) -> dict[str, bool]:
        """Which marks the page shows, for the footnotes."""
        slots = [line.slot for line in self.lines]
        rows = [row for s in slots for row in (s.entry, s.measurement, s.previous, s.last_year) if row is not None]
        flags = ("is_derived", "is_rounded", "is_provisional", "is_synthetic")
        found = {flag: any(getattr(row, flag) for row in rows) for flag in flags}
        return found | {"is_estimated": any(row.nature == Nature.ESTIMATED for row in rows)}

    @property
    def broken(self) -> list[Line]:
        return [line for line in self.lines if line.is_broken]

    def check(self) -> None:
        """Lets the checks say what they have to say, for a page or a line that is about to be drawn."""
        note_findings([line for line in self.lines if not line.findings])

    def chosen(self, series_id: int | None) -> list[Line]:
        """The lines an act is about: all of them, or that of one series."""
        return [line for line in self.lines if series_id is None or line.slot.series.pk == series_id]

    def save(self) -> None:
        """Saves each right and changed line as a draft, by itself: one wrong line holds nobody else's work up."""
        if self.data is not None:
            for line in self.lines:
                self.saved += save_line(line, self.data, access=self.access, department_id=self.department.pk)

    def hand_in(self, series_id: int | None = None) -> int:
        """Submits the drafts and returned entries of the chosen lines, all or none. Returns how many.

        0 where a line is blank, wrong or newer than shown: the line then says so.
        """
        chosen = self.chosen(series_id)
        note_findings(chosen)
        for line in chosen:
            if line.is_blank:
                line.say(line.blank)
            elif line.form and line.slot.entry:
                say_what_stops(line, line.slot.entry)
            self._check_seen(line)
        if any(line.is_broken for line in chosen):
            return 0
        return self._submit([line for line in chosen if line.form and line.slot.entry])

    def _check_seen(self, line: Line) -> None:
        """Nobody hands in what they were not shown: a colleague may have typed another value meanwhile."""
        form, entry = line.form, line.slot.entry
        if form is None or not form.is_bound or not form.is_valid() or line.conflict:
            return
        if form.cleaned_data["seen_version"] != (entry.version if entry else 0):
            self._note(line, acts.Conflict(entry, line.slot.measurement))

    def _note(self, line: Line, conflict: acts.Conflict) -> None:
        note_conflict(line, conflict, self.data if self.data is not None else QueryDict())

    def _submit(self, lines: list[Line]) -> int:
        entries = {line.slot.entry: line for line in lines if line.slot.entry is not None}
        try:
            acts.ENTRIES.submit_all({entry: entry.version for entry in entries}, access=self.access)
        except Refused as refused:
            for entry, line in entries.items():
                error = refused.errors.get(entry.pk)
                if isinstance(error, acts.Conflict):
                    self._note(line, error)
                elif error is not None:
                    line.say(" ".join(error.messages))
            return 0
        return len(entries)

    def withdraw(self, series_id: int | None = None) -> int:
        """Takes the submitted entries of the chosen lines back, those that are not decided yet. Returns how many."""
        waiting = [line for line in self.chosen(series_id) if line.slot.state == Entry.State.SUBMITTED]
        lines = {line.slot.entry: line for line in waiting if line.slot.entry is not None}
        # Where the chief was faster the page shows what was decided.
        withdrawn = where_possible(acts.ENTRIES.withdraw_all, dict.fromkeys(lines), access=self.access)
        for entry in withdrawn:
            lines[entry].slot.entry = entry
        return len(withdrawn)
