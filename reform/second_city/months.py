"""A month as its departments report it: every line of their sheets, through the same acts as the pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby

from accounts.models import Assignment, Department
from japan.fiscal import add_months, month_start
from kpis.checks import findings_for, needs_answer
from kpis.entries import ENTRIES, save_draft, send_back
from kpis.entries.sheet import Slot as Line
from kpis.entries.sheet import slots_of
from kpis.models import Entry
from kpis.models.value import ChangeReason, Missing
from kpis.values.statement import Slot, Statement, statement_of
from reform.second_city.figures import chance
from reform.second_city.hall import Hall
from reform.second_city.measures import Measure
from reform.second_city.timeline import Timeline

Role = Assignment.Role
RETURN_REASON = "前の月と桁が違います。もとの表を見て、もう一度入力してください。"
CLOSED_REASON = "もとの表の1日分が漏れていたため、加えて訂正します。"

#: (KPI, place of the part, months before the newest) → what became of it; everything else is approved.
OUTCOMES = {
    ("counter-visits", 3, 0): "missing",
    ("counter-visits", 6, 0): "draft",
    ("counter-visits", 5, 0): "submitted",
    ("counter-visits", 2, 3): "missing",
    ("counter-visits", 4, 2): "withheld",
    ("counter-visits", 1, 2): "late",
    ("app-users", 0, 0): "draft",
    ("overtime", 0, 0): "submitted",
    ("staff", 0, 0): "returned",
    ("chat-consults", 0, 1): "mended",
    ("shop-consults", 0, 1): "event",
    ("fees", 1, 1): "pending",
    ("fees", 0, 0): "submitted",
    ("road-repairs", 0, 0): "half way",
}

#: What is approved at once; it counts by the end of its route.
SETTLED = ("approved", "late", "withheld", "pending", "event")


@dataclass(frozen=True, eq=False)
class Asked:
    """One value that a department has to report."""

    line: Line
    said: Statement
    outcome: str

    @property
    def first(self) -> Statement:
        """What was typed the first time: with a slip, where it was returned."""
        return _ten_times(self.said) if self.outcome in ("returned", "mended") else self.said

    @property
    def comment(self) -> str:
        return "商店街の催しで相談が増えた。" if self.outcome == "event" else ""

    @property
    def slot(self) -> Slot:
        return Slot(self.line.series.pk, self.line.period.start, self.line.period.span.value)


class Reporting:
    """Reports months."""

    def __init__(self, timeline: Timeline, hall: Hall, measures: Mapping[str, Measure]) -> None:
        self.timeline, self.hall, self.clock, self.measures = timeline, hall, hall.clock, measures

    def report(self, month: date, departments: list[Department]) -> None:
        """Everything that is asked of the departments with a month and not said yet."""
        for (department_id, _), lines in sorted(slots_of(departments, [month]).items()):
            department = next(each for each in departments if each.pk == department_id)
            asked = [self._asked(line) for line in lines if not line.is_answered and line.entry is None]
            self._begin(department, month)
            self._tell(department, [each for each in asked if each.outcome not in ("missing", "late")])
            self._begin(department, month, days_later=8)
            self._tell(department, [each for each in asked if each.outcome == "late"])

    def _asked(self, line: Line) -> Asked:
        measure = self.measures[line.kpi.code]
        place = list(measure.parts).index(line.series.code)
        back = self.timeline.back(month_start(line.period.end))
        outcome = OUTCOMES.get((line.kpi.code, place, back), "approved")
        return Asked(line, _said(measure.says(line.series.code, line.period), outcome), outcome)

    def _begin(self, department: Department, month: date, days_later: int = 0) -> None:
        """The morning on which a department takes its month up."""
        luck = int((chance(department.code, str(month)) + 1) * 3)
        self.clock.set(add_months(month, 1), 3 + luck + days_later, minute=luck * 8)

    def _tell(self, department: Department, asked: list[Asked]) -> None:
        """Typed one after the other, handed in together, decided together."""
        if not asked:
            return
        begun = {each: self._save(each.slot, department, each.first, each.comment) for each in asked}
        handed_in = {each: entry for each, entry in begun.items() if each.outcome != "draft"}
        waiting = self._submit(list(handed_in.values()))
        self.clock.next_day()
        for each, entry in zip(handed_in, waiting, strict=True):
            if each.outcome in ("returned", "mended"):
                send_back(entry, access=self.hall.acting(entry.current_role, department), reason=RETURN_REASON)
        mended = [self._save(each.slot, department, each.said) for each in asked if each.outcome == "mended"]
        decided = [entry for each, entry in zip(handed_in, waiting, strict=True) if each.outcome in SETTLED]
        half_way = [entry for each, entry in zip(handed_in, waiting, strict=True) if each.outcome == "half way"]
        confirmed = {entry.pk: entry for entry in self._decide([*half_way, *decided])}
        self._decide_all([*(confirmed[entry.pk] for entry in decided), *self._submit(mended)])

    def settle(self, slot: Slot, department: Department, said: Statement, comment: str = "") -> None:
        """One value from the first keystroke to the last approval."""
        self._decide_all(self._submit([self._save(slot, department, said, comment)]))

    def _save(self, slot: Slot, department: Department, said: Statement, comment: str = "") -> Entry:
        self.clock.go_on(4)
        typed = "" if said.value is None else f"{said.value:,}"
        access = self.hall.acting(Role.EDITOR, department)
        return save_draft(slot, said, access=access, department_id=department.pk, typed=typed, comment=comment)

    def _submit(self, entries: list[Entry]) -> list[Entry]:
        """Hands a department's entries in; where a check doubts a value, the clerk looks again and says that it is right."""
        if not entries:
            return []
        self.clock.go_on(15)
        findings = findings_for(entries, [statement_of(entry) for entry in entries])
        handed_in, access = [], self.hall.acting(Role.EDITOR, entries[0].department)
        for entry in entries:
            found = findings.get(entry, [])
            if needs_answer(found, statement_of(entry)):
                slot, said = Slot(entry.series_id, entry.period, entry.span), statement_of(entry)
                entry = self._save(slot, entry.department, replace(said, is_confirmed=True), entry.comment)
            handed_in.append(entry)
        return ENTRIES.submit_all(dict.fromkeys(handed_in), access=access)

    def _decide(self, entries: list[Entry]) -> list[Entry]:
        """One step of their routes: those that wait for the same person are decided together."""
        decided: list[Entry] = []
        ordered = sorted(entries, key=lambda entry: entry.current_role)
        for role, group in groupby(ordered, key=lambda entry: entry.current_role):
            waiting = list(group)
            self.clock.go_on(3 * len(waiting))
            access = self.hall.acting(role, waiting[0].department)
            decided += ENTRIES.approve_all(dict.fromkeys(waiting), access=access)
        return decided

    def _decide_all(self, entries: list[Entry]) -> None:
        """All steps, one a day."""
        waiting = entries
        while waiting := [entry for entry in waiting if entry.state == Entry.State.SUBMITTED]:
            self.clock.next_day()
            waiting = self._decide(waiting)


def _said(usual: Statement, outcome: str) -> Statement:
    match outcome:
        case "withheld":
            return Statement(missing_reason=Missing.WITHHELD)
        case "pending":
            return Statement(missing_reason=Missing.PENDING)
        case "event":
            return replace(usual, value=_half_more(usual), change_reason=ChangeReason.EVENT)
        case _:
            return usual


def _ten_times(said: Statement) -> Statement:
    return replace(said, value=(said.value or Decimal(0)) * 10)


def _half_more(said: Statement) -> Decimal:
    return ((said.value or Decimal(0)) * Decimal("1.5")).quantize(Decimal(1))
