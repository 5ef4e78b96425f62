"""KPIs, their parts, who reports them, and targets. Whatever is saved here may change summaries: they are asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from import_export.results import Result

from accounts.back_office.forms import BackOfficeForm
from accounts.back_office.lists import day_of
from accounts.back_office.tables import TableMixin
from accounts.ids import ids_in
from kpis.admin.amounts import TargetForm, TargetRow
from kpis.admin.keeping import CHANGE_FIELDSET, DefinitionForm, KeepingAdmin, kpis_of
from kpis.admin.reporting import ReportingInline, reporters_changed
from kpis.admin.resources import TargetResource
from kpis.models import Kpi, Rule, Series, Target
from kpis.values.recomputing import request_recompute
from kpis.values.unwished_targets import warnings_of

FROZEN = (
    "値が登録されているため、「種類」と「内訳の合計」は変更できません（過去の集計の意味が変わるため）。"
    "誤っていたときは、この指標に使い終えた日を入れ、後継の指標を登録してください。"
)


def _warn(request: HttpRequest, targets: Iterable[Target]) -> None:
    """What was saved and is likely meant otherwise."""
    for sentence in warnings_of(targets):
        messages.warning(request, sentence)


class SeriesInline(admin.TabularInline):
    model = Series
    form = BackOfficeForm
    extra = 0
    show_change_link = True
    verbose_name_plural = "内訳（報告の担当所属は、それぞれの「変更」から登録します）"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Series]:
        return super().get_queryset(request).select_related("kpi")


class TargetInline(admin.TabularInline):
    model = Target
    form = TargetRow
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Target]:
        return super().get_queryset(request).select_related("kpi")


class RuleInline(admin.TabularInline):
    model = Rule
    fk_name = "kpi"
    form = BackOfficeForm
    extra = 0
    autocomplete_fields = ["other"]
    verbose_name_plural = "入力の規則（提出のときに確かめること）"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Rule]:
        return super().get_queryset(request).select_related("kpi", "other")


@admin.register(Kpi)
class KpiAdmin(KeepingAdmin):
    """A KPI is ended, never deleted; what is changed of it, its parts and its targets is kept."""

    form = DefinitionForm
    inlines = [SeriesInline, TargetInline, RuleInline]
    list_display = [
        "name",
        "code",
        "unit",
        "kind",
        "pillar",
        "department",
        "series_count",
        "is_auxiliary",
        day_of(Kpi, "ends_on"),
    ]
    list_filter = ["kind", "frequency", "is_auxiliary", ("pillar", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["name", "code"]
    search_help_text = "指標名とコードで探します。"
    list_select_related = ["department", "pillar"]
    autocomplete_fields = ["department", "initiatives", "numerator", "denominator", "successor"]
    save_on_top = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Kpi]:
        return super().get_queryset(request).prefetch_related("pillar__names").annotate(parts=Count("series"))

    @admin.display(description="内訳の数", ordering="parts")
    def series_count(self, kpi: Kpi) -> int:
        return kpi.parts  # type: ignore[attr-defined]  # annotated above

    def get_readonly_fields(self, request: HttpRequest, obj: Kpi | None = None) -> list[str]:
        if obj is None:
            return []
        return ["code", "kind", "aggregation"] if obj.has_values else ["code"]

    def get_fieldsets(self, request: HttpRequest, obj: Kpi | None = None) -> Any:
        frozen = FROZEN if obj is not None and obj.has_values else ""
        return [
            (None, {"fields": ["code", "name", "definition", "pillar", "department", "initiatives"]}),
            (
                "計算のしかた",
                {
                    "fields": [
                        ("kind", "aggregation"),
                        ("numerator", "denominator", "level_rule"),
                        "direction",
                        ("frequency", "as_of_rule", "due_working_day"),
                    ],
                    "description": frozen,
                },
            ),
            ("表示", {"fields": ["unit", "decimals", "ratio_decimals", "scale", "order", "is_auxiliary"]}),
            (
                "基準値",
                {
                    "fields": [
                        "baseline_value",
                        ("baseline_span", "baseline_period", "baseline_wording"),
                        "baseline_is_derived",
                    ]
                },
            ),
            ("使う期間", {"fields": ["starts_on", "ends_on", "successor"]}),
            ("出典と注記", {"fields": ["source", "note"]}),
            *([] if obj is None else [CHANGE_FIELDSET]),
        ]

    def kpis_concerned(self, request: HttpRequest, object_id: str | None) -> set[int]:
        return ids_in([object_id])

    def has_delete_permission(self, request: HttpRequest, obj: Kpi | None = None) -> bool:
        return False

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        request_recompute([form.instance.pk])
        _warn(request, Target.objects.filter(kpi=form.instance).select_related("kpi"))


@admin.register(Series)
class SeriesAdmin(KeepingAdmin):
    """A part of a KPI, and the departments that reported and report it."""

    form = DefinitionForm
    inlines = [ReportingInline]
    list_display = ["kpi", "name", "code", "kind", day_of(Series, "starts_on"), day_of(Series, "ends_on")]
    list_display_links = ["kpi", "name"]
    list_filter = ["kind", "kpi"]
    list_select_related = ["kpi"]
    search_fields = ["kpi__name", "kpi__code", "name", "code"]
    search_help_text = "指標名、指標のコード、内訳の名称とコードで探します。"
    autocomplete_fields = ["kpi"]

    def kpis_concerned(self, request: HttpRequest, object_id: str | None) -> set[int]:
        return kpis_of(Series, request, object_id)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Series]:
        return super().get_queryset(request).select_related("kpi")

    def get_readonly_fields(self, request: HttpRequest, obj: Series | None = None) -> list[str]:
        return ["kpi"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Series | None = None) -> bool:
        return False

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        reporters_changed([form.instance.pk], [form.instance.kpi_id], request)


@admin.register(Target)
class TargetAdmin(TableMixin, KeepingAdmin):
    form = TargetForm
    resource_classes = [TargetResource]
    list_display = ["kpi", "fiscal_year", "month", "value", "note", "is_synthetic"]
    list_filter = ["fiscal_year", "is_synthetic"]
    list_select_related = ["kpi"]
    search_fields = ["kpi__name", "kpi__code"]
    autocomplete_fields = ["kpi"]

    def kpis_concerned(self, request: HttpRequest, object_id: str | None) -> set[int]:
        return kpis_of(Target, request, object_id)

    def get_import_resource_kwargs(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        return super().get_import_resource_kwargs(request, **kwargs) | {"access": request.access}  # type: ignore[attr-defined]  # accounts.access.Request

    def add_success_message(self, result: Result, request: HttpRequest) -> None:
        super().add_success_message(result, request)
        saved = [row.object_id for row in result.rows if row.object_id]
        _warn(request, Target.objects.filter(pk__in=saved).select_related("kpi"))

    def get_readonly_fields(self, request: HttpRequest, obj: Target | None = None) -> list[str]:
        return ["kpi"] if obj else []

    def save_model(self, request: HttpRequest, obj: Target, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        request_recompute([obj.kpi_id])
        _warn(request, [obj])

    def delete_model(self, request: HttpRequest, obj: Target) -> None:
        kpi_id = obj.kpi_id
        super().delete_model(request, obj)
        request_recompute([kpi_id])

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Target]) -> None:
        kpi_ids = list(queryset.values_list("kpi", flat=True))
        super().delete_queryset(request, queryset)
        request_recompute(kpi_ids)
