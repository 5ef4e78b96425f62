"""The forms of the month's work."""

from __future__ import annotations

from typing import Any

from django import forms

from japan.numbers import write_number
from kpis.entries import Statement
from kpis.models.value import Missing
from kpis.reading import read_statement, understood_text
from kpis.sheet import Slot


def typed_value(slot: Slot) -> str:
    """What stands in the field at first: what the author typed, else the value the entry or measurement holds."""
    if slot.entry is not None:
        if slot.entry.typed:
            return slot.entry.typed
        value = slot.entry.value
    else:
        value = slot.measurement.value if slot.measurement else None
    return "" if value is None else write_number(value, slot.kpi.decimals)


class SlotForm(forms.Form):
    """One line: what was typed, or why there is no value, a comment, and the versions the page showed."""

    typed = forms.CharField(label="値", required=False, max_length=100)
    missing_reason = forms.ChoiceField(
        label="値なしの理由", required=False, choices=[("", "（値あり）"), *Missing.choices]
    )
    comment = forms.CharField(label="コメント", required=False, max_length=1000)
    seen_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    seen_measurement = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, slot: Slot, data: Any = None) -> None:
        self.slot = slot
        entry, measurement = slot.entry, slot.measurement
        source = entry or measurement
        super().__init__(
            data,
            prefix=f"s{slot.series.pk}",
            initial={
                "typed": typed_value(slot),
                "missing_reason": source.missing_reason if source else "",
                "comment": entry.comment if entry else "",
                "seen_version": entry.version if entry else 0,
                "seen_measurement": measurement.version if measurement else 0,
            },
        )
        described_by = f"{self.prefix}-previous {self.prefix}-understood {self.prefix}-error"
        self.fields["typed"].widget.attrs.update(
            {
                "inputmode": "decimal",
                "autocomplete": "off",
                "class": "input input--number",
                "aria-describedby": described_by,
                "aria-label": f"{slot.series}（{slot.kpi.unit}）",
            }
        )
        self.fields["missing_reason"].widget.attrs.update(
            {"class": "select", "aria-label": f"{slot.series}の値なしの理由"}
        )
        self.fields["comment"].widget.attrs.update(
            {"class": "input", "aria-label": f"{slot.series}のコメント", "autocomplete": "off"}
        )
        if self.is_bound and not self.is_valid():
            self.fields["typed"].widget.attrs["aria-invalid"] = "true"

    def clean(self) -> dict[str, Any]:
        """Adds `statement`, what the line says; the message stands under the field that has to change."""
        cleaned = super().clean() or {}
        if "typed" in cleaned and "missing_reason" in cleaned:
            try:
                cleaned["statement"] = read_statement(self.slot.kpi, cleaned["typed"], cleaned["missing_reason"])
            except forms.ValidationError as error:
                self.add_error("typed", error)
        return cleaned

    @property
    def statement(self) -> Statement:
        return self.cleaned_data["statement"]

    @property
    def understood(self) -> str:
        """How the value was understood, for the line under the field."""
        if self.is_bound:
            statement = self.cleaned_data.get("statement") if self.is_valid() else None
            return understood_text(self.slot.kpi, statement) if statement else ""
        held = self.slot.entry or self.slot.measurement
        return understood_text(self.slot.kpi, Statement(held.value, held.missing_reason)) if held else ""

    @property
    def says_something_new(self) -> bool:
        """The line differs from what is stored: only such a line is saved."""
        return any(name in self.changed_data for name in ("typed", "missing_reason", "comment"))


class ReturnForm(forms.Form):
    """Sending an entry back needs a reason, which is kept."""

    reason = forms.CharField(
        label="差し戻す理由",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "textarea"}),
        error_messages={"required": "差し戻す理由を入力してください。"},
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
