"""A few initiatives of the sample's department with their 進捗状況調書: approved, waiting, begun. All of it is invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.access import Access
from accounts.models import User
from initiatives import reporting
from initiatives.models import Initiative, ProgressRecord
from initiatives.quarters import quarters_until
from reform.demo.organisation import SIGN_INS

MARK = "（見本）"


@dataclass(frozen=True)
class Told:
    """What the sample says of an initiative's last quarter, and how far its record is."""

    code: str
    outcome: str
    content: Mapping[str, Any]


def _content(status: str, results: str, issues: str = "", next_steps: str = "", **amounts: int) -> dict[str, Any]:
    words = {"results": results, "issues": issues, "next_steps": next_steps}
    marked = {name: MARK + text if text else "" for name, text in words.items()}
    return {"status": status, **marked, "cost": amounts.get("cost"), "effect": amounts.get("effect")}


TOLD = (
    Told(
        "no-writing-counter",
        "approved",
        _content(
            "running",
            "対象の手続を12種類に広げた。",
            "繁忙期は案内の職員が足りない。",
            "来庁予約と組み合わせて試行する。",
            cost=1_200,
            effect=3_400,
        ),
    ),
    Told("logo-chat", "submitted", _content("running", "新任の職員向けに研修を2回行った。", cost=300)),
    Told("online-procedures", "draft", _content("running", "3つの手続を新たにオンラインにした。")),
)


def add_records(today: date) -> int:
    """Gives the initiatives nobody looks after to the sample's department and adds the records of the quarter that
    ended last, as its people would have. Returns how many records."""
    people = {person.role: User.objects.filter(employee_number=person.number).first() for person in SIGN_INS}
    editor, chief = people.get("editor"), people.get("approver")
    post = editor and editor.assignments.in_force(today).filter(role="editor").select_related("department").first()
    if not editor or not chief or not post or not post.department:
        return 0
    writes, decides = Access(editor, today), Access(chief, today)
    [quarter, *_] = quarters_until(today)
    count = 0
    for told in TOLD:
        Initiative.objects.filter(code=told.code, department=None).update(department=post.department)
        initiative = Initiative.objects.filter(code=told.code, department=post.department).first()
        if initiative is None or ProgressRecord.objects.filter(initiative=initiative).exists():
            continue
        _report(initiative, (quarter.fiscal_year, quarter.number), told, writes, decides)
        count += 1
    return count


def _report(initiative: Initiative, quarter: tuple[int, int], told: Told, writes: Access, decides: Access) -> None:
    record = reporting.save(initiative, *quarter, told.content, access=writes, seen_version=0)
    if told.outcome != "draft":
        record = reporting.submit(record, access=writes, seen_version=record.version)
    if told.outcome == "approved":
        reporting.approve(record, access=decides, seen_version=record.version)
