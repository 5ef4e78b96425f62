"""目標値 in the back office: typed and read as in a month, its unit beside it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.back_office.forms import BackOfficeForm
from japan.numbers import write_number
from kpis.admin.keeping import DefinitionForm
from kpis.models import Kpi
from kpis.values.reading import decimals_of, read_statement

HELP = "「75,000」「40億」のように入力できます。"


class AmountInput(forms.TextInput):
    """A number with its unit behind it."""

    unit = ""

    def render(self, *args: Any, **kwargs: Any) -> SafeString:
        return format_html("{} {}", super().render(*args, **kwargs), self.unit)


class TargetRow(BackOfficeForm):
    """A target of a KPI that is known, or of the one that is chosen with it."""

    value = forms.CharField(label="目標値", max_length=60, help_text=HELP, widget=AmountInput(attrs={"size": 20}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        target = self.instance
        if target.pk is None:
            return
        self.initial["value"] = write_number(target.value, max(target.kpi.decimals, decimals_of(target.value)))
        widget = self.fields["value"].widget
        assert isinstance(widget, AmountInput)
        widget.unit = target.kpi.unit

    def clean_value(self) -> Decimal:
        kpi = self.cleaned_data.get("kpi")
        if not isinstance(kpi, Kpi):
            kpi = self.instance.kpi if self.instance.kpi_id else Kpi(decimals=6)  # of a KPI that is being added
        said = read_statement(kpi, self.cleaned_data["value"], kept=self.instance.value)
        if said.value is None:
            raise forms.ValidationError("数値を入力してください。", code="number")
        return said.value


class TargetForm(TargetRow, DefinitionForm):
    """With the reason of its change."""
