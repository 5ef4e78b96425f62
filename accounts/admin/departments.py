"""Departments over time, and what became of which."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget, AutocompleteSelect
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from accounts.back_office.forms import BackOfficeForm
from accounts.back_office.lists import InForceFilter
from accounts.models import Department, Succession
from accounts.reorganising import Change, close_and_open

FROZEN = (
    "所属コード、名称、上位の所属は変更できません。過去の月がその名称のまま残るようにするためです。"
    "変わるときは「組織改正」から、今の所属を閉じて新しい所属を設けます。"
)


class ReorganisationForm(BackOfficeForm):
    on = forms.DateField(label="実施日", widget=AdminDateWidget, help_text="今の所属はこの前日で廃止になります。")
    kind = forms.ChoiceField(label="種類", choices=Succession.Kind)

    class Meta:
        model = Department
        fields = ("on", "kind", "name", "short_name", "furigana", "parent", "order")

    field_order = ["on", "kind"]

    def __init__(self, *args: Any, admin_site: admin.AdminSite, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent = cast("forms.ModelChoiceField[Department]", self.fields["parent"])
        parent.widget = AutocompleteSelect(Department._meta.get_field("parent"), admin_site, choices=parent.choices)

    def _post_clean(self) -> None:
        """The department itself does not change: what was typed describes the one to be opened."""

    def change(self) -> Change:
        names = ("on", "name", "short_name", "furigana", "parent", "order", "kind")
        return Change(**{name: self.cleaned_data[name] for name in names})


class SuccessionInline(admin.TabularInline):
    model = Succession
    form = BackOfficeForm
    fk_name = "successor"
    extra = 0
    autocomplete_fields = ["predecessor"]
    verbose_name_plural = "この所属の前身"


@admin.register(Department)
class DepartmentAdmin(admin.ModelAdmin):
    """A department is closed, never deleted or renamed."""

    form = BackOfficeForm
    inlines = [SuccessionInline]
    change_form_template = "admin/accounts/department/change_form.html"
    list_display = ["name", "short_name", "parent", "code", "order", "valid_from", "valid_to"]
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

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<int:department_id>/reorganise/",
            self.admin_site.admin_view(self.reorganise_view),
            name="accounts_department_reorganise",
        )
        return [own, *super().get_urls()]

    def reorganise_view(self, request: HttpRequest, department_id: int) -> HttpResponse:
        department = self.get_object(request, str(department_id))
        if department is None:
            raise Http404
        if not (self.has_add_permission(request) and self.has_change_permission(request, department)):
            raise PermissionDenied
        form = ReorganisationForm(request.POST or None, instance=department, admin_site=self.admin_site)
        if request.method == "POST" and form.is_valid():
            try:
                opened = close_and_open(department, form.change())
            except ValidationError as error:
                form.add_error(None, error)
            else:
                self.log_change(request, department, "組織改正により廃止")
                self.log_addition(request, opened, "組織改正により設置")
                messages.success(request, f"「{opened}」を設けました。担当割当と報告の担当所属も移してください。")
                return redirect("admin:accounts_department_change", opened.pk)
        return TemplateResponse(request, "admin/accounts/department/reorganise.html", self._page(request, form))

    def _page(self, request: HttpRequest, form: ReorganisationForm) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": f"組織改正：{form.instance}",
            "form": form,
            "opts": self.opts,
            "department": form.instance,
            "media": self.media + form.media,
        }


@admin.register(Succession)
class SuccessionAdmin(admin.ModelAdmin):
    form = BackOfficeForm
    list_display = ["date", "predecessor", "successor", "kind"]
    list_display_links = ["date", "predecessor"]
    list_filter = ["kind"]
    list_select_related = ["predecessor", "successor"]
    search_fields = ["predecessor__name", "successor__name", "predecessor__code", "successor__code"]
    autocomplete_fields = ["predecessor", "successor"]
    date_hierarchy = "date"
