"""The forms of a progress record."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from initiatives.models import Initiative, ProgressRecord
from japan.numbers import NumberError, parse_number, write_number

UNIT = "千円"
#: What a department can say of itself: that nothing was published (公表なし) is the city's word.
STATUSES = [(status.value, status.label) for status in Initiative.Status if status != Initiative.Status.UNKNOWN]


class AmountField(forms.CharField):
    """Thousands of yen in any form a clerk types them; a whole number, ▲ for minus."""

    def clean(self, value: Any) -> Decimal | None:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            amount = parse_number(typed, UNIT).value
        except NumberError as error:
            raise forms.ValidationError(str(error), code="number") from error
        if amount is None:
            raise forms.ValidationError("金額が分からないときは空欄のままにしてください。", code="missing")
        if amount != amount.to_integral_value():
            raise forms.ValidationError("千円未満は四捨五入して、整数で入力してください。", code="integer")
        if abs(amount) >= Decimal(10) ** 15:
            raise forms.ValidationError("15桁までの千円で入力してください。", code="digits")
        return amount


def _long(label: str, help_text: str) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 4, "class": "textarea"})
    return forms.CharField(label=label, max_length=4000, required=False, widget=widget, help_text=help_text)


def _amount(label: str) -> AmountField:
    widget = forms.TextInput(attrs={"class": "input num", "autocomplete": "off"})
    return AmountField(label=label, required=False, widget=widget, help_text="千円単位。ないときは空欄にします。")


class RecordForm(forms.Form):
    """What an initiative did in a quarter."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    status = forms.ChoiceField(
        label="進捗状況",
        required=False,
        choices=[("", "選んでください"), *STATUSES],
        widget=forms.Select(attrs={"class": "select"}),
    )
    results = _long("実施内容・成果", "この四半期に行ったことと、その成果を書きます。承認された文は公表されます。")
    issues = _long("課題", "")
    next_steps = _long("今後の取組", "")
    cost = _amount("事業費")
    effect = _amount("効果額")

    def __init__(self, data: Any = None, *, record: ProgressRecord | None = None) -> None:
        initial: dict[str, Any] = {"seen_version": record.version if record else 0}
        if record is not None:
            initial |= {name: getattr(record, name) for name in ProgressRecord.CONTENT}
            for name in ("cost", "effect"):
                amount = initial[name]
                initial[name] = "" if amount is None else write_number(amount, 0)
        super().__init__(data, initial=initial)

    @property
    def content(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ProgressRecord.CONTENT}
