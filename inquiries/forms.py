"""The forms of inquiries."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from accounts.days import DayField
from accounts.models import Department
from inquiries.attachment import ACCEPTED, TYPES, Attachment, read_attachment
from inquiries.issuing import Request, departments_to_ask
from inquiries.models import Recipient
from inquiries.wording import contact_of_the_office

NOTICE = "回答とコメントは公文書として情報公開の対象になります。個人が特定される内容は書かないでください。"


def _day(label: str) -> DayField:
    return DayField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def _long(label: str, length: int, *, rows: int = 3, required: bool = True, help_text: str = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=length, widget=widget, required=required, help_text=help_text)


class OneOffForm(forms.Form):
    """A one-off inquiry: what is asked, of whom, within how many working days."""

    title = forms.CharField(label="件名", max_length=120)
    text = _long("依頼文", 4000, rows=5)
    instructions = _long("記入要領", 4000, required=False)
    contact = forms.CharField(label="問合せ先", max_length=200)
    working_days = forms.IntegerField(
        label="回答期限までの開庁日数",
        min_value=1,
        max_value=60,
        initial=5,
        help_text="今日の翌開庁日を1日目と数えます。",
    )
    everyone = forms.BooleanField(label="下に並ぶすべての所属に照会する", required=False)
    departments: forms.ModelMultipleChoiceField[Department] = forms.ModelMultipleChoiceField(
        label="宛先の所属",
        queryset=Department.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="入力担当者がいる所属を建制順に並べています。",
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["departments"].queryset = departments_to_ask(today)  # type: ignore[attr-defined]
        self.fields["contact"].initial = contact_of_the_office

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("everyone"):
            data["departments"] = self.fields["departments"].queryset  # type: ignore[attr-defined]
        if "departments" in data and not data["departments"]:
            self.add_error("departments", "宛先の所属を1つ以上選んでください。")
        return data

    @property
    def request(self) -> Request:
        names = ("title", "text", "instructions", "contact", "working_days")
        return Request(**{name: self.cleaned_data[name] for name in names})


class AnswerForm(forms.Form):
    """A department's answer, with the version the page showed."""

    answer = _long("回答", 8000, rows=6, required=False, help_text=NOTICE)
    file = forms.FileField(
        label="添付ファイル",
        required=False,
        help_text=f"{ACCEPTED}。20MBまで。",
        widget=forms.FileInput(attrs={"accept": ",".join(TYPES)}),
    )
    drop_file = forms.BooleanField(label="添付したファイルを取り下げる", required=False)
    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, recipient: Recipient, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"answer": recipient.answer, "seen_version": recipient.version})
        super().__init__(*args, **kwargs)
        if not recipient.file:
            del self.fields["drop_file"]

    def clean_file(self) -> Attachment | None:
        upload: UploadedFile | None = self.cleaned_data["file"]
        return read_attachment(upload) if upload else None


class QuestionForm(forms.Form):
    question = _long(
        "質問", 2000, help_text="取りまとめ課が読みます。回答が全所属に共有されるときも、所属名は示しません。"
    )


class ReplyForm(forms.Form):
    reply = _long("回答・お知らせ", 2000)
    is_for_all = forms.BooleanField(label="全所属に見せる", required=False)
    question = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ExtensionForm(forms.Form):
    """A later due date, with why."""

    until = _day("新しい回答期限")
    reason = forms.CharField(label="延長する理由", max_length=300)


class ExtensionDecisionForm(forms.Form):
    extension = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(label="説明", max_length=300, required=False, help_text="認めないときは必ず書きます。")


class InquiryFilter(forms.Form):
    """Which inquiries a list shows."""

    WHICH = [("open", "受付中"), ("all", "締め切ったものも")]
    which = forms.ChoiceField(label="表示する照会", choices=WHICH, required=False)

    @property
    def shows_closed(self) -> bool:
        return self.is_valid() and self.cleaned_data["which"] == "all"
