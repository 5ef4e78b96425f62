"""Departments over time, and what became of which."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.back_office.forms import BackOfficeForm
from accounts.back_office.lists import InForceFilter, day_of
from accounts.back_office.seen import SeenAdmin
from accounts.models import Department, Succession

FROZEN = (
    "所属コード、名称、上位の所属は変更できません。過去の月がその名称のまま残るようにするためです。"
    "変わるときは「組織改正」から、今の所属を閉じて新しい所属を設けます。"
)


class SuccessionInline(admin.TabularInline):
    model = Succession
    form = BackOfficeForm
    fk_name = "successor"
    extra = 0
    autocomplete_fields = ["predecessor"]
    verbose_name_plural = "この所属の前身"


@admin.register(Department)
class DepartmentAdmin(SeenAdmin):
    """A department is closed, never deleted or renamed."""

    form = BackOfficeForm
    inlines = [SuccessionInline]
    change_form_template = "admin/accounts/department/change_form.html"
    list_display = [
        "name",
        "short_name",
        "parent",
        "code",
        "order",
        day_of(Department, "valid_from"),
        day_of(Department, "valid_to"),
    ]
    list_filter = [InForceFilter, ("parent", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["parent"]
    search_fields = ["name", "short_name", "furigana", "code"]
    search_help_text = "名称、略称、ふりがな、所属コードで探します。"
    autocomplete_fields = ["parent"]

    def get_readonly_fields(self, request: HttpRequest, obj: Department | None = None) -> list[str]:
        return ["code", "name", "parent", "valid_from"] if obj else []

    def get_fieldsets(self, request: HttpRequest, obj: Department | None = None) -> Any:
        fields = ["code", "name", "short_name", "furigana", "parent", "order", "valid_from", "valid_to"]
        return [(None, {"fields": fields, "description": FROZEN if obj else ""})]

    def has_delete_permission(self, request: HttpRequest, obj: Department | None = None) -> bool:
        return False


@admin.register(Succession)
class SuccessionAdmin(SeenAdmin):
    form = BackOfficeForm
    list_display = [day_of(Succession, "date"), "predecessor", "successor", "kind", "finishes_its_work"]
    list_display_links = ["predecessor"]
    list_filter = ["kind"]
    list_select_related = ["predecessor", "successor"]
    search_fields = ["predecessor__name", "successor__name", "predecessor__code", "successor__code"]
    autocomplete_fields = ["predecessor", "successor"]
    date_hierarchy = "date"
