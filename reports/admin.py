"""The reform office's back office for reports: structure of pages; editions to look at, never to change."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.back_office.forms import BackOfficeForm
from accounts.back_office.lists import day_of
from accounts.back_office.seen import SeenAdmin
from reports.models import Edition, Report, Section


@admin.register(Report)
class ReportAdmin(SeenAdmin):
    form = BackOfficeForm
    list_display = ("__str__", "subtitle", day_of(Report, "as_of"), day_of(Report, "publication_date"))
    exclude = ("version",)


@admin.register(Section)
class SectionAdmin(SeenAdmin):
    """Options are checked for the page's kind, placeholders for what they name: Section.clean says what to mend."""

    form = BackOfficeForm
    list_display = ("title", "report", "order", "kind")
    list_filter = ("report", "kind")
    list_select_related = ("report",)
    search_fields = ("title", "lead", "body")
    exclude = ("version",)

    def save_model(self, request: HttpRequest, obj: Section, form: Any, change: bool) -> None:
        # Whoever has the page open elsewhere learns that it has changed.
        obj.version += 1 if change else 0
        super().save_model(request, obj, form, change)


@admin.register(Edition)
class EditionAdmin(admin.ModelAdmin):
    """公表版 never change: the page shows them, nothing more."""

    list_display = ("__str__", day_of(Edition, "created_at"), "created_by", "html_sha256", "pdf_sha256")
    list_filter = ("report",)
    list_select_related = ("report", "created_by")
    exclude = ("html", "pdf", "snapshot")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Edition]:
        return super().get_queryset(request).defer("snapshot")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Edition | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Edition | None = None) -> bool:
        return False
