"""The page of an initiative's quarter: its form, its history, and what pressing each button does."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import QueryDict

from approvals.conflict import Conflict
from approvals.forms import DecisionForm, ReopenForm
from approvals.procedure import authority_over
from approvals.reviews import is_own
from initiatives import reporting
from initiatives.models import Initiative, ProgressEvent, ProgressRecord
from initiatives.quarters import Quarter, reporting_department
from initiatives.record_forms import RecordForm

if TYPE_CHECKING:
    from accounts.access import Access

State = ProgressRecord.State


class RecordPage:
    """`problem` says what stood in the way of a deed; the form comes back with what was typed."""

    def __init__(self, initiative: Initiative, quarter: Quarter, access: Access) -> None:
        self.initiative, self.quarter, self.access = initiative, quarter, access
        self.record = reporting.record_of(initiative, quarter.fiscal_year, quarter.number)
        department = reporting_department(initiative, quarter, self.record)
        if not department or not access.may_see_entries(department):
            raise PermissionDenied
        self.department = department
        self.may_enter = access.may_enter(department.pk)
        self.problem = ""
        self.theirs: ProgressRecord | None = None
        #: After a conflict: what was typed (label, text) and finds no form any more.
        self.lost: list[tuple[str, str]] = []
        self.form = RecordForm(record=self.record)
        self.decision = self._reasons().shown(self.version)

    def _reasons(self) -> type[DecisionForm]:
        """Of an approved record the reason is that of its correction."""
        return ReopenForm if self.state == State.APPROVED else DecisionForm

    @property
    def version(self) -> int:
        return self.record.version if self.record else 0

    @property
    def state(self) -> str:
        return self.record.state if self.record else ""

    @property
    def can_write(self) -> bool:
        return self.may_enter and self.state in ("", State.DRAFT, State.RETURNED)

    @property
    def can_withdraw(self) -> bool:
        return self.may_enter and self.state == State.SUBMITTED

    @property
    def can_reopen(self) -> bool:
        return self.may_enter and self.state == State.APPROVED

    @cached_property
    def is_correction(self) -> bool:
        """It was approved before: until it is approved again, those words count."""
        is_open = self.record is not None and self.record.is_open
        return is_open and any(event.action == ProgressEvent.Action.APPROVED for event in self.events)

    @cached_property
    def can_decide(self) -> bool:
        is_waiting = self.record is not None and self.state == State.SUBMITTED
        return is_waiting and authority_over(self.record, self.access) is not None  # type: ignore[arg-type]

    @cached_property
    def is_own(self) -> bool:
        return self.record is not None and is_own(self.record, self.access)

    @cached_property
    def events(self) -> list[ProgressEvent]:
        return list(self.record.events.order_by("-at", "-id")) if self.record else []

    def act(self, data: QueryDict) -> str:
        """Does what was pressed and says so, or "" where something has to be mended first."""
        deeds: dict[str, Callable[[QueryDict], str]] = {
            "save": self._save,
            "submit": self._submit,
            "withdraw": self._withdraw,
            "approve": self._approve,
            "return": self._return,
            "reopen": self._reopen,
        }
        deed = deeds.get(data.get("action", ""))
        if deed is None or not (self.may_enter or self.can_decide):
            raise PermissionDenied
        try:
            return deed(data)
        except ValidationError as error:
            self.problem = " ".join(error.messages)
        except Conflict as conflict:
            self._show(conflict, data)
        return ""

    def _show(self, conflict: Conflict, data: QueryDict) -> None:
        """What was typed stays, beside what is stored now; saving again takes its place."""
        self.problem, self.theirs = str(conflict), conflict.report
        self.record = conflict.report
        if "results" in data:
            again = data.copy()
            again["seen_version"] = str(self.version)
            self.form = RecordForm(again)
            if not self.can_write:
                self.lost = _typed(self.form, data)
        self.decision = self._reasons().shown(self.version, data.get("reason", ""))

    def _save(self, data: QueryDict) -> str:
        if not self.may_enter:
            raise PermissionDenied
        self.form = RecordForm(data)
        if not self.form.is_valid():
            return ""
        self.record = reporting.save(
            self.initiative,
            self.quarter.fiscal_year,
            self.quarter.number,
            self.form.content,
            access=self.access,
            seen_version=self.form.cleaned_data["seen_version"],
        )
        return "一時保存しました。"

    def _submit(self, data: QueryDict) -> str:
        if not self._save(data) or self.record is None:
            return ""
        # What was written is kept whatever comes now; the form goes on from the version it made.
        self.form = RecordForm(record=self.record)
        reporting.submit(self.record, access=self.access, seen_version=self.record.version)
        return "調書を提出しました。"

    def _decided(self, data: QueryDict) -> tuple[ProgressRecord, int, str]:
        needed = data.get("action") in ("return", "reopen")
        self.decision = self._reasons()(data, reason_needed=needed)
        if not self.decision.is_valid():
            raise ValidationError("入力を確かめてください。理由は1000字までです。", code="form")
        if self.record is None:
            raise PermissionDenied
        said = self.decision.cleaned_data
        return self.record, said["seen_version"], said["reason"]

    def _withdraw(self, data: QueryDict) -> str:
        record, seen, _ = self._decided(data)
        reporting.withdraw(record, access=self.access, seen_version=seen)
        return "引き戻しました。直してから、もう一度提出してください。"

    def _approve(self, data: QueryDict) -> str:
        record, seen, _ = self._decided(data)
        decided = reporting.approve(record, access=self.access, seen_version=seen)
        return "承認しました。" if decided.state == State.APPROVED else "確認しました。次の段階の確認者へ回りました。"

    def _return(self, data: QueryDict) -> str:
        record, seen, reason = self._decided(data)
        reporting.send_back(record, access=self.access, reason=reason, seen_version=seen)
        return "差し戻しました。"

    def _reopen(self, data: QueryDict) -> str:
        record, seen, reason = self._decided(data)
        reporting.reopen(record, access=self.access, reason=reason, seen_version=seen)
        return "訂正できるようにしました。直してから、もう一度提出してください。"


def _typed(form: RecordForm, data: QueryDict) -> list[tuple[str, str]]:
    """What was written in the form, with the fields' labels."""
    names = [name for name in form.fields if name not in ("seen_version", "status")]
    written = [(str(form.fields[name].label), str(data.get(name, ""))) for name in names]
    return [(label, text) for label, text in written if text.strip()]
