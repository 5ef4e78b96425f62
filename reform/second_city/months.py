"""A month as its departments report it: every line of their sheets, through the same acts as the pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from accounts.models import Assignment, Department
from japan.fiscal import add_months
from kpis.checks import Unanswered
from kpis.entries import Slot, Statement, approve, save_draft, send_back, submit
from kpis.models import Entry
from kpis.models.value import ChangeReason, Missing
from kpis.sheet import Slot as Line
from kpis.sheet import slots_of
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
    ("counter-visits", 8, 0): "submitted",
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


@dataclass(frozen=True)
class Asked:
    """One value that a department has to report."""

    line: Line
    said: Statement
    outcome: str

    @property
    def slot(self) -> Slot:
        return Slot(self.line.series.pk, self.line.period.start, self.line.period.span.value)


class Reporting:
    """Reports months. `made` is how many entries there are."""

    def __init__(self, timeline: Timeline, hall: Hall, measures: Mapping[str, Measure]) -> None:
        self.timeline, self.hall, self.clock, self.measures = timeline, hall, hall.clock, measures
        self.made = 0

    def report(self, month: date, departments: list[Department]) -> None:
        """Everything that is asked of the departments with a month and not said yet."""
        for (department_id, _), lines in sorted(slots_of(departments, [month]).items()):
            department = next(each for each in departments if each.pk == department_id)
            for line in lines:
                if not line.is_answered and line.entry is None:
                    self._tell(self._asked(line), department, month)

    def _asked(self, line: Line) -> Asked:
        measure = self.measures[line.kpi.code]
        place = list(measure.parts).index(line.series.code)
        back = self.timeline.back(line.period.end.replace(day=1))
        outcome = OUTCOMES.get((line.kpi.code, place, back), "approved")
        return Asked(line, measure.says(line.series.code, line.period), outcome)

    def _tell(self, asked: Asked, department: Department, month: date) -> None:
        if asked.outcome == "missing":
            return
        luck = int((chance(asked.line.kpi.code, asked.line.series.code, str(month)) + 1) * 3)
        late = 8 if asked.outcome == "late" else 0
        self.clock.set(add_months(month, 1), 3 + luck + late, minute=luck * 8)
        slot, said = asked.slot, asked.said
        match asked.outcome:
            case "draft":
                self._save(slot, department, said)
            case "submitted":
                self._submit(slot, department, said)
            case "returned":
                self._return(slot, department, _ten_times(said))
            case "mended":
                self._return(slot, department, _ten_times(said))
                self.settle(slot, department, said)
            case "half way":
                entry = self._submit(slot, department, said)
                self._decide(entry)
            case "withheld":
                self.settle(slot, department, Statement(missing_reason=Missing.WITHHELD))
            case "pending":
                self.settle(slot, department, Statement(missing_reason=Missing.PENDING))
            case "event":
                busy = replace(said, value=_half_more(said), change_reason=ChangeReason.EVENT)
                self.settle(slot, department, busy, "商店街の催しで相談が増えた。")
            case _:
                self.settle(slot, department, said)

    def settle(self, slot: Slot, department: Department, said: Statement, comment: str = "") -> None:
        """From the first keystroke to the last approval."""
        entry = self._submit(slot, department, said, comment)
        while entry.state == Entry.State.SUBMITTED:
            entry = self._decide(entry)

    def _save(self, slot: Slot, department: Department, said: Statement, comment: str = "") -> Entry:
        self.clock.go_on()
        typed = "" if said.value is None else f"{said.value:,}"
        access = self.hall.acting(Role.EDITOR, department)
        self.made += 1
        return save_draft(slot, said, access=access, department_id=department.pk, typed=typed, comment=comment)

    def _submit(self, slot: Slot, department: Department, said: Statement, comment: str = "") -> Entry:
        entry = self._save(slot, department, said, comment)
        access = self.hall.acting(Role.EDITOR, department)
        self.clock.go_on()
        try:
            return submit(entry, access=access)
        except Unanswered:  # the clerk looks at the value again and says that it is right
            return submit(self._save(slot, department, replace(said, is_confirmed=True), comment), access=access)

    def _decide(self, entry: Entry) -> Entry:
        """One step of the route."""
        self.clock.next_day()
        approve(entry, access=self.hall.acting(entry.current_role, entry.department))
        entry.refresh_from_db()
        return entry

    def _return(self, slot: Slot, department: Department, said: Statement) -> None:
        entry = self._submit(slot, department, said)
        self.clock.next_day()
        send_back(entry, access=self.hall.acting(entry.current_role, department), reason=RETURN_REASON)


def _ten_times(said: Statement) -> Statement:
    return replace(said, value=(said.value or Decimal(0)) * 10)


def _half_more(said: Statement) -> Decimal:
    return ((said.value or Decimal(0)) * Decimal("1.5")).quantize(Decimal(1))
