"""The one way a report goes: written, handed in, taken back, confirmed on its route step by step, or returned.

Every kind of report is a Procedure with its own hooks (approvals.kinds). An act takes any number of reports, each with the version that was
shown (None: unchecked), and is one transaction: all or none, by statements over sets. It locks the reports, asks who acts
and in which state each is, writes the new state and an event for each. For a single report there is the same act by its
short name, which raises what stands in its way; the act on several raises Refused with all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Assignment
from accounts.routing import Authority
from approvals.conflict import Conflict, Errors, Refused
from approvals.kinds import BATCH, Kind, R
from approvals.models import AUTHORED, Action, Report
from approvals.routes import routes_for, steps_of

if TYPE_CHECKING:
    from accounts.access import Access

REASON_LENGTH = 1000
#: The columns that the acts write.
WAY = ("state", "route", "steps", "steps_passed", "version", "submitted_at", "decided_at", "decided_by", "decided_post")


def authority_over(report: Report, access: Access) -> Authority | None:
    """By what right a person may decide about a submitted report now; None without one."""
    return access.authority(report.current_role, report.department)


def check_reason(reason: str, label: str) -> str:
    """The reason without blanks around it. Raises ValidationError for none or one that is too long."""
    reason = reason.strip()
    if not reason:
        raise ValidationError(f"{label}を入力してください。", code="reason")
    if len(reason) > REASON_LENGTH:
        raise ValidationError(f"{label}は{REASON_LENGTH}字以内で入力してください。", code="length")
    return reason


def where_possible(act: Callable[..., list[R]], seen: Mapping[R, int | None], **given: Any) -> list[R]:
    """The act on those reports on which it is possible: what somebody else went on with meanwhile is left out."""
    left = dict(seen)
    while left:
        try:
            return act(left, **given)
        except Refused as refused:
            left = {report: version for report, version in left.items() if report.pk not in refused.errors}
    return []


class Procedure(Kind[R]):
    """The acts of a kind of report."""

    # --- what those who write do ---

    def save(self, report: R, *, access: Access) -> R:
        """Keeps what was written so far in a report that is locked, or is new; who writes is its author. Inside the
        caller's transaction, after it asked who may write and whether the version is the one that was shown."""
        report.author = access.user
        report.author_post = access.post_in(report.department_id, Assignment.Role.EDITOR)
        self.change(report, Action.SAVED, access)
        relations = [field.name for field in self.model._meta.concrete_fields if field.is_relation]
        report.clean_fields(exclude=relations)
        try:
            with transaction.atomic():
                report.save()
        except IntegrityError as error:
            raise Conflict(self.twin(report), self.counting(report)) from error
        self.note([report], Action.SAVED, access)
        return report

    def submit_all(self, seen: Mapping[R, int | None], *, access: Access) -> list[R]:
        """Hands reports to the first step of their departments' routes."""
        with transaction.atomic():
            reports, errors = self._take(seen, (self.model.BEGUN, self.model.RETURNED))
            self._writers_only(reports, access)
            self._stop(errors | self.complete(reports, access))
            self.put_on_route(reports, access)
            self._write(reports)
            self.note(reports, Action.SUBMITTED, access)
            return reports

    def put_on_route(self, reports: Collection[R], access: Access) -> None:
        """Puts reports at the first step of their routes, without storing them: for the import of a file too, which
        stores many new ones by its own statements."""
        routes = routes_for({report.department for report in reports}, self.subject)
        for report in reports:
            report.state, report.steps_passed, report.submitted_at = self.model.SUBMITTED, 0, access.now()
            report.route = routes[report.department_id]
            report.steps = ",".join(steps_of(report.route))
            self.change(report, Action.SUBMITTED, access)

    def withdraw_all(self, seen: Mapping[R, int | None], *, access: Access) -> list[R]:
        """引戻し before reports are approved; their routes begin anew."""
        with transaction.atomic():
            reports, errors = self._take(seen, (self.model.SUBMITTED,))
            self._writers_only(reports, access)
            self._stop(errors)
            return self._go(reports, self.model.BEGUN, Action.WITHDRAWN, access)

    def discard_all(self, seen: Mapping[R, int | None], *, access: Access) -> list[R]:
        """Drops reports that are not handed in; what happened to them stays readable."""
        with transaction.atomic():
            reports, errors = self._take(seen, (self.model.BEGUN, self.model.RETURNED))
            self._writers_only(reports, access)
            self._stop(errors)
            return self._go(reports, self.model.DISCARDED, Action.DISCARDED, access)

    def reopen_all(self, seen: Mapping[R, int | None], *, access: Access, reason: str) -> list[R]:
        """訂正: approved reports are written anew, with a reason that is kept."""
        reason = check_reason(reason, "訂正する理由")
        with transaction.atomic():
            reports, errors = self._take(seen, (self.model.APPROVED,))
            self._writers_only(reports, access)
            self._stop(errors)
            for report in reports:
                report.decided_at, report.decided_by, report.decided_post = None, None, ""
            return self._go(reports, self.model.BEGUN, Action.REOPENED, access, reason=reason)

    # --- what those who approve do ---

    def approve_all(self, seen: Mapping[R, int | None], *, access: Access) -> list[R]:
        """Confirms reports at the step each has reached; after its last one it counts. Never by who wrote it."""
        with transaction.atomic():
            reports, errors = self._take(seen, (self.model.SUBMITTED,))
            rights, own = self._rights(reports, access)
            errors |= own
            able = [report for report in reports if report.pk not in own]
            for report in able:
                report.steps_passed += 1
            last = [report for report in able if report.steps_passed >= len(report.roles)]
            self._stop(errors | self.counts(last, rights, access))
            for report in last:
                report.state, report.decided_at = self.model.APPROVED, access.now()
                report.decided_by, report.decided_post = access.user, rights[report.pk].post  # type: ignore[assignment]
                self.change(report, Action.APPROVED, access)
            confirmed = [report for report in able if report not in last]
            for report in confirmed:
                self.change(report, Action.CONFIRMED, access)
            self._write(able)
            self.note(confirmed, Action.CONFIRMED, access, rights=rights)
            self.note(last, Action.APPROVED, access, rights=rights)
            return able

    def send_back_all(self, seen: Mapping[R, int | None], *, access: Access, reason: str) -> list[R]:
        """差戻し with a reason that is kept; the routes begin anew."""
        reason = check_reason(reason, "差し戻す理由")
        with transaction.atomic():
            reports, errors = self._take(seen, (self.model.SUBMITTED,))
            rights, own = self._rights(reports, access)
            self._stop(errors | own)
            for report in reports:
                report.state, report.steps_passed = self.model.RETURNED, 0
                self.change(report, Action.RETURNED, access)
            self._write(reports)
            self.note(reports, Action.RETURNED, access, rights=rights, reason=reason)
            return reports

    # --- the same for a single report ---

    def submit(self, report: R, *, access: Access, seen_version: int | None = None) -> R:
        return self._alone(self.submit_all, report, seen_version, access=access)

    def withdraw(self, report: R, *, access: Access, seen_version: int | None = None) -> R:
        return self._alone(self.withdraw_all, report, seen_version, access=access)

    def discard(self, report: R, *, access: Access, seen_version: int | None = None) -> R:
        return self._alone(self.discard_all, report, seen_version, access=access)

    def reopen(self, report: R, *, access: Access, reason: str, seen_version: int | None = None) -> R:
        return self._alone(self.reopen_all, report, seen_version, access=access, reason=reason)

    def approve(self, report: R, *, access: Access, seen_version: int | None = None) -> R:
        return self._alone(self.approve_all, report, seen_version, access=access)

    def send_back(self, report: R, *, access: Access, reason: str, seen_version: int | None = None) -> R:
        return self._alone(self.send_back_all, report, seen_version, access=access, reason=reason)

    # --- steps of the acts ---

    def _take(self, seen: Mapping[R, int | None], allowed: Collection[str]) -> tuple[list[R], Errors]:
        """The reports as they are in the database now, locked: those on which the act is possible, and what stands in
        the way of the others."""
        self.hold(seen)
        shown = {report.pk: version for report, version in seen.items()}
        found, errors = [], Errors()
        for report in self.locked().filter(pk__in=shown):
            error: Conflict | ValidationError | None = self.refusal(report)
            if error is None and shown[report.pk] not in (None, report.version):
                error = Conflict(report, self.counting(report))
            if error is None and report.state not in allowed:
                error = self._wrong_state(report)
            if error is None:
                found.append(report)
            else:
                errors[report.pk] = error
        return found, errors

    def _wrong_state(self, report: R) -> ValidationError:
        return ValidationError(
            f"この{self.word}は「{report.state_label}」のため、この操作はできません。画面を開き直してください。",
            code="state",
        )

    def check_writable(self, report: R) -> None:
        """Raises ValidationError for a report that is not with those who write it."""
        if not report.is_writable:
            raise self._wrong_state(report)

    def _stop(self, errors: Errors) -> None:
        if errors:
            raise Refused(errors)

    def _writers_only(self, reports: Iterable[R], access: Access) -> None:
        if not all(access.may_enter(report.department_id) for report in reports):
            raise PermissionDenied

    def _rights(self, reports: Collection[R], access: Access) -> tuple[dict[int, Authority], Errors]:
        """By what right the person decides about each; those they wrote themselves, they may not."""
        rights = {report.pk: authority_over(report, access) for report in reports}
        own_events = self.event._default_manager.filter(
            **{f"{self.event.OF}__in": rights}, action__in=AUTHORED, actor=access.user.pk
        )
        wrote = set(own_events.values_list(f"{self.event.OF}_id", flat=True)) if rights else set()
        wrote |= {report.pk for report in reports if report.author_id == access.user.pk}
        found = {pk: right for pk, right in rights.items() if right is not None}
        if len(found) < len(rights):
            raise PermissionDenied
        message = f"自分が入力した{self.word}は承認も差戻しもできません。ほかの確認者に依頼してください。"
        return found, {pk: ValidationError(message, code="author") for pk in wrote}

    def _go(self, reports: list[R], state: str, action: Action, access: Access, *, reason: str = "") -> list[R]:
        """Back to those who write, or out of sight."""
        for report in reports:
            report.state = state
            if state == self.model.BEGUN:
                report.steps_passed, report.submitted_at = 0, None
            self.change(report, action, access)
        self._write(reports)
        self.note(reports, action, access, reason=reason)
        return reports

    def change(self, report: R, action: Action, access: Access) -> None:
        """What every change of a report brings along, without storing it."""
        report.version += 1
        self.touched(report, action, access)

    def _write(self, reports: Collection[R]) -> None:
        self.model._default_manager.bulk_update(reports, [*WAY, *self.also_written], batch_size=BATCH)

    def _alone(self, act: Callable[..., list[R]], report: R, seen_version: int | None, **given: Any) -> R:
        try:
            [done] = act({report: seen_version}, **given)
        except Refused as refused:
            raise refused.errors[report.pk] from refused
        return done
