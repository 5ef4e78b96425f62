"""The reform office's back office for reports: structure of pages; editions to look at, never to change."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from reports.models import Edition, Report, Section


@admin.register(Report)
class ReportAdmin(admin.ModelAdmin):
    list_display = ("__str__", "subtitle", "as_of", "publication_date")
    exclude = ("version",)


@admin.register(Section)
class SectionAdmin(admin.ModelAdmin):
    list_display = ("title", "report", "order", "kind")
    list_filter = ("report", "kind")
    list_select_related = ("report",)
    exclude = ("version",)

    def save_model(self, request: HttpRequest, obj: Section, form: Any, change: bool) -> None:
        # Whoever has the page open elsewhere learns that it has changed.
        obj.version += 1 if change else 0
        super().save_model(request, obj, form, change)


@admin.register(Edition)
class EditionAdmin(admin.ModelAdmin):
    """公表版 never change: the page shows them, nothing more."""

    list_display = ("__str__", "created_at", "created_by", "html_sha256", "pdf_sha256")
    list_filter = ("report",)
    list_select_related = ("report", "created_by")
    exclude = ("html", "pdf")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Edition | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Edition | None = None) -> bool:
        return False
