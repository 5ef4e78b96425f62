"""The form of choosing which office registers a figure for everybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import Department
from japan.dates import DateError, parse_month
from japan.fiscal import month_start
from kpis.models import Kpi
from kpis.registration.choosing import Preview, preview_of, register_from

if TYPE_CHECKING:
    from accounts.access import Access

T = TypeVar("T")

MONTH = "例：2026-12、令和8年12月"


class RegistrarForm(forms.Form):
    """Which office registers a figure for everybody, from which month on.

    First without `seen`: it is shown what would change. Then with what was seen: it is done.
    """

    kpi = forms.ModelChoiceField(
        label="指標", queryset=Kpi.objects.none(), empty_label="（選ぶ）", widget=forms.Select(attrs={"class": "select"}),
        error_messages={"required": "指標を選んでください。"},
    )  # fmt: skip
    registrar = forms.ModelChoiceField(
        label="一括登録する所属",
        queryset=Department.objects.none(),
        required=False,
        empty_label="（なし：各所属が報告する）",
        widget=forms.Select(attrs={"class": "select"}),
    )
    month = forms.CharField(
        label="この月分から", max_length=20, help_text=MONTH,
        error_messages={"required": f"いつの月分から変えるかを入力してください（{MONTH}）。"},
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, *, today: date) -> None:
        super().__init__(data, initial={"month": f"{month_start(today):%Y-%m}"})
        for name, found in (
            ("kpi", Kpi.objects.filter(series__reportings__isnull=False).distinct().order_by("order", "code")),
            ("registrar", Department.objects.in_force(today).in_official_order()),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = found

    def clean_month(self) -> date:
        try:
            return parse_month(self.cleaned_data["month"])
        except DateError as error:
            raise ValidationError(str(error)) from error

    @property
    def is_confirmed(self) -> bool:
        """What it would change was shown before it was sent."""
        return bool(self.data.get("seen"))

    def preview(self, access: Access) -> Preview | None:
        """What would change; None where something has to be mended first."""
        return self._asked(lambda said: preview_of(said["kpi"], said["registrar"], said["month"], access=access))

    def perform(self, access: Access) -> int | None:
        """How many series changed; None where something has to be mended first."""
        return self._asked(
            lambda said: register_from(
                said["kpi"], said["registrar"], said["month"], access=access, seen=said["seen"] or None
            )
        )

    def _asked(self, question: Callable[[dict[str, Any]], T]) -> T | None:
        if not self.is_valid():
            return None
        try:
            return question(self.cleaned_data)
        except ValidationError as error:
            self.add_error({"people": "registrar", "changed": None}.get(str(error.code), "month"), error)
        return None
