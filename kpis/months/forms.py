"""The forms of the month's work."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models
from django.http import QueryDict
from django.urls import reverse

from japan.numbers import write_number
from japan.wareki import month_label
from kpis.entries.sheet import Slot
from kpis.models.value import ChangeReason, Missing
from kpis.values.reading import decimals_of, read_statement, understood_text
from kpis.values.statement import Statement, with_marks_of

if TYPE_CHECKING:
    from accounts.models import Department
    from kpis.entries.progress import MonthStatus


#: The fields that say something about the value.
SAID = {"typed", "missing_reason", "comment", "change_kind", "change_reason", "is_confirmed"}


def typed_value(slot: Slot) -> str:
    """What stands in the field at first: what the author typed, else the value the entry or measurement holds."""
    if slot.entry is not None:
        if slot.entry.typed:
            return slot.entry.typed
        value = slot.entry.value
    else:
        value = slot.measurement.value if slot.measurement else None
    return "" if value is None else write_number(value, max(slot.kpi.decimals, decimals_of(value)))


class SlotForm(forms.Form):
    """One line: what was typed, or why there is no value, a comment, and the versions the page showed.

    The hidden initial values tell what this person was shown, so that only what they changed is saved and somebody
    else's newer value in a line they left alone is neither overwritten nor a conflict.
    """

    class Choice(models.TextChoices):
        """What to do where somebody else was faster."""

        MINE = "mine", "自分の入力に置き換える"
        THEIRS = "theirs", "登録されている内容のままにする"

    typed = forms.CharField(label="値", required=False, max_length=60, show_hidden_initial=True)
    missing_reason = forms.ChoiceField(
        label="値なしの理由", required=False, choices=[("", "（選ばない）"), *Missing.choices], show_hidden_initial=True
    )
    comment = forms.CharField(
        label="コメント",
        required=False,
        max_length=1000,
        show_hidden_initial=True,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    # Shown in a re-opened month alone; a correction is the usual thing and needs no word.
    change_kind = forms.ChoiceField(
        label="変更の種類",
        required=False,
        choices=[("", "訂正（誤りを直す）"), ("restatement", "遡及改定（集計方法を変える）")],
        show_hidden_initial=True,
    )
    # Shown where a check has something to say about the value.
    change_reason = forms.ChoiceField(
        label="増減理由",
        required=False,
        choices=[("", "（選ばない）"), *ChangeReason.choices],
        show_hidden_initial=True,
    )
    is_confirmed = forms.BooleanField(label="確認済（入力誤りなし）", required=False, show_hidden_initial=True)
    seen_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    seen_measurement = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    is_conflict = forms.BooleanField(widget=forms.HiddenInput, required=False)
    choice = forms.ChoiceField(
        label="どちらにしますか", required=False, choices=Choice.choices, widget=forms.RadioSelect
    )

    def __init__(self, slot: Slot, data: Any = None) -> None:
        self.slot = slot
        entry, measurement = slot.entry, slot.measurement
        typed = self.text_of(slot)
        source = entry or measurement
        super().__init__(
            data,
            prefix=self.prefix_of(slot),
            initial={
                "typed": typed,
                # A symbol in the field (－) says it already: a value typed over it must not meet a second statement.
                "missing_reason": source.missing_reason if source and not typed else "",
                "comment": entry.comment if entry else "",
                "change_kind": "restatement" if entry and entry.change_kind == "restatement" else "",
                "change_reason": entry.change_reason if entry else "",
                "is_confirmed": bool(entry and entry.is_confirmed),
                "seen_version": entry.version if entry else 0,
                "seen_measurement": measurement.version if measurement else 0,
            },
        )
        self._dress()

    @classmethod
    def prefix_of(cls, slot: Slot) -> str:
        """What the names of a line's fields begin with."""
        return f"s{slot.series.pk}"

    @classmethod
    def text_of(cls, slot: Slot) -> str:
        """What stands in the field at first."""
        return typed_value(slot)

    @property
    def comment_kept(self) -> str:
        """The comment as sent; a grid without room for one leaves what is stored."""
        if "comment" in self.fields:
            return self.cleaned_data["comment"]
        return self.slot.entry.comment if self.slot.entry else ""

    def _dress(self) -> None:
        name = f"{self.slot.series}"
        described_by = f"{self.prefix}-understood {self.prefix}-error"
        attributes = {
            "typed": {
                "inputmode": "text",  # a numeric keyboard has no ▲, 万 or －
                "autocomplete": "off",
                "class": "input input--number",
                "data-cell": "",
                "data-understand": reverse("entries:understand", args=[self.slot.series.pk]),
                "aria-describedby": described_by,
                "aria-label": f"{name}の値（{self.slot.kpi.unit}）",
            },
            "missing_reason": {"class": "select", "aria-label": f"{name}の値なしの理由"},
            "comment": {"class": "textarea", "aria-label": f"{name}のコメント"},
            "change_kind": {"class": "select", "aria-label": f"{name}の変更の種類"},
            "change_reason": {"class": "select", "aria-label": f"{name}の増減理由"},
            "is_confirmed": {"aria-label": f"{name}の値を確かめた（入力誤りなし）"},
        }
        for field, attrs in attributes.items():
            if field in self.fields:
                self.fields[field].widget.attrs.update(attrs)

    def clean(self) -> dict[str, Any]:
        """Adds `statement`, what the line says; the message stands under the field that has to change."""
        cleaned = super().clean() or {}
        if self._is_typed_over_a_reason:
            cleaned["missing_reason"] = ""
        if "typed" in cleaned and "missing_reason" not in self.errors:
            reason = cleaned.get("missing_reason", "")
            try:
                cleaned["statement"] = read_statement(self.slot.kpi, cleaned["typed"], reason, kept=self._kept)
            except forms.ValidationError as error:
                self.add_error("typed", error)
        if cleaned.get("is_conflict") and not cleaned.get("choice"):
            self.add_error("choice", "どちらにするか選んでください。")
        return cleaned

    @property
    def _is_typed_over_a_reason(self) -> bool:
        """The page showed a reason, and something was typed beside it: what was typed is the newer word. A reason that
        was chosen beside a number may be a slip of the hand: there both stay, and their author says which."""
        changed = set(self.changed_data)
        return bool(self.cleaned_data.get("typed")) and "typed" in changed and "missing_reason" not in changed

    @property
    def _kept(self) -> Decimal | None:
        """What is stored, which may have more decimals than the figure takes by now."""
        held = self.slot.entry or self.slot.measurement
        return held.value if held is not None else None

    @property
    def statement(self) -> Statement:
        """What the line says. What is known of the value beside it stays: a correction of the number alone loses neither
        its day nor its marks. An answer to a check goes with its value."""
        said: Statement = self.cleaned_data["statement"]
        entry, measurement = self.slot.entry, self.slot.measurement
        is_new = entry is not None and entry.value != said.value
        if self.asks and is_new and not {"change_reason", "is_confirmed"} & set(self.changed_data):
            answer = ("", False)  # what stands in the fields was said of the value before
        elif self.asks:
            answer = (self.cleaned_data["change_reason"], self.cleaned_data["is_confirmed"])
        else:
            same = entry is not None and entry.value == said.value
            answer = (entry.change_reason, entry.is_confirmed) if entry and same else ("", False)
        answered = replace(said, change_reason=answer[0], is_confirmed=answer[1])
        held = entry or measurement
        return answered if held is None else with_marks_of(held, answered)

    @property
    def asks(self) -> bool:
        """The line as sent had the fields that answer a check."""
        return f"{self.prefix}-change_reason" in self.data

    @property
    def understood(self) -> str:
        """How the value was understood, for the line under the field."""
        if self.is_bound:
            self.is_valid()  # cleans, once; an undecided conflict does not hide how its value was read
            statement = self.cleaned_data.get("statement")
            return understood_text(self.slot.kpi, statement) if statement else ""
        held = self.slot.entry or self.slot.measurement
        return understood_text(self.slot.kpi, Statement(held.value, held.missing_reason)) if held else ""

    @property
    def says_something_new(self) -> bool:
        """The person changed the line: only such a line is saved."""
        return bool(SAID & set(self.changed_data))

    @property
    def keeps_theirs(self) -> bool:
        """Shown both after a conflict, the person chose what is stored."""
        return bool(self.cleaned_data.get("is_conflict")) and self.cleaned_data.get("choice") == self.Choice.THEIRS


