"""進捗状況調書 step by step: saved, handed in, taken back, confirmed on its route or returned, opened again to be corrected."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts.deputising import note_used
from accounts.models import Assignment, RouteUse
from accounts.routing import Authority
from approvals.models import AUTHORED, DECIDED
from approvals.routes import right_to_decide, route_for, steps_of
from initiatives.models import Initiative, ProgressEvent, ProgressRecord
from initiatives.quarters import Quarter, reporting_department

if TYPE_CHECKING:
    from accounts.access import Access

State = ProgressRecord.State
Action = ProgressEvent.Action
REASON_LENGTH = 1000


class RecordConflict(Exception):
    """Somebody else saved or decided since the page was shown; `record` is what is stored now."""

    def __init__(self, record: ProgressRecord | None) -> None:
        super().__init__("表示したあとに、ほかの人が更新しました。いまの内容を確かめて、もう一度操作してください。")
        self.record = record


def record_of(initiative: Initiative, fiscal_year: int, quarter: int) -> ProgressRecord | None:
    found = ProgressRecord.objects.filter(initiative=initiative).of_quarter(fiscal_year, quarter)
    return found.select_related("initiative", "department", "author", "decided_by").first()


def save(
    initiative: Initiative,
    fiscal_year: int,
    quarter: int,
    content: Mapping[str, Any],
    *,
    access: Access,
    seen_version: int,
) -> ProgressRecord:
    """Keeps what was written so far; `seen_version` is that of the record shown (0: there was none)."""
    with transaction.atomic():
        record = _locked_or_none(initiative, fiscal_year, quarter)
        if (record.version if record else 0) != seen_version:
            raise RecordConflict(record)
        if record is None:
            record = ProgressRecord(initiative=initiative, fiscal_year=fiscal_year, quarter=quarter, version=0)
        _check_state(record, (State.DRAFT, State.RETURNED))
        department = reporting_department(initiative, Quarter(fiscal_year, quarter), record if record.pk else None)
        if department is None or not access.may_enter(department.pk):
            raise PermissionDenied
        record.department = department
        for name in ProgressRecord.CONTENT:
            setattr(record, name, content[name])
        record.author = access.user  # type: ignore[assignment]
        record.author_post = access.post_in(record.department_id, Assignment.Role.EDITOR)
        try:
            with transaction.atomic():
                return _store(record, Action.SAVED, access)
        except IntegrityError as error:  # a colleague began the same record a moment before
            raise RecordConflict(record_of(initiative, fiscal_year, quarter)) from error


def submit(record: ProgressRecord, *, access: Access, seen_version: int) -> ProgressRecord:
    """Hands the record to the first step of the department's route."""
    with transaction.atomic():
        record = _locked(record, seen_version, (State.DRAFT, State.RETURNED))
        _editor_only(record, access)
        if not record.status:
            raise ValidationError("提出するには、進捗状況を選んでください。", code="blank")
        if not record.results.strip():
            raise ValidationError("提出するには、実施内容・成果を入力してください。", code="blank")
        record.state, record.steps_passed, record.submitted_at = State.SUBMITTED, 0, access.now()
        record.route = route_for(record.department, RouteUse.Subject.PROGRESS)
        record.steps = ",".join(steps_of(record.route))
        return _store(record, Action.SUBMITTED, access)


def withdraw(record: ProgressRecord, *, access: Access, seen_version: int) -> ProgressRecord:
    """引戻し before the record is approved; its route begins anew."""
    with transaction.atomic():
        record = _locked(record, seen_version, (State.SUBMITTED,))
        _editor_only(record, access)
        record.state, record.steps_passed, record.submitted_at = State.DRAFT, 0, None
        return _store(record, Action.WITHDRAWN, access)


def approve(record: ProgressRecord, *, access: Access, seen_version: int) -> ProgressRecord:
    """Confirms the record at the step it has reached; after the last one it counts. Never by who wrote it."""
    with transaction.atomic():
        record = _locked(record, seen_version, (State.SUBMITTED,))
        authority = _authority(record, access)
        record.steps_passed += 1
        if record.steps_passed < len(record.roles):
            return _store(record, Action.CONFIRMED, access, authority=authority)
        record.state, record.decided_at = State.APPROVED, access.now()
        record.decided_by, record.decided_post = access.user, authority.post  # type: ignore[assignment]
        return _store(record, Action.APPROVED, access, authority=authority)


