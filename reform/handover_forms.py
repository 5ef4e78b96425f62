"""The forms of 事務引継."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import Assignment, Handover
from reform.handing_over import Preview, hand_over

if TYPE_CHECKING:
    from accounts.access import Access


class TakerForm(forms.Form):
    """Who takes the post over."""

    taker = forms.ChoiceField(
        label="後任",
        help_text="同じ所属（組織改正のあとは引き継いだ所属）の、同じ役割の職員です。",
        widget=forms.Select(attrs={"class": "select"}),
        error_messages={"required": "後任を選んでください。", "invalid_choice": "後任を選び直してください。"},
    )

    def __init__(self, data: Any, takers: Sequence[Assignment]) -> None:
        super().__init__(data)
        self._takers = {str(each.pk): each for each in takers}
        field = self.fields["taker"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "選んでください"), *((key, str(each)) for key, each in self._takers.items())]

    @property
    def chosen(self) -> Assignment | None:
        return self._takers[self.cleaned_data["taker"]] if self.is_bound and self.is_valid() else None


class HandoverForm(forms.Form):
    """The words of the giver, and the confirmation of what was shown."""

    note = forms.CharField(
        label="引継事項",
        required=False,
        max_length=4000,
        help_text="事務引継書に載ります。進行中のこと、決まっていないこと、連絡先などを書きます。",
        widget=forms.Textarea(attrs={"rows": 6, "class": "textarea"}),
    )
    seal = forms.CharField(widget=forms.HiddenInput, required=False)
    confirmed = forms.BooleanField(
        label="上の内容を後任に移す（元には戻せません）",
        error_messages={"required": "内容を確かめて、確認の欄に印を付けてください。"},
    )

    def perform(self, preview: Preview, access: Access) -> Handover | None:
        """Hands over. None where something stands in the way: the form says what."""
        if not self.is_valid():
            return None
        said = self.cleaned_data
        try:
            return hand_over(preview.giver, preview.taker, note=said["note"], seal=said["seal"], access=access)
        except ValidationError as error:
            self.add_error(None, error)
        return None

    def shown_again(self, preview: Preview) -> HandoverForm:
        """With everything typed, sealed to what is shown now."""
        self.data = {**dict(self.data.items()), "seal": preview.seal}
        return self