class MonthFilter(forms.Form):
    """Which departments and months the list shows. Many departments begin with the newest month alone."""

    MANY = 3

    class Which(models.TextChoices):
        OPEN = "open", "未完了のみ"
        OVERDUE = "overdue", "期限超過のみ"

    department = forms.ChoiceField(label="所属", required=False)
    month = forms.ChoiceField(label="対象月", required=False)
    which = forms.ChoiceField(label="状態", required=False, choices=[("", "すべて"), *Which.choices])

    def __init__(self, data: QueryDict, *, departments: list[Department], months: list[date]) -> None:
        asked = data.copy()
        if "month" not in asked and not asked.get("department") and len(departments) > self.MANY:
            asked["month"] = f"{months[0]:%Y-%m}"
        super().__init__(asked)
        self._departments = {department.code: department for department in departments}
        self._months = {f"{month:%Y-%m}": month for month in months}
        names = [(code, department.name) for code, department in self._departments.items()]
        labels = [(iso, month_label(month)) for iso, month in self._months.items()]
        self._offer("department", [("", "すべての所属"), *names])
        self._offer("month", [("", "最近12か月"), *labels])
        self.is_valid()

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def departments(self) -> list[Department]:
        code = self.cleaned_data.get("department")
        return [self._departments[code]] if code else list(self._departments.values())

    @property
    def months(self) -> list[date]:
        iso = self.cleaned_data.get("month")
        return [self._months[iso]] if iso else list(self._months.values())

    @property
    def is_needed(self) -> bool:
        """One department's twelve months need no choosing."""
        return len(self._departments) > 1

    def rows(self, statuses: list[MonthStatus], today: date) -> list[tuple[MonthStatus, bool]]:
        """The statuses of the state that was asked for, each with whether it is late."""
        which = self.cleaned_data.get("which")
        rows = [(status, status.is_overdue(today)) for status in statuses]
        if which == self.Which.OVERDUE:
            return [row for row in rows if row[1]]
        return [row for row in rows if not (which == self.Which.OPEN and (row[0].is_done or row[0].is_closed))]