def send_back(record: ProgressRecord, *, access: Access, reason: str, seen_version: int) -> ProgressRecord:
    """差戻し with a reason that is kept; the route begins anew."""
    reason = _checked(reason, "差し戻す理由")
    with transaction.atomic():
        record = _locked(record, seen_version, (State.SUBMITTED,))
        authority = _authority(record, access)
        record.state, record.steps_passed = State.RETURNED, 0
        return _store(record, Action.RETURNED, access, authority=authority, reason=reason)


def reopen(record: ProgressRecord, *, access: Access, reason: str, seen_version: int) -> ProgressRecord:
    """訂正: an approved record is written anew, with a reason; until that is approved, what was approved last counts."""
    reason = _checked(reason, "訂正する理由")
    with transaction.atomic():
        record = _locked(record, seen_version, (State.APPROVED,))
        _editor_only(record, access)
        record.state, record.steps_passed, record.submitted_at = State.DRAFT, 0, None
        record.decided_at, record.decided_by, record.decided_post = None, None, ""
        return _store(record, Action.REOPENED, access, reason=reason)


def note_review(event: ProgressEvent, *, access: Access) -> ProgressEvent:
    """後閲: the holder of the post looked at what a deputy decided (initiatives.deciding says whose that is)."""
    if event.principal is None:
        raise PermissionDenied
    return _keep(event.record, Action.REVIEWED, access, post=event.principal.post, principal=event.principal)


def authority_over(record: ProgressRecord, access: Access) -> Authority | None:
    """By what right a person may decide about a submitted record now; None without one."""
    return access.authority(record.current_role, record.department)


def is_author(record: ProgressRecord, access: Access) -> bool:
    """Somebody who wrote a record and let a colleague hand it in is still its author."""
    wrote = record.events.filter(action__in=AUTHORED, actor=access.user.pk).exists()
    return wrote or record.author_id == access.user.pk


def _checked(reason: str, label: str) -> str:
    reason = reason.strip()
    if not reason:
        raise ValidationError(f"{label}を入力してください。", code="reason")
    if len(reason) > REASON_LENGTH:
        raise ValidationError(f"{label}は{REASON_LENGTH}字以内で入力してください。", code="length")
    return reason


def _locked_or_none(initiative: Initiative, fiscal_year: int, quarter: int) -> ProgressRecord | None:
    found = ProgressRecord.objects.select_for_update(of=("self",)).select_related("initiative", "department")
    return found.filter(initiative=initiative).of_quarter(fiscal_year, quarter).first()


def _locked(record: ProgressRecord, seen_version: int, allowed: Collection[str]) -> ProgressRecord:
    found = ProgressRecord.objects.select_for_update(of=("self",)).select_related("initiative", "department")
    current = found.get(pk=record.pk)
    if current.version != seen_version:
        raise RecordConflict(current)
    _check_state(current, allowed)
    return current


def _check_state(record: ProgressRecord, allowed: Collection[str]) -> None:
    if record.state not in allowed:
        raise ValidationError(
            f"この調書は「{record.state_label}」のため、この操作はできません。画面を開き直してください。", code="state"
        )


def _editor_only(record: ProgressRecord, access: Access) -> None:
    if not access.may_enter(record.department_id):
        raise PermissionDenied


def _authority(record: ProgressRecord, access: Access) -> Authority:
    found = authority_over(record, access)
    return right_to_decide(found, is_author=found is not None and is_author(record, access), what="調書")


def _store(
    record: ProgressRecord, action: str, access: Access, *, authority: Authority | None = None, reason: str = ""
) -> ProgressRecord:
    """Writes the record and the event that says what happened; without an authority an editor acts."""
    record.version += 1
    record.updated_at = access.now()
    record.full_clean(exclude=["initiative", "department", "author", "decided_by", "route"], validate_unique=False)
    record.save()
    post = authority.post if authority else access.post_in(record.department_id, Assignment.Role.EDITOR)
    _keep(record, action, access, post=post, principal=authority.principal if authority else None, reason=reason)
    return record


def _keep(
    record: ProgressRecord, action: str, access: Access, *, post: str, principal: Assignment | None, reason: str = ""
) -> ProgressEvent:
    if principal is not None and action in DECIDED:
        note_used(principal, access.user.pk or 0, access.on)
    return ProgressEvent.objects.create(
        record=record,
        action=action,
        actor=access.user,  # type: ignore[misc]  # signed in
        actor_name=str(access.user.name),  # type: ignore[union-attr]
        post=post,
        principal=principal,
        reason=reason,
        content=record.content if action == Action.APPROVED else None,
        at=access.now(),
    )
