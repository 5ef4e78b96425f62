"""実績値 in the back office: a value is stored by `record` alone, with the reason, and never deleted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from import_export.forms import ConfirmImportForm

from accounts.back_office.columns import plain
from accounts.back_office.forms import BackOfficeForm
from accounts.back_office.lists import ShownInline, day_of
from accounts.back_office.tables import TableMixin, UploadForm
from accounts.models import Assignment
from kpis.admin.resources import MeasurementResource, Version, digest
from kpis.checks import disclosures, findings_for, refuse
from kpis.models import Measurement, Revision
from kpis.models.value import STATEMENT
from kpis.values.closed import check_open
from kpis.values.reading import read_statement, understood_text
from kpis.values.recording import REASON_LENGTH, Change, StaleVersion, record
from kpis.values.statement import Slot, Statement, statement_of

WHY = "履歴に残ります（例：○○課の報告により訂正）。"


def shown_value(measurement: Measurement | Revision, kpi: Any) -> str:
    statement = Statement(value=measurement.value, missing_reason=measurement.missing_reason)
    return understood_text(kpi, statement)


def acting_post(request: Any) -> str:
    return request.access.post_in(None, Assignment.Role.REFORM_OFFICE)


class MeasurementForm(BackOfficeForm):
    typed = forms.CharField(
        label="値", required=False, max_length=100, help_text="例：1,234、23.5万、▲12。値がないときは理由を選びます。"
    )
    reason = forms.CharField(
        label="登録・訂正の理由", max_length=REASON_LENGTH, help_text=WHY, widget=forms.TextInput(attrs={"size": 80})
    )
    is_told = forms.BooleanField(
        label="引き算で分かることを確かめた",
        required=False,
        help_text="非公開の値が、公表されている値から分かるときだけ聞かれます。",
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    class Meta:
        model = Measurement
        fields = (
            "series", "span", "period", "missing_reason", "nature", "is_derived", "is_rounded", "is_provisional",
            "is_synthetic", "as_of", "as_of_wording", "published", "note", "source",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            value = self.instance.value
            self.initial.setdefault("typed", "" if value is None else f"{plain(value):f}")
            self.initial["seen_version"] = self.instance.version

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        series = self.instance.series if self.instance.pk else data.get("series")
        if series is not None:
            try:
                statement = read_statement(series.kpi, data.get("typed", ""), data.get("missing_reason", ""))
            except forms.ValidationError as error:
                self.add_error("typed", error)
            else:
                self._take(statement, data)
        if self.instance.pk:
            self._refuse_stale(data)
        return data

    def _post_clean(self) -> None:
        """Asks last, when series and period are known, whether the month may still change."""
        super()._post_clean()  # type: ignore[misc]  # django-stubs does not know it
        if not self.errors:
            try:
                check_open([self.instance], timezone.localdate())
                self._refuse_broken_rules()
            except ValidationError as error:  # MonthIsClosed among them
                self.add_error("typed", error)

    def _refuse_broken_rules(self) -> None:
        """A rule that stops the departments stops 取りまとめ課 too; doubts are answered by the reason it has to give, but
        not that what is withheld can be read off: no reason says that somebody knows."""
        statement = statement_of(self.instance)
        place = Slot(self.instance.series_id, self.instance.period, self.instance.span)
        findings = findings_for([place], [statement]).get(place, [])
        refuse(findings, replace(statement, is_confirmed=True))
        told = disclosures(findings)
        if told and not self.cleaned_data.get("is_told"):
            raise ValidationError(
                [*told, "それでもこのまま登録するときは「引き算で分かることを確かめた」に印を付けてください。"]
            )

    def _take(self, statement: Statement, data: dict[str, Any]) -> None:
        if statement.value is None and not statement.missing_reason:
            self.add_error("typed", "値が空です。0なら0を入れ、値がないなら「値なしの理由」を選んでください。")
        self.instance.value = statement.value
        data["missing_reason"] = statement.missing_reason

    def _refuse_stale(self, data: dict[str, Any]) -> None:
        """Locks the row until the view's transaction ends, so that what is compared here still holds when it is saved."""
        now = Measurement.objects.select_for_update().get(pk=self.instance.pk)
        if data.get("seen_version") == now.version:
            return
        newest = shown_value(now, self.instance.series.kpi)
        self.add_error(
            "typed",
            f"ほかの人が先に値を更新しました。いまの値は {newest}（第{now.version}版）です。"
            "確かめて、それでもこの内容にするときは、もう一度保存してください。",
        )
        # The next attempt is made in knowledge of this version; everything typed stays.
        self.data = {**self.data.dict(), self.add_prefix("seen_version"): str(now.version)}  # type: ignore[attr-defined]


