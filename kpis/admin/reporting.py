"""Who reports each part, and who registers it for everybody: by hand, where neither 組織改正 nor 一括登録 fits.

A closed month keeps who reported it, and what is under way goes to whoever answers for it afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest

from accounts.access import Access
from accounts.back_office.forms import BackOfficeForm
from accounts.back_office.lists import InForceFilter, day_of
from accounts.back_office.seen import SeenAdmin
from japan.wareki import month_short
from kpis.models import Closing, Reporting
from kpis.registration.choosing import settle_entries
from kpis.values.recomputing import request_recompute


def _closed_months(row: Reporting) -> dict[date, tuple[int | None, int | None]]:
    """The closed months in which the row says who reports, each with the department and the registrar."""
    months = Closing.objects.order_by("month").values_list("month", flat=True)
    return {month: (row.department_id, row.registrar_id) for month in months if row.is_in_force(month)}


def refuse_closed(stored: Reporting | None, changed: Reporting | None) -> None:
    """Raises ValidationError where a closed month would lose who reported it, or get others."""
    if stored is None:
        return
    kept = _closed_months(changed) if changed is not None else {}
    lost = [month for month, who in _closed_months(stored).items() if kept.get(month) != who]
    if lost:
        named = month_short(lost[0]) if len(lost) == 1 else f"{month_short(lost[0])}〜{month_short(lost[-1])}"
        raise ValidationError(
            f"{named}分は確定しているため、だれが報告したかを変えられません。"
            "確定した月の末日で終わりにして、次の月から始まる行を加えてください。",
            code="closed",
        )


class ReportingForm(BackOfficeForm):
    """Refuses what a closed month does not allow, once everything else is right."""

    def _post_clean(self) -> None:
        stored = Reporting.objects.filter(pk=self.instance.pk).first() if self.instance.pk else None
        super()._post_clean()  # type: ignore[misc]  # django-stubs does not know it
        if not self.errors:
            try:
                refuse_closed(stored, self.instance)
            except ValidationError as error:
                self.add_error(None, error)


class ReportingFormSet(BaseInlineFormSet):
    """A row that said who reported a closed month is not deleted."""

    def clean(self) -> None:
        super().clean()
        for form in self.deleted_forms:
            refuse_closed(form.instance if form.instance.pk else None, None)


class ReportingInline(admin.TabularInline):
    model = Reporting
    form = ReportingForm
    formset = ReportingFormSet
    extra = 0
    autocomplete_fields = ["department", "registrar"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reporting]:
        return super().get_queryset(request).select_related("series__kpi", "department", "registrar")


@admin.register(Reporting)
class ReportingAdmin(SeenAdmin):
    """Who reports what, across KPIs."""

    form = ReportingForm
    list_display = ["series", "department", "registrar", day_of(Reporting, "valid_from"), day_of(Reporting, "valid_to")]
    list_filter = [InForceFilter, ("department", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["series__kpi", "department", "registrar"]
    search_fields = ["series__kpi__name", "series__kpi__code", "series__name", "department__name"]
    autocomplete_fields = ["series", "department", "registrar"]

    def get_readonly_fields(self, request: HttpRequest, obj: Reporting | None = None) -> list[str]:
        return ["series"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Reporting | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not _closed_months(obj))

    def save_model(self, request: HttpRequest, obj: Reporting, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        reporters_changed([obj.series_id], [obj.series.kpi_id], request)

    def delete_model(self, request: HttpRequest, obj: Reporting) -> None:
        series_id, kpi_id = obj.series_id, obj.series.kpi_id
        super().delete_model(request, obj)
        reporters_changed([series_id], [kpi_id], request)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Reporting]) -> None:
        places = list(queryset.values_list("series", "series__kpi"))
        super().delete_queryset(request, queryset)
        reporters_changed([series for series, _ in places], [kpi for _, kpi in places], request)


def reporters_changed(series_ids: Iterable[int], kpi_ids: Iterable[int], request: HttpRequest) -> None:
    """What is under way goes to who answers for it now, and the summaries are computed again."""
    access: Access = request.access  # type: ignore[attr-defined]  # AccessMiddleware
    settle_entries(series_ids, access=access, reason="報告の担当所属の変更")
    request_recompute(kpi_ids)
