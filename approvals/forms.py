"""The form of a decision about a report, whatever the report is about."""

from __future__ import annotations

from typing import Any

from django import forms

from approvals.procedure import REASON_LENGTH


class DecisionForm(forms.Form):
    """Approving, or sending back with a reason that is kept; both of the version that was shown."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    reason = forms.CharField(
        label="差し戻す理由",
        max_length=REASON_LENGTH,
        required=False,
        help_text="入力担当者に伝わり、経過に残ります。",
        widget=forms.Textarea(attrs={"rows": 3, "class": "textarea"}),
        error_messages={"required": "差し戻す理由を入力してください。"},
    )

    def __init__(self, *args: Any, reason_needed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = reason_needed

    @classmethod
    def shown(cls, version: int, reason: str = "") -> DecisionForm:
        """The form beside a version; after a conflict with what was typed still in it."""
        return cls(initial={"seen_version": version, "reason": reason})


class ReopenForm(DecisionForm):
    """訂正 of what was approved: why is kept."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        reason.label, reason.help_text = "訂正する理由", "経過に残ります。"
        reason.error_messages["required"] = "訂正する理由を入力してください。"
