"""The forms of closing months and of looking through what changed afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.days import DayField
from japan.fiscal import fiscal_year_end, fiscal_year_start
from japan.wareki import fiscal_year_label
from kpis.closing.corrections import Asked
from kpis.closing.finalising import are_settled, close_with_final, make_final
from kpis.models import Kpi, Measurement, Reopening
from kpis.values.closed import reopen
from kpis.values.history import written
from kpis.values.recording import StaleVersion

if TYPE_CHECKING:
    from accounts.access import Access
    from accounts.models import Department

CHANGED_SINCE = "表示したあとに値が変わりました。いまの値を確かめて、もう一度選んでください。"


def _named(measurement: Measurement) -> str:
    value = written(measurement.series.kpi, measurement)
    marks = "".join(f"（{mark}）" for mark in measurement.mark_labels if mark != "速報値")
    return f"{measurement.series}　{measurement.dated_period.label}　{value}{marks}"


class FinalForm(forms.Form):
    """Which provisional values become final. Each box carries the version that was shown."""

    final = forms.MultipleChoiceField(
        label="確定値にする速報値",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": CHANGED_SINCE},
    )

    def __init__(self, data: Any, month: date, provisional: Sequence[Measurement], *, today: date) -> None:
        self.month = month
        self._offered = {f"{measurement.pk}:{measurement.version}": measurement for measurement in provisional}
        ticked = list(self._offered) if are_settled(month, today) else []
        super().__init__(data, initial={"final": ticked}, prefix="final")
        field = self.fields["final"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(key, _named(measurement)) for key, measurement in self._offered.items()]
        if not provisional:
            del self.fields["final"]

    @property
    def chosen(self) -> list[Measurement]:
        return [self._offered[key] for key in self.cleaned_data.get("final", [])]

    def perform(self, access: Access) -> int | None:
        """Names the chosen values final. Returns how many, None where something stands in the way: the form says what."""
        if not self.is_valid():
            return None
        try:
            return self._act(access)
        except StaleVersion:
            self.add_error("final", CHANGED_SINCE)
        except ValidationError as error:
            self.add_error(None, error)
        return None

    def _act(self, access: Access) -> int:
        return make_final(self.chosen, self.month, access=access)


class CloseForm(FinalForm):
    """確定 of a month: confirmed by a tick, for it locks every department's values."""

    note = forms.CharField(
        label="備考", required=False, max_length=200, widget=forms.TextInput(attrs={"class": "input"})
    )
    confirmed = forms.BooleanField(
        label="この月を確定する（各所属は、確定を解除するまで値を変更できなくなります）",
        error_messages={"required": "確定してよければ、確認の欄に印を付けてください。"},
    )

    def __init__(self, *args: Any, missing: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if missing:
            self.fields["confirmed"].label = f"未回答の{missing}件を残したまま、この月を確定する"

    def _act(self, access: Access) -> int:
        close_with_final(self.month, self.chosen, access=access, note=self.cleaned_data["note"])
        return len(self.chosen)


class ReopenForm(forms.Form):
    """確定解除 of one department's month."""

    department = forms.ChoiceField(label="所属", widget=forms.Select(attrs={"class": "select"}))
    reason = forms.CharField(
        label="解除する理由",
        max_length=300,
        help_text="訂正・遡及改定の経緯として残ります。",
        widget=forms.Textarea(attrs={"rows": 2, "class": "textarea"}),
        error_messages={"required": "確定を解除する理由を入力してください。"},
    )
    until = DayField(
        label="解除の期限",
        help_text="この日まで変更できます。過ぎると、もとの確定に戻ります。",
        widget=forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d"),
        error_messages={"required": "解除の期限を入力してください。"},
    )

    replaces = forms.BooleanField(
        label="すでに解除している所属なら、いまの解除を終えて、この理由と期限で解除し直す", required=False
    )

    def __init__(self, data: Any, departments: Sequence[Department], *, is_reopened: bool = False) -> None:
        """`is_reopened`: the month is open again for a department, whose opening may be replaced."""
        super().__init__(data, prefix="reopen")
        if not is_reopened:
            del self.fields["replaces"]
        self._departments = {str(department.pk): department for department in departments}
        field = self.fields["department"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "選んでください"), *((pk, each.name) for pk, each in self._departments.items())]

    def perform(self, month: date, access: Access) -> Reopening | None:
        """Opens the month. None where something stands in the way: the form says what."""
        if not self.is_valid():
            return None
        said = self.cleaned_data
        try:
            return reopen(
                month,
                self._departments[said["department"]],
                reason=said["reason"],
                until=said["until"],
                access=access,
                replaces=said.get("replaces", False),
            )
        except ValidationError as error:
            self.add_error(None, error)
        return None


class ChangesFilter(forms.Form):
    """Which corrections the list shows. What is no choice is not asked for."""

    year = forms.TypedChoiceField(label="対象年度", required=False, coerce=int, empty_value=None)
    kpi = forms.ChoiceField(label="指標", required=False)
    department = forms.ChoiceField(label="所属", required=False)

    def __init__(self, data: Any, years: Sequence[int], kpis: Sequence[Kpi], departments: Sequence[Department]) -> None:
        super().__init__(data)
        self._offer("year", "すべての年度", [(str(year), fiscal_year_label(year)) for year in years])
        self._offer("kpi", "すべての指標", [(kpi.code, kpi.name) for kpi in kpis])
        self._offer("department", "すべての所属", [(str(each.pk), each.name) for each in departments])
        self.is_valid()

    def _offer(self, name: str, everything: str, choices: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", everything), *choices]
        field.widget.attrs["class"] = "select"

    @property
    def asked(self) -> Asked:
        year, kpi = self.cleaned_data.get("year"), self.cleaned_data.get("kpi")
        department = self.cleaned_data.get("department")
        days = (fiscal_year_start(year), fiscal_year_end(year)) if year else None
        return Asked(days, kpi or "", int(department) if department else None)
