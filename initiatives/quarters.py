"""The quarters whose records are asked for, and how far each initiative's record is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from accounts.models import Department
from initiatives.models import Initiative, ProgressRecord
from japan.fiscal import add_months, fiscal_month_index, fiscal_year_of, fiscal_year_start, month_end
from japan.wareki import fiscal_year_label

if TYPE_CHECKING:
    from accounts.access import Access

State = ProgressRecord.State
#: How many quarters back a record may be written or looked for in the list.
QUARTERS = 8


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a fiscal year: 1 is April to June."""

    fiscal_year: int
    number: int

    @property
    def code(self) -> str:
        return f"{self.fiscal_year}-{self.number}"

    @property
    def label(self) -> str:
        return f"{fiscal_year_label(self.fiscal_year)}第{self.number}四半期"

    @property
    def last_month(self) -> date:
        """Its first day; the department that looks after an initiative on it reports the quarter."""
        return add_months(fiscal_year_start(self.fiscal_year), 3 * self.number - 1)

    @property
    def last_day(self) -> date:
        return month_end(self.last_month)


def quarter_of(day: date) -> Quarter:
    return Quarter(fiscal_year_of(day), fiscal_month_index(day) // 3 + 1)


def quarters_until(today: date) -> list[Quarter]:
    """The quarters that have ended, newest first."""
    return [quarter_of(add_months(today, -3 * back)) for back in range(1, QUARTERS + 1)]


@dataclass(frozen=True)
class Line:
    """An initiative in a quarter, and its record as far as there is one."""

    initiative: Initiative
    department: Department
    record: ProgressRecord | None

    @property
    def state(self) -> str:
        return self.record.state if self.record else ""

    @property
    def label(self) -> str:
        return self.record.state_label if self.record else "未入力"

    @property
    def is_answered(self) -> bool:
        return self.state == State.APPROVED

    @property
    def is_missing(self) -> bool:
        """The department has something to do."""
        return self.state in ("", State.DRAFT, State.RETURNED)


@dataclass(frozen=True)
class Group:
    """A department's initiatives in a quarter."""

    department: Department
    lines: list[Line]

    @property
    def answered(self) -> int:
        return sum(line.is_answered for line in self.lines)

    @property
    def missing(self) -> int:
        return sum(line.is_missing for line in self.lines)


def groups_of(quarter: Quarter, access: Access) -> list[Group]:
    """The departments a person sees in 建制順 with what each reports, in a few queries."""
    found = ProgressRecord.objects.of_quarter(quarter.fiscal_year, quarter.number)
    records = {record.initiative_id: record for record in found.select_related("department", "initiative")}
    lines = _lines(Initiative.objects.with_charges(), records, quarter)
    return _grouped([each for each in lines if access.may_see_entries(each.department)])


def reporting_department(initiative: Initiative, quarter: Quarter, record: ProgressRecord | None) -> Department | None:
    """Who writes the record of a quarter: whoever looked after the initiative then. What was handed in or approved is
    of the department that did."""
    if record is not None and record.state in (State.SUBMITTED, State.APPROVED):
        return record.department
    return initiative.department_on(quarter.last_month) or (record.department if record else None)


def _lines(initiatives: Iterable[Initiative], records: dict[int, ProgressRecord], quarter: Quarter) -> Iterable[Line]:
    """An initiative that is done asks for no record any more."""
    for initiative in initiatives:
        record = records.get(initiative.pk)
        department = reporting_department(initiative, quarter, record)
        if department is not None and (record is not None or initiative.is_under_way):
            yield Line(initiative, department, record)


def _grouped(lines: list[Line]) -> list[Group]:
    lines.sort(key=lambda line: (line.department.order, line.department.code, line.initiative.order))
    groups: dict[int, Group] = {}
    for line in lines:
        groups.setdefault(line.department.pk, Group(line.department, [])).lines.append(line)
    return list(groups.values())
