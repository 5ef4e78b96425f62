"""事務引継 of one-off inquiries: what a successor answers, begun or not."""

from __future__ import annotations

from django.db.models import Q

from accounts.handing_over import Part
from accounts.models import Assignment
from approvals.handover import works
from inquiries.answering import ANSWERS


def requests_part(giver: Assignment) -> Part:
    """What the editor's department has still to bring to its end: written by the giver, or by nobody yet."""
    mine = Q(author=giver.user_id) | Q(author__isnull=True)
    found = ANSWERS.begun().filter(mine, department=giver.department_id)
    return Part(
        "回答の済んでいない照会", works(ANSWERS, found if giver.role == Assignment.Role.EDITOR else found.none())
    )
