"""The form of a 組織改正: which departments, on which day, and what they become."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import RegexValidator
from django.http import QueryDict

from accounts.access import Request
from accounts.forms import day_field
from accounts.ids import is_id
from accounts.models import Department, Succession
from accounts.reorganising import Heirs, Plan, Successor
from reform.reorganising import Preview, carry_out, preview_of

SUCCESSORS = 4


def _text(label: str, length: int, *, required: bool = True, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=length,
        required=required,
        widget=forms.TextInput(attrs={"class": "input"}),
        error_messages={"required": f"{label}を入力してください。"},
        **kwargs,
    )


class SuccessorForm(forms.Form):
    """A department to be opened. Left blank as a whole, it is none."""

    name = _text("名称", 60)
    short_name = _text("略称", 20)
    code = _text(
        "所属コード",
        20,
        validators=[RegexValidator(r"^[0-9A-Za-z\-]+$", "所属コードは半角の英数字で入力してください。")],
    )
    furigana = _text("ふりがな", 120, required=False)
    parent = forms.ModelChoiceField(
        label="上位の所属（部）",
        queryset=Department.objects.none(),
        required=False,
        empty_label="なし",
        widget=forms.Select(attrs={"class": "select"}),
    )
    order = forms.IntegerField(
        label="建制順",
        min_value=0,
        max_value=999_999,
        widget=forms.NumberInput(attrs={"class": "input"}),
        error_messages={
            "required": "建制順を入力してください。",
            "invalid": "建制順を数字で入力してください。",
            "max_value": "建制順は%(limit_value)sまでの数字で入力してください。",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent = self.fields["parent"]
        assert isinstance(parent, forms.ModelChoiceField)
        parent.queryset = Department.objects.filter(parent__isnull=True, valid_to__isnull=True).in_official_order()

    @property
    def successor(self) -> Successor:
        names = ("code", "name", "short_name", "furigana", "parent", "order")
        return Successor(**{name: self.cleaned_data[name] for name in names})


class ReorganisationForm(forms.Form):
    """The plan. `preview` answers what it would do; `perform` does it, if that is what was shown."""

    kind = forms.ChoiceField(label="種類", choices=Succession.Kind, widget=forms.Select(attrs={"class": "select"}))
    on = day_field("実施日", "今の所属はこの前日で廃止になり、新しい所属がこの日から始まります。")
    predecessors = forms.ModelMultipleChoiceField(
        label="今の所属",
        queryset=Department.objects.none(),
        widget=forms.SelectMultiple(attrs={"class": "select", "size": 10}),
        help_text="統合するときは、Ctrlキーを押しながら2つ以上選びます。",
        error_messages={"required": "今の所属を選んでください。"},
    )
    seal = forms.CharField(widget=forms.HiddenInput, required=False)
    confirmed = forms.BooleanField(label="この内容で組織改正を実施する（元には戻せません）", required=False)

    def __init__(self, data: Any = None, start: Department | None = None) -> None:
        super().__init__(data, initial={"predecessors": [start.pk] if start else []})
        field = self.fields["predecessors"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = Department.objects.filter(valid_to__isnull=True).select_related("parent").in_official_order()
        self.successors = [
            SuccessorForm(
                data,
                prefix=f"to{place}",
                empty_permitted=place > 0,
                use_required_attribute=False,
                initial=_like(start) if place == 0 and start else None,
            )
            for place in range(SUCCESSORS)
        ]

    def is_valid(self) -> bool:
        rows = [form.is_valid() for form in self.successors]
        return super().is_valid() and all(rows)

    @property
    def has_several(self) -> bool:
        """Something was typed for a second successor."""
        return any(form.has_changed() for form in self.successors[1:])

    @property
    def plan(self) -> Plan:
        said = self.cleaned_data
        opened = [form.successor for form in self.successors if form.has_changed()]
        return Plan(said["on"], said["kind"], list(said["predecessors"]), opened)

    @property
    def choices(self) -> dict[str, int]:
        """Which of several successors was chosen for what: choice-reporting:12 = 1."""
        sent = {key.removeprefix("choice-"): value for key, value in self.data.items() if key.startswith("choice-")}
        return {key: int(value) for key, value in sent.items() if is_id(value)}

    def preview(self) -> Preview | None:
        """None where something stands in the way: the form says what. A refused confirmation is shown anew."""
        rows = [form.is_valid() for form in self.successors]
        if not all(rows) or self.errors.keys() - {NON_FIELD_ERRORS, "confirmed"}:
            return None
        try:
            shown = preview_of(self.plan, self.choices)
        except ValidationError as error:
            if NON_FIELD_ERRORS not in self.errors:
                self.add_error(None, error)
            return None
        sent = cast(QueryDict, self.data).copy()
        sent["seal"] = shown.seal
        self.data = sent
        return shown

    def perform(self, request: Request) -> Heirs | None:
        """Carries the plan out. None where something stands in the way: the form says what."""
        if not self.is_valid():
            return None
        if not self.cleaned_data["confirmed"]:
            self.add_error("confirmed", "内容を確かめて、確認の欄に印を付けてください。")
            return None
        try:
            seal = self.cleaned_data["seal"]
            return carry_out(self.plan, seal=seal, choices=self.choices, access=request.access, request=request)
        except ValidationError as error:
            self.add_error(None, error.messages)  # of a department to be opened: its fields are none of this form
        return None


def _like(department: Department) -> dict[str, Any]:
    names = ("code", "name", "short_name", "furigana", "order")
    return {name: getattr(department, name) for name in names} | {"parent": department.parent_id}
