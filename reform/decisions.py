"""最近の承認と差戻し: what was decided lately of values, 進捗状況調書 and answers to inquiries, in one list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from accounts.first_rows import FirstRows
from approvals import queue
from initiatives.models import Initiative
from initiatives.reporting import RECORDS
from inquiries.answering import ANSWERS
from kpis.entries import ENTRIES
from kpis.entries.queue import said_of

if TYPE_CHECKING:
    from accounts.access import Access
    from approvals.models import Event
    from initiatives.models import ProgressEvent
    from inquiries.models import AnswerEvent
    from kpis.models import EntryEvent

#: A list to find again what was just decided; older decisions stand in each report's history.
COUNT = 20


@dataclass(frozen=True)
class Decision:
    """One decision: when, who and what came of it say the event; about what, and what it said, these words."""

    event: Event
    title: str
    url: str
    content: str
    is_value: bool = False


def decided_lately(access: Access) -> FirstRows[Decision]:
    """The newest decisions of all three kinds together, newest first (three queries; one more for each long list)."""
    of_values = queue.decided_lately(ENTRIES, access, COUNT)
    of_records = queue.decided_lately(RECORDS, access, COUNT)
    of_answers = queue.decided_lately(ANSWERS, access, COUNT)
    found = [_of_value(event) for event in of_values]
    found += [_of_record(event) for event in of_records]
    found += [_of_answer(event) for event in of_answers]
    found.sort(key=lambda decision: decision.event.at, reverse=True)
    untold = of_values.more + of_records.more + of_answers.more
    return FirstRows(found[:COUNT], untold + len(found[COUNT:]))


def _of_value(event: EntryEvent) -> Decision:
    title = f"{event.entry.series}　{event.entry.dated_period.label}"
    return Decision(event, title, reverse("entries:detail", args=[event.entry_id]), said_of(event), is_value=True)


def _of_record(event: ProgressEvent) -> Decision:
    record = event.record
    url = reverse("initiatives:progress", args=[record.initiative.code, record.fiscal_year, record.quarter])
    title = f"進捗状況調書：{record.initiative.title}　{record.quarter_label}"
    # What was approved is kept with the event; what was sent back may say something else by now.
    status = (event.content or {}).get("status")
    return Decision(event, title, url, Initiative.Status(status).label if status else "")


def _of_answer(event: AnswerEvent) -> Decision:
    recipient = event.recipient
    title = f"照会：{recipient.inquiry.title}（{recipient.department.name}）"
    return Decision(event, title, reverse("inquiries:recipient", args=[recipient.pk]), event.answer or event.file_name)
