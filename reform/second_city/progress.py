"""What the city does, and the quarterly records about it (進捗状況調書) as far as each got."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import Assignment, Department
from initiatives import reporting
from initiatives.loading import load_initiatives
from initiatives.models import Initiative, ProgressRecord
from initiatives.quarters import Quarter, quarters_until
from japan.fiscal import add_months, month_start
from reform.second_city.data import read
from reform.second_city.hall import Hall
from reform.second_city.timeline import Timeline

Role = Assignment.Role
RETURN_REASON = "減らした枚数も書いてください。"


def add_initiatives(timeline: Timeline) -> int:
    """Pillars and initiatives with the departments that look after them. Returns how many rows were added."""
    data = read("initiatives")
    departments = {department.code: department for department in Department.objects.order_by("valid_from")}
    rows = [*data["initiatives"], *_plain(data, departments, timeline.size.plain_initiatives)]
    dated = [row | {"milestones": _dated(row.get("milestones", []), timeline)} for row in rows]
    added = load_initiatives({"pillars": data["pillars"], "initiatives": dated, "source": data["source"]})
    for row in rows:
        Initiative.objects.filter(code=row["code"]).update(department=departments[row["department"]])
    return added


def _dated(milestones: list[list[Any]], timeline: Timeline) -> list[list[Any]]:
    """With fiscal years in place of offsets: [year, month, wording, detail, last year]."""
    return [[timeline.year(row[0]), *row[1:4], *(timeline.year(year) for year in row[4:])] for row in milestones]


def _plain(data: dict[str, Any], departments: dict[str, Department], count: int) -> list[dict[str, Any]]:
    """One for each 課, then a second one, until there are so many."""
    sections = [department for department in departments.values() if department.parent_id is not None]
    found = []
    for place in range(count):
        department, round_ = sections[place % len(sections)], place // len(sections) + 1
        title = data["plain_title"].format(department=department.name)
        found.append(
            {
                "code": f"sheets-{department.code}-{round_}",
                "title": title if round_ == 1 else f"{title}（{round_}）",
                "pillar": data["plain_pillars"][place % len(data["plain_pillars"])],
                "department": department.code,
                "status": Initiative.Status.RUNNING.value,
            }
        )
    return found


def add_records(timeline: Timeline, hall: Hall) -> int:
    """The records of the last two quarters that ended. Returns how many there are."""
    newest, before, *_ = quarters_until(timeline.today)
    rows = read("initiatives")["records"]
    for row in rows:
        _record(before, row, row["before"], timeline.today, hall)
        _record(newest, row, row["newest"], timeline.today, hall)
    return ProgressRecord.objects.count()


def _record(quarter: Quarter, row: dict[str, Any], outcome: str, today: date, hall: Hall) -> None:
    initiative = Initiative.objects.select_related("department").get(code=row["initiative"])
    department = initiative.department_on(quarter.last_month)
    assert department is not None
    hall.clock.set(min(add_months(quarter.last_month, 1), month_start(today)), 5)
    writes, decides = hall.acting(Role.EDITOR, department), hall.acting(Role.APPROVER, department)
    content = {name: row[name] for name in ProgressRecord.CONTENT}
    record = reporting.save(initiative, quarter.fiscal_year, quarter.number, content, access=writes, seen_version=0)
    if outcome == "draft":
        return
    hall.clock.go_on()
    record = reporting.submit(record, access=writes, seen_version=record.version)
    hall.clock.go_on(90)
    if outcome == "approved":
        reporting.approve(record, access=decides, seen_version=record.version)
    elif outcome == "returned":
        reporting.send_back(record, access=decides, reason=RETURN_REASON, seen_version=record.version)
