"""Back-office pages whose changes are kept as history, with a reason where one is due."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.messages.storage import default_storage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from accounts.back_office.forms import BackOfficeForm
from accounts.back_office.kept import rows_named
from accounts.back_office.seen import SeenAdmin
from accounts.ids import ids_in
from kpis.definitions.keeping import AFTER_THE_FACT, ReasonMissing, Why, keeping
from kpis.models import Series, Target

CHANGE_FIELDS = ("change_kind", "change_reason")
CHANGE_FIELDSET = (
    "変更の記録",
    {
        "fields": list(CHANGE_FIELDS),
        "description": "確定した年度または公表したレポートで使われた定義・目標値と、終わった年度の目標値を変えるときに必要です。"
        "「訂正・遡及改定の一覧」に載り、公開の対象になります。",
    },
)


class DefinitionForm(BackOfficeForm):
    """A definition with the reason of its change. Whether one is due is known when everything is to be saved."""

    change_kind = forms.ChoiceField(
        label="変更の種類",
        required=False,
        choices=[
            ("", "（年度の途中で、確定・公表の前の変更）"),
            *((kind.value, kind.label) for kind in AFTER_THE_FACT),
        ],
    )
    change_reason = forms.CharField(
        label="変更の理由", required=False, max_length=300, widget=forms.TextInput(attrs={"size": 60})
    )
    #: Set for the second look at a form whose change turned out to need a reason.
    reason_missing = ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.reason_missing:
            self.add_error("change_reason", self.reason_missing)
        return cleaned


class KeepingAdmin(SeenAdmin):
    """What is sent to these pages is kept as history; a change without its due reason is shown again, nothing saved."""

    def kpis_concerned(self, request: HttpRequest, object_id: str | None) -> set[int]:
        """The ids of the KPIs whose definition the request may change."""
        raise NotImplementedError

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, change, **kwargs)
        form.reason_missing = getattr(request, "reason_missing", "")  # type: ignore[attr-defined]  # DefinitionForm
        return form

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        why = Why(
            request.access,  # type: ignore[attr-defined]  # accounts.access.Request
            request.POST.get("change_kind", "") if request.POST.get("change_kind") in AFTER_THE_FACT else "",
            request.POST.get("change_reason", "")[:300],
        )
        try:
            with keeping(self.kpis_concerned(request, object_id), why):
                return super().changeform_view(request, object_id, form_url, extra_context)
        except ReasonMissing as missing:
            _unsay(request)
            request.reason_missing = missing.message  # type: ignore[attr-defined]  # ours, for the form
            return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        view = partial(super().delete_view, object_id=object_id, extra_context=extra_context)
        return self._deleting(request, self.kpis_concerned(request, object_id), view)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        view = partial(super().changelist_view, extra_context=extra_context)
        return self._deleting(request, self.kpis_concerned(request, None), view)

    def _deleting(self, request: HttpRequest, kpi_ids: set[int], view: Any) -> HttpResponse:
        """A deletion that needs a reason is made on the KPI's page, which asks for it."""
        if request.method != "POST" or not kpi_ids:
            return view(request)
        try:
            with keeping(kpi_ids, Why(request.access)):  # type: ignore[attr-defined]  # accounts.access.Request
                return view(request)
        except ReasonMissing as missing:
            _unsay(request)
            messages.error(request, f"{missing.message}指標のページで、理由を添えて変更してください。")
            return HttpResponseRedirect(request.path)


def _unsay(request: HttpRequest) -> None:
    """Takes back what the page said of a change that was undone."""
    request._messages = default_storage(request)  # type: ignore[attr-defined]  # as Django's middleware sets it


def kpis_of(model: type[Series] | type[Target], request: HttpRequest, object_id: str | None) -> set[int]:
    """The KPIs of the row, of rows ticked in the list, and of the one chosen in the form."""
    found = set(rows_named(model, request, object_id).values_list("kpi", flat=True))
    return found | ids_in([request.POST.get("kpi")])
