"""What people think, and an inquiry of the office with every kind of answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from accounts.models import Assignment, Department
from inquiries import answering, conversation, extending, issuing
from inquiries.models import Inquiry, Recipient
from japan.fiscal import add_months
from reform.second_city.data import read
from reform.second_city.hall import Hall
from reform.second_city.timeline import Timeline
from surveys.models import Question, Result, Survey

Role = Assignment.Role


def add_surveys(timeline: Timeline) -> int:
    """Surveys with counts: one question of one choice each, and one of several. Returns how many rows were added."""
    source = read("kpis")["source"]
    added = 0
    for row in read("opinions")["surveys"]:
        fields = {name: row[name] for name in ("code", "name", "population", "asked", "answered")}
        survey = Survey.objects.create(conducted_on=timeline.month(*row["month"]), source=source, **fields)
        for order, each in enumerate(row["questions"], start=1):
            question = Question.objects.create(
                survey=survey,
                code=each["code"],
                wording=each["wording"],
                order=order,
                is_multiple=each.get("multiple", False),
            )
            positive = each.get("positive", [])
            results = [
                Result(question=question, label=label, count=count, order=place, is_positive=label in positive)
                for place, (label, count) in enumerate(each["results"], start=1)
            ]
            added += 1 + len(Result.objects.bulk_create(results))
    return added + Survey.objects.count()


def add_inquiry(timeline: Timeline, hall: Hall) -> int:
    """A one-off inquiry: answered, handed in, returned, begun, asked back, given more time. Returns how many were asked."""
    row = read("opinions")["inquiry"]
    hall.clock.set(add_months(timeline.last_month, 0), 6)
    names = ("title", "text", "contact", "working_days", "instructions")
    request = issuing.Request(**{name: row[name] for name in names})
    departments = Department.objects.in_force(hall.clock.today).filter(code__in=row["departments"])
    inquiry = issuing.issue(request, departments.in_official_order(), access=hall.office())
    asked = {each.department.code: each for each in inquiry.recipients.select_related("department", "inquiry")}
    for answer in row["answers"]:
        _answer(asked[answer["department"]], answer, hall)
    _ask_back(inquiry, asked, row["question"], hall)
    for extension in row["extensions"]:
        _ask_for_time(asked[extension["department"]], extension, hall)
    return len(asked)


def _answer(recipient: Recipient, row: dict[str, Any], hall: Hall) -> None:
    hall.clock.next_day()
    writes, decides = (hall.acting(role, recipient.department) for role in (Role.EDITOR, Role.APPROVER))
    recipient = answering.save(recipient, row["text"], access=writes, seen_version=recipient.version)
    if row["outcome"] == "draft":
        return
    hall.clock.go_on()
    recipient = answering.submit(recipient, access=writes, seen_version=recipient.version)
    hall.clock.go_on(60)
    if row["outcome"] == "approved":
        answering.approve(recipient, access=decides, seen_version=recipient.version)
    elif row["outcome"] == "returned":
        answering.send_back(recipient, access=decides, reason=row["reason"], seen_version=recipient.version)


def _ask_back(inquiry: Inquiry, asked: dict[str, Recipient], row: dict[str, Any], hall: Hall) -> None:
    recipient = asked[row["department"]]
    question = conversation.ask(recipient, row["text"], access=hall.acting(Role.EDITOR, recipient.department))
    hall.clock.go_on()
    conversation.reply(inquiry, question, row["reply"], for_all=True, access=hall.office())


def _ask_for_time(recipient: Recipient, row: dict[str, Any], hall: Hall) -> None:
    until = recipient.inquiry.due_on + timedelta(days=row["days"])
    access = hall.acting(Role.EDITOR, recipient.department)
    asked = extending.ask(recipient, until=until, reason=row["reason"], access=access)
    hall.clock.go_on()
    if row["grant"] is not None:
        extending.decide(asked, grant=row["grant"], note="", access=hall.office())
