"""The form of deciding an entry."""

from __future__ import annotations

from typing import Any

from django import forms


class ReturnForm(forms.Form):
    """Deciding an entry: sending it back needs a reason, which is kept."""

    reason = forms.CharField(
        label="差し戻す理由",
        max_length=1000,
        help_text="入力担当者に伝わり、経過に残ります。",
        widget=forms.Textarea(attrs={"rows": 3, "class": "textarea"}),
        error_messages={"required": "差し戻す理由を入力してください。"},
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, reason_needed: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = reason_needed

    def shown_again(self, version: int) -> ReturnForm:
        """The form beside a newer version, what was typed still in it."""
        return ReturnForm(initial={"reason": self.cleaned_data.get("reason", ""), "seen_version": version})
