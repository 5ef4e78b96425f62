"""What a reader of the timeline may ask for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from initiatives.chronicle import NO_PILLAR, Wish
from initiatives.models import Pillar
from japan.wareki import fiscal_year_label


class TimelineForm(forms.Form):
    """The filter, sent by GET so that an address holds it. A wrong wish is said under its field and asks for nothing."""

    pillar = forms.ChoiceField(label="改革の柱", required=False)
    first = forms.TypedChoiceField(label="年度（から）", required=False, coerce=int, empty_value=None)
    last = forms.TypedChoiceField(label="年度（まで）", required=False, coerce=int, empty_value=None)
    q = forms.CharField(label="取組・実施事項の名称", required=False, max_length=80)

    def __init__(self, data: Any, *, pillars: Sequence[Pillar], years: Sequence[int]) -> None:
        super().__init__(data)
        years_named = [(year, fiscal_year_label(year)) for year in years]
        choices: dict[str, list[tuple[Any, str]]] = {
            "pillar": [("", "すべて"), *((p.code, p.name) for p in pillars), (NO_PILLAR, "柱の公表なし")],
            "first": [("", "最初から"), *years_named],
            "last": [("", "最後まで"), *years_named],
        }
        for name, values in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = values

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and first > last:
            self.add_error("last", "始まりの年度以後を選んでください。")
        return cleaned

    @property
    def wish(self) -> Wish:
        """What was asked for, as far as it was understood."""
        self.is_valid()
        asked = self.cleaned_data
        return Wish(asked.get("pillar", ""), asked.get("first"), asked.get("last"), asked.get("q", ""))
