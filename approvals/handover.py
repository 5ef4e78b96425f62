"""Reports change hands: 事務引継 from one person to the next, another department by choice or by 組織改正."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet

from accounts.handing_over import Part, Work
from accounts.models import Assignment, Department
from accounts.routing import holds
from approvals.kinds import BATCH, R
from approvals.models import Action
from approvals.procedure import Procedure
from approvals.reviews import unreviewed

if TYPE_CHECKING:
    from accounts.access import Access


def begun_by(procedure: Procedure[R], giver: Assignment) -> QuerySet[R]:
    """What the holder of an editor's post wrote and nobody approved yet, handed in or not."""
    found = procedure.begun().filter(author=giver.user_id, department=giver.department_id)
    return found if giver.role == Assignment.Role.EDITOR else found.none()


def waiting_for_post(procedure: Procedure[R], giver: Assignment) -> list[R]:
    """What waits for the post's decision."""
    return [each for each in procedure.in_turn([giver]) if holds(giver, each.current_role, each.department)]


def works(procedure: Procedure[R], reports: Iterable[R]) -> list[Work]:
    """Reports as the preview and the paper of a handover name them."""
    return [Work(procedure.line(each), f"{procedure.event.OF}{each.pk}:{each.version}") for each in reports]


def begun_part(procedure: Procedure[R], giver: Assignment) -> Part:
    return Part(f"手続き中の{procedure.name}", works(procedure, begun_by(procedure, giver)))


def waiting_part(procedure: Procedure[R], giver: Assignment) -> Part:
    return Part(f"承認を待っている{procedure.name}", works(procedure, waiting_for_post(procedure, giver)))


def unreviewed_works(procedure: Procedure[R], giver: Assignment) -> list[Work]:
    """What deputies decided in the post and nobody looked at yet."""
    events = unreviewed(procedure.events().filter(principal=giver))
    return [
        Work(f"{procedure.name}：{procedure.title(event.report)}", f"{procedure.event.OF}v{event.pk}")
        for event in events
    ]


def hand_over_reports(procedure: Procedure[R], giver: Assignment, taker: Assignment, access: Access) -> None:
    """The successor becomes the author of what was not handed in. What was handed in keeps its author, with a note."""
    with transaction.atomic():
        begun = list(begun_by(procedure, giver))
        procedure.hold(begun)
        reports = list(procedure.locked().filter(pk__in=[report.pk for report in begun]))
        moved = [report for report in reports if report.is_writable]
        for report in moved:
            report.author, report.author_post = taker.user, taker.post
            procedure.change(report, Action.HANDED_OVER, access)
        columns = ["author", "author_post", "version", *procedure.also_written]
        procedure.model._default_manager.bulk_update(moved, columns, batch_size=BATCH)
        reason = f"{giver.user}から{taker.user}へ事務引継"
        procedure.note(reports, Action.HANDED_OVER, access, post=_post(access), reason=reason)


def reassign(
    procedure: Procedure[R],
    moves: Mapping[R, Department],
    *,
    access: Access,
    reason: str,
    action: Action = Action.REASSIGNED,
) -> None:
    """Another department goes on with each report, and its history says so. `action` tells a 組織改正 from a choice."""
    with transaction.atomic():
        procedure.hold(moves)
        targets = {report.pk: department for report, department in moves.items()}
        reports = list(procedure.locked().filter(pk__in=targets))
        for report in reports:
            report.department = targets[report.pk]
            report.version += 1
        procedure.model._default_manager.bulk_update(reports, ["department", "version"], batch_size=BATCH)
        procedure.note(reports, action, access, post=_post(access), reason=reason)


def _post(access: Access) -> str:
    return access.posts[0] if access.posts else ""
