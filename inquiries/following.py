"""The office's page about an inquiry: who has not answered, and what it does about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse

from inquiries import conversation, extending
from inquiries.forms import ExtensionDecisionForm, ExtensionForm, ReplyForm
from inquiries.issuing import close
from inquiries.listing import Answering, Chased, chased
from inquiries.models import Extension, Inquiry, Message
from inquiries.standing import Standing, standings_of

if TYPE_CHECKING:
    from django.forms import Form

    from accounts.access import Access


class FollowUp(Answering):
    """`problem` says what stood in the way of a deed."""

    def __init__(self, inquiry: Inquiry, access: Access, today: date, absolute: Callable[[str], str]) -> None:
        self.inquiry, self.access, self.today = inquiry, access, today
        self._absolute = absolute
        self.problem = ""
        self.is_refused = False
        self.reply_form, self.extension_form = ReplyForm(), ExtensionForm(prefix="all")
        self.decision_form = ExtensionDecisionForm()

    @cached_property
    def standings(self) -> list[Standing]:  # type: ignore[override]  # worked out once
        """Everybody who was asked, in 建制順."""
        return standings_of(self.inquiry.recipients.in_official_order(), self.today)

    @cached_property
    def chased(self) -> list[Chased]:
        return chased(self.standings, self._address_of)

    @property
    def unanswered(self) -> list[Standing]:
        """Those who had not answered everything when the inquiry was closed, or its month was (確定)."""
        return [standing for standing in self.standings if standing.is_closed and not standing.is_answered]

    @property
    def is_month_closed(self) -> bool:
        """Its month is closed (確定), though perhaps open again for some."""
        return self.is_open and any(standing.is_closed for standing in self.standings)

    def _address_of(self, standing: Standing) -> str:
        return self._absolute(reverse("inquiries:recipient", args=[standing.recipient.pk]))

    @cached_property
    def extensions(self) -> list[Extension]:
        related = ("recipient__department", "asked_by", "decided_by")
        return list(self.inquiry.extensions.select_related(*related).order_by("-asked_at", "-pk"))

    @property
    def asked(self) -> list[Extension]:
        return [each for each in self.extensions if each.state == Extension.State.ASKED]

    @property
    def decided(self) -> list[Extension]:
        return [each for each in self.extensions if each.state != Extension.State.ASKED]

    @cached_property
    def thread(self) -> list[Message]:
        return conversation.thread_of(self.inquiry)

    @property
    def is_open(self) -> bool:
        return self.inquiry.closed_at is None

    def act(self, data: QueryDict) -> str:
        """Does what was pressed and says so, or "" where a form has to be mended. Raises ValidationError."""
        deeds: dict[str, Callable[[QueryDict], str]] = {
            "reply": self._reply,
            "extend_all": self._extend_all,
            "grant": lambda sent: self._decide(sent, grant=True),
            "refuse": lambda sent: self._decide(sent, grant=False),
            "close": self._close,
        }
        deed = deeds.get(data.get("action", ""))
        if deed is None:
            raise PermissionDenied
        self.is_refused = True
        return deed(data)

    def _said(self, form: Form) -> dict[str, Any] | None:
        if form.is_valid():
            return form.cleaned_data
        self.problem = "　".join(f"{form.fields[name].label}：{error[0]}" for name, error in form.errors.items())
        return None

    def _reply(self, data: QueryDict) -> str:
        self.reply_form = ReplyForm(data)
        said = self._said(self.reply_form)
        if said is None:
            return ""
        questions = Message.objects.filter(inquiry=self.inquiry, department__isnull=False, answers__isnull=True)
        question = get_object_or_404(questions, pk=said["question"]) if said["question"] else None
        reply = conversation.reply(
            self.inquiry, question, said["reply"], for_all=said["is_for_all"], access=self.access
        )
        if question is None:
            return "全所属に知らせました。"
        return "全所属に回答しました。" if reply.is_for_all else "質問した所属に回答しました。"

    def _extend_all(self, data: QueryDict) -> str:
        self.extension_form = ExtensionForm(data, prefix="all")
        said = self._said(self.extension_form)
        if said is None:
            return ""
        moved = extending.extend_all(self.inquiry, until=said["until"], reason=said["reason"], access=self.access)
        return f"{moved}所属の回答期限を延長しました。"

    def _decide(self, data: QueryDict, *, grant: bool) -> str:
        self.decision_form = ExtensionDecisionForm(data)
        said = self._said(self.decision_form)
        if said is None:
            return ""
        extension = get_object_or_404(Extension, inquiry=self.inquiry, pk=said["extension"])
        extending.decide(extension, grant=grant, note=said["note"], access=self.access)
        return "延長を認めました。" if grant else "延長を認めませんでした。"

    def _close(self, data: QueryDict) -> str:
        close(self.inquiry, access=self.access)
        return "締め切りました。この照会は、もう回答できません。"
