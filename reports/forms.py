"""Forms of the reform office: a report's own data, and a page's texts and figures."""

from __future__ import annotations

import copy
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from reports.models import Report, Section
from reports.options import Choice, Leaf, Text, leaves_of, with_leaf

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
LEAF = "option-"


class ReportForm(forms.ModelForm):
    """A volume; a new one may begin with the pages of another."""

    template = forms.ModelChoiceField(
        label="ページを写す元のレポート",
        queryset=Report.objects.all(),
        required=False,
        empty_label="写さない（ページは管理画面で追加します）",
        help_text="文章と構成を写します。数値は、新しい号の期限までの時点の値に入れ替わります。",
    )

    class Meta:
        model = Report
        fields = (
            "volume", "title", "subtitle", "publication_date", "first_fiscal_year", "last_fiscal_year", "as_of",
            "issuer", "contact",
        )  # fmt: skip
        widgets = {"publication_date": DATE, "as_of": DATE}


class SectionForm(forms.ModelForm):
    """A page. Each text, figure and icon of its options is a field of its own; the structure is the back office's."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Section
        fields = ("title", "lead", "body")
        widgets = {"lead": forms.Textarea(attrs={"rows": 2}), "body": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.leaves = leaves_of(self.instance.kind, self.instance.options)
        for leaf in self.leaves:
            self.fields[LEAF + leaf.path] = _field(leaf)
            self.initial[LEAF + leaf.path] = leaf.value
        self.initial["seen_version"] = self.instance.version

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        options = copy.deepcopy(self.instance.options)
        for leaf in self.leaves:
            name = LEAF + leaf.path
            value = data.get(name, "")
            try:
                leaf.node.check(value, self.instance.report.as_of)
            except ValidationError as error:
                self.add_error(name, error)
            else:
                with_leaf(options, leaf.path, value)
        self.instance.options = options
        return data

    def _update_errors(self, errors: ValidationError) -> None:
        # What is wrong with the options' structure has no field on this page.
        if hasattr(errors, "error_dict") and "options" in errors.error_dict:
            found = errors.error_dict.pop("options")
            if not any(name.startswith(LEAF) for name in self.errors):
                errors.error_dict.setdefault(NON_FIELD_ERRORS, []).extend(found)
        super()._update_errors(errors)  # type: ignore[misc]  # django-stubs does not know it

    @property
    def texts(self) -> list[forms.BoundField]:
        return [self[name] for name in ("title", "lead", "body")]

    @property
    def options(self) -> list[forms.BoundField]:
        return [self[LEAF + leaf.path] for leaf in self.leaves]


def _field(leaf: Leaf) -> forms.Field:
    match leaf.node:
        case Choice():
            return forms.ChoiceField(label=leaf.label, choices=leaf.node.choices)
        case Text():
            widget = forms.Textarea(attrs={"rows": 2}) if len(leaf.value) > 30 else forms.TextInput()
            return forms.CharField(label=leaf.label, required=False, widget=widget)
        case _:
            return forms.CharField(label=leaf.label)