class RevisionInline(ShownInline):
    model = Revision
    fields = readonly_fields = ("version", "at", "shown", "actor_name", "post", "reason")
    verbose_name_plural = "これまでの版"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Revision]:
        return super().get_queryset(request).select_related("measurement__series__kpi")

    @admin.display(description="値")
    def shown(self, revision: Revision) -> str:
        return shown_value(revision, revision.measurement.series.kpi)


class UploadValuesForm(UploadForm):
    reason = forms.CharField(label="登録・訂正の理由", max_length=REASON_LENGTH, help_text=WHY)
    field_order = ["resource", "import_file", "reason", "format"]
    versions: list[Version]  # what the preview compared the rows with


class ConfirmValuesForm(ConfirmImportForm):
    reason = forms.CharField(widget=forms.HiddenInput, max_length=REASON_LENGTH)
    seen = forms.CharField(widget=forms.HiddenInput)


@admin.register(Measurement)
class MeasurementAdmin(TableMixin, admin.ModelAdmin):
    form = MeasurementForm
    inlines = [RevisionInline]
    resource_classes = [MeasurementResource]
    import_form_class = UploadValuesForm
    confirm_form_class = ConfirmValuesForm
    skip_admin_log = True  # the revisions tell more
    list_display = ["series", "label", "shown", "marks", "version", day_of(Measurement, "updated_at")]
    list_filter = ["series__kpi", "span", "nature", "missing_reason", "is_provisional", "is_synthetic"]
    list_select_related = ["series__kpi"]
    search_fields = ["series__kpi__name", "series__kpi__code", "series__name"]
    search_help_text = "指標名とコード、内訳の名称で探します。"
    autocomplete_fields = ["series"]
    date_hierarchy = "period"
    ordering = ["-period", "series__kpi__order", "series__order"]

    @admin.display(description="対象期間", ordering="period")
    def label(self, measurement: Measurement) -> str:
        return measurement.dated_period.label

    @admin.display(description="値", ordering="value")
    def shown(self, measurement: Measurement) -> str:
        return shown_value(measurement, measurement.series.kpi)

    @admin.display(description="印")
    def marks(self, measurement: Measurement) -> str:
        return "、".join(measurement.mark_labels)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Measurement]:
        return super().get_queryset(request).select_related("series__kpi")

    def get_readonly_fields(self, request: HttpRequest, obj: Measurement | None = None) -> list[str]:
        return ["series", "span", "period", "version", "updated_at"] if obj else []

    def get_fieldsets(self, request: HttpRequest, obj: Measurement | None = None) -> Any:
        kept = ["version", "updated_at"] if obj else []
        return [
            (
                None,
                {
                    "fields": [
                        "series",
                        "span",
                        "period",
                        "typed",
                        "missing_reason",
                        "reason",
                        "is_told",
                        "seen_version",
                    ]
                },
            ),
            ("時点と公表された比較", {"fields": ["as_of", "as_of_wording", "published"]}),
            ("印", {"fields": ["nature", "is_derived", "is_rounded", "is_provisional", "is_synthetic"]}),
            ("注記と出典", {"fields": ["note", "source", *kept]}),
        ]

    def has_delete_permission(self, request: HttpRequest, obj: Measurement | None = None) -> bool:
        return False

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except StaleVersion:
            # Two people entered the same empty period at once: asked again, the form says what stands there now.
            return super().changeform_view(request, *args, **kwargs)

    def save_model(self, request: Any, obj: Measurement, form: Any, change: bool) -> None:
        said = {name: getattr(obj, name) for name in (*STATEMENT, "note", "source")}
        version = form.cleaned_data["seen_version"] if change else 0
        wanted = Change(obj.series_id, obj.period, obj.span, expected_version=version, **said)
        reason = form.cleaned_data["reason"]
        [stored] = record([wanted], actor=request.user, post=acting_post(request), reason=reason)
        obj.pk, obj.version = stored.pk, stored.version

    # --- Files -------------------------------------------------------------------------------------------------
    def get_import_resource_kwargs(self, request: Any, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.get("form")
        typed = getattr(form, "cleaned_data", {})
        versions: list[Version] = []
        if isinstance(form, UploadValuesForm):
            form.versions = versions
        return {
            "actor": request.user,
            "post": acting_post(request),
            # Before anything was typed the resource only names its columns.
            "reason": typed.get("reason", ""),
            "seen": typed.get("seen"),
            "versions": versions,
        }

    def get_confirm_form_initial(self, request: HttpRequest, import_form: Any) -> dict[str, Any]:
        initial = super().get_confirm_form_initial(request, import_form)
        if import_form is None:
            return initial
        return initial | {"reason": import_form.cleaned_data["reason"], "seen": digest(import_form.versions)}
