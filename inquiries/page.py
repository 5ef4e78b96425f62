"""A department's page about an inquiry: its forms, and what pressing each button does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import QueryDict
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from approvals.conflict import Conflict
from approvals.forms import DecisionForm
from approvals.procedure import authority_over
from approvals.reviews import is_own
from initiatives.quarters import quarter_of
from inquiries import answering, conversation, extending
from inquiries.forms import AnswerForm, ExtensionForm, QuestionForm
from inquiries.models import AnswerEvent, Extension, Inquiry, Message, Recipient
from inquiries.standing import standings_of

if TYPE_CHECKING:
    from django.forms import Form

    from accounts.access import Access

State = Recipient.State


class AnswerPage:
    """`problem` says what stood in the way of a deed; forms come back with what was typed."""

    def __init__(self, recipient: Recipient, access: Access, today: date) -> None:
        self.access, self.today = access, today
        self._look_at(recipient)
        self.may_enter = access.may_enter(recipient.department_id)
        self.problem = ""
        self.answer_form = AnswerForm(recipient=recipient)
        self.decision_form = DecisionForm.shown(recipient.version)
        self.question_form = QuestionForm()
        self.extension_form = ExtensionForm()
        self.is_refused = False
        #: After a conflict: what somebody else stored, and what was typed here but finds no form any more.
        self.theirs: Recipient | None = None
        self.lost, self.has_upload = "", False

    def _look_at(self, recipient: Recipient) -> None:
        self.recipient, self.inquiry = recipient, recipient.inquiry
        [self.standing] = standings_of([recipient], self.today)

    @property
    def is_one_off(self) -> bool:
        return self.inquiry.kind == Inquiry.Kind.ONE_OFF

    @property
    def is_open(self) -> bool:
        return self.inquiry.closed_at is None

    @property
    def can_answer(self) -> bool:
        """The answer may be written now, by this person."""
        is_writable = self.recipient.state in (State.OPEN, State.RETURNED)
        return self.may_enter and self.is_one_off and self.is_open and is_writable

    @property
    def can_withdraw(self) -> bool:
        return self.may_enter and self.is_one_off and self.is_open and self.recipient.state == State.SUBMITTED

    @property
    def can_decide(self) -> bool:
        waits = self.is_one_off and self.is_open and self.recipient.state == State.SUBMITTED
        return waits and authority_over(self.recipient, self.access) is not None

    @cached_property
    def is_own(self) -> bool:
        return is_own(self.recipient, self.access)

    @cached_property
    def events(self) -> list[AnswerEvent]:
        """What happened to the answer, newest first."""
        return list(self.recipient.events.order_by("-at", "-pk"))

    @property
    def can_ask_for_time(self) -> bool:
        is_waited_for = not (self.standing.is_closed or self.standing.is_answered)
        return self.may_enter and is_waited_for and self.asked is None

    @property
    def asked(self) -> Extension | None:
        """The request for more time that waits for its decision."""
        waiting = [each for each in self.extensions if each.state == Extension.State.ASKED]
        return waiting[0] if waiting else None

    @property
    def extensions(self) -> list[Extension]:
        """What was asked and decided for this department or for all, newest first."""
        if not hasattr(self, "_extensions"):
            found = self.inquiry.extensions.select_related("decided_by").order_by("-asked_at", "-pk")
            self._extensions = [each for each in found if each.recipient_id in (None, self.recipient.pk)]
        return self._extensions

    @property
    def thread(self) -> list[Message]:
        return conversation.thread_of(self.inquiry, self.recipient.department_id)

    @property
    def figures_url(self) -> str:
        """Where a regular inquiry is answered."""
        month = self.inquiry.month
        if self.inquiry.kind == Inquiry.Kind.MONTHLY and month is not None:
            return reverse("entries:month", args=[self.recipient.department.code, f"{month:%Y-%m}"])
        if self.inquiry.kind == Inquiry.Kind.PROGRESS and month is not None:
            return f"{reverse('initiatives:progress_list')}?quarter={quarter_of(month).code}"
        return ""

    def act(self, data: QueryDict, files: MultiValueDict[str, Any]) -> str:
        """Does what was pressed and says so, or "" where a form has to be mended. Raises ValidationError."""
        deeds: dict[str, Callable[[], str]] = {
            "save": lambda: self._answer(data, files, hands_in=False),
            "submit": lambda: self._answer(data, files, hands_in=True),
            "withdraw": lambda: self._decide(data, "withdraw"),
            "approve": lambda: self._decide(data, "approve"),
            "return": lambda: self._decide(data, "return"),
            "question": lambda: self._ask(data),
            "extension": lambda: self._ask_for_time(data),
        }
        deed = deeds.get(data.get("action", ""))
        if deed is None:
            raise PermissionDenied
        self.is_refused = True
        try:
            return deed()
        except Conflict as conflict:
            self._show(conflict, data)
            self.has_upload = bool(files)
            return ""

    def _show(self, conflict: Conflict, data: QueryDict) -> None:
        """What was typed stays, beside what is stored now; the same button pressed again goes on from there."""
        self.problem, self.theirs = str(conflict), conflict.report
        self._look_at(conflict.report)
        version = self.recipient.version
        if "answer" in data and self.can_answer:
            again = data.copy()
            again["seen_version"] = str(version)
            self.answer_form = AnswerForm(again, recipient=self.recipient)
        else:
            self.answer_form = AnswerForm(recipient=self.recipient)
            self.lost = data.get("answer", "")
        self.decision_form = DecisionForm.shown(version, data.get("reason", ""))

    def _checked(self, form: Form) -> dict[str, Any] | None:
        return form.cleaned_data if form.is_valid() else None

    def _answer(self, data: QueryDict, files: MultiValueDict[str, Any], *, hands_in: bool) -> str:
        if not self.may_enter:
            raise PermissionDenied
        self.answer_form = AnswerForm(data, files, recipient=self.recipient)
        said = self._checked(self.answer_form)
        if said is None:
            return ""
        saved = answering.save(
            self.recipient,
            said["answer"],
            access=self.access,
            seen_version=said["seen_version"],
            attachment=said["file"],
            drop_file=said.get("drop_file", False),
        )
        if not hands_in:
            return "一時保存しました。"
        self.recipient = saved
        try:
            answering.submit(saved, access=self.access, seen_version=saved.version)
        except ValidationError:
            # What was written is kept; the form goes on from the version it made.
            self.answer_form = AnswerForm(recipient=saved)
            raise
        return "回答を提出しました。"

    def _decide(self, data: QueryDict, deed: str) -> str:
        self.decision_form = DecisionForm(data, reason_needed=deed == "return")
        said = self._checked(self.decision_form)
        if said is None:
            return ""
        access, seen = self.access, said["seen_version"]
        if deed == "withdraw":
            answering.withdraw(self.recipient, access=access, seen_version=seen)
            return "引き戻しました。直してから、もう一度提出してください。"
        if deed == "return":
            answering.send_back(self.recipient, access=access, reason=said["reason"], seen_version=seen)
            return "差し戻しました。"
        decided = answering.approve(self.recipient, access=access, seen_version=seen)
        return "承認しました。" if decided.state == State.ANSWERED else "確認しました。次の段階の確認者へ回りました。"

    def _ask(self, data: QueryDict) -> str:
        if not self.may_enter:
            raise PermissionDenied
        self.question_form = QuestionForm(data)
        said = self._checked(self.question_form)
        if said is None:
            return ""
        conversation.ask(self.recipient, said["question"], access=self.access)
        return "質問を送りました。取りまとめ課の回答は、この画面に表示されます。"

    def _ask_for_time(self, data: QueryDict) -> str:
        if not self.may_enter:
            raise PermissionDenied
        self.extension_form = ExtensionForm(data)
        said = self._checked(self.extension_form)
        if said is None:
            return ""
        extending.ask(self.recipient, until=said["until"], reason=said["reason"], access=self.access)
        return "期限の延長を申請しました。取りまとめ課が決めます。"
