"""One line of a department's month: its slot, its form while it may be edited, and what went wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from kpis import entries as acts
from kpis.checks import Finding
from kpis.checks.finding import SOFT
from kpis.entries.sheet import Slot
from kpis.models import Entry, EntryEvent
from kpis.months.forms import SlotForm
from kpis.values.reading import understood_text

BLANK = "空欄です。値を入力するか、値なしの理由を選んでください。"
#: A line in one of these states may be typed in: nothing yet, or an entry that is with its author.
EDITABLE = {"", Entry.State.DRAFT.value, Entry.State.RETURNED.value}


@dataclass
class Line:
    """A line of the page: the slot, its form while it may be edited, and what went wrong with it."""

    form_class: ClassVar[type[SlotForm]] = SlotForm
    blank: ClassVar[str] = BLANK

    slot: Slot
    form: SlotForm | None = None
    conflict: acts.Conflict | None = None
    problem: str = ""
    is_closed: bool = False
    findings: list[Finding] = field(default_factory=list)

    def say(self, problem: str) -> None:
        """A message for under the field."""
        self.problem = problem
        if self.form is not None:
            self.form.fields["typed"].widget.attrs["aria-invalid"] = "true"

    def note(self, findings: list[Finding]) -> None:
        """What the checks say of the value stands under the line, and is read out with its field."""
        self.findings = findings
        if self.form is not None and findings:
            self.form.fields["typed"].widget.attrs["aria-describedby"] += f" {self.key}-checks"

    @property
    def key(self) -> str:
        return self.form_class.prefix_of(self.slot)

    def bind(self, data: Any) -> None:
        """The form filled in again with what was sent."""
        self.form = self.form_class(self.slot, data)

    @property
    def save_state(self) -> str:
        """The code of what came of saving the line: conflict, closed, attention, or "" where nothing is wrong."""
        if self.shows_both:
            return "conflict"
        if self.is_closed:
            return "closed"
        return "attention" if self.is_broken else ""

    @property
    def is_broken(self) -> bool:
        return self.conflict is not None or bool(self.problem) or bool(self.form and self.form.errors)

    @property
    def is_kept(self) -> bool:
        """Something stands in it that was typed and could not be saved."""
        return self.is_broken and bool(self.form and self.form.is_bound and self.form.has_changed())

    @property
    def shows_both(self) -> bool:
        """What was typed and what is stored stand side by side until the person decides."""
        return self.conflict is not None or bool(self.form and self.form.is_bound and self.form["is_conflict"].value())

    @property
    def is_news(self) -> bool:
        """What was typed differs from what was shown, and is more than an empty line left empty."""
        form = self.form
        if form is None or not form.is_valid() or form.keeps_theirs:
            return False
        if self.slot.entry is None and form.statement.is_blank and not form.comment_kept:
            return False
        return form.says_something_new or form.cleaned_data["is_conflict"]

    @property
    def is_left_alone(self) -> bool:
        """Sent, understood, and the same as was shown."""
        form = self.form
        return form is not None and not form.says_something_new and not form.cleaned_data["is_conflict"]

    @property
    def is_blank(self) -> bool:
        """Neither a value nor a reason, typed or stored."""
        if self.form is not None and self.form.is_bound:
            return self.form.is_valid() and not self.form.keeps_theirs and self.form.statement.is_blank
        entry = self.slot.entry
        return entry is not None and entry.value is None and not entry.missing_reason

    @property
    def held(self) -> str:
        """What is stored: the open entry, else the approved value."""
        row = self.slot.entry or self.slot.measurement
        return understood_text(self.slot.kpi, acts.Statement(row.value, row.missing_reason)) if row else ""

    @property
    def stored(self) -> str:
        """The approved value that a correction would change; "" where there is none yet."""
        measurement = self.slot.measurement
        if measurement is None or not self.slot.is_answered:
            return ""
        return understood_text(self.slot.kpi, acts.Statement(measurement.value, measurement.missing_reason))

    @property
    def is_correction(self) -> bool:
        """Typed or already under way, it would change a value that counts."""
        return bool(self.stored) and (self.form is not None or self.slot.entry is not None)

    @property
    def returned(self) -> EntryEvent | None:
        """The last time the chief sent it back, while it is with its author."""
        return self.slot.entry.last_return if self.slot.entry else None

    @property
    def asks(self) -> bool:
        """The fields that answer a doubt stand under the line: there is one, or it was answered before."""
        entry = self.slot.entry
        answered = entry is not None and (bool(entry.change_reason) or entry.is_confirmed)
        doubted = any(finding.severity == SOFT for finding in self.findings)
        return self.form is not None and (doubted or answered or self.form.asks)

    @property
    def is_checked(self) -> bool:
        """The checks have something to say, or their fields are shown."""
        return self.form is not None and (bool(self.findings) or self.asks)

    @property
    def has_note(self) -> bool:
        """A second row under the line has something to say."""
        return self.shows_both or self.is_correction or self.returned is not None or self.is_checked

    @property
    def problems(self) -> list[str]:
        """What is wrong with the value and its reason, for under the field."""
        form = self.form
        told = [self.problem] if self.problem else []
        return told + self._errors("typed", "missing_reason") if form else told

    @property
    def first_problem(self) -> str:
        if self.conflict is not None:
            return "ほかの人が先に更新しました。どちらにするか選んでください。"
        return (self.problems + self._errors("choice", "comment"))[0]

    def _errors(self, *names: str) -> list[str]:
        """The messages at those fields that this line has."""
        form = self.form
        return [str(error) for name in names if form and name in form.fields for error in form[name].errors]

    @property
    def target(self) -> str:
        """Where a link to what is wrong leads: the field, or the row where there is none."""
        return self.form["typed"].id_for_label if self.form else self.key

    @property
    def corrects_nothing_yet(self) -> bool:
        """A correction whose value was emptied and whose reason is not chosen yet: there is nothing to store of it."""
        form = self.form
        if form is None or not self.slot.is_answered or not form.is_valid() or form.keeps_theirs:
            return False
        return form.says_something_new and form.statement.is_blank and not form.comment_kept

    @property
    def was_opened_to_correct(self) -> bool:
        """Sent from a page that showed the approved value in its field, and it is still the approved one."""
        form, measurement = self.form, self.slot.measurement
        if form is None or not form.is_bound or measurement is None or self.slot.state != Entry.State.APPROVED:
            return False
        seen = form.cleaned_data if form.is_valid() else {}
        return seen.get("seen_version") == 0 and seen.get("seen_measurement") == measurement.version

    def renew(self) -> None:
        """The line as it is stored now, its versions those just read or written. A correction stays open."""
        is_open = self.slot.state in EDITABLE or self.was_opened_to_correct
        self.form = self.form_class(self.slot) if is_open else None
