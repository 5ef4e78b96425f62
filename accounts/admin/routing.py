"""承認ルート: through whose hands reports go, which departments use which route, and who decides for somebody absent."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest

from accounts.acts import check_deputy_kept
from accounts.back_office.forms import BackOfficeForm
from accounts.back_office.kept import KeptAdmin
from accounts.back_office.lists import InForceFilter, day_of
from accounts.back_office.seen import SeenAdmin
from accounts.models import Deputy, Route, RouteStep, RouteUse


class StepFormSet(BaseInlineFormSet):
    """The steps of one route, which only make sense together."""

    def clean(self) -> None:
        """At least one step, counted from 1 without a gap, or a report would wait for a step that never comes."""
        super().clean()
        if any(self.errors):
            return
        kept = [form for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        orders = sorted(form.cleaned_data["order"] for form in kept)
        if not orders:
            raise ValidationError("承認の段階を1つ以上入力してください。", code="none")
        if orders != list(range(1, len(orders) + 1)):
            raise ValidationError("段階は1から順に、番号を飛ばさずに入力してください。", code="gap")


class RouteStepInline(admin.TabularInline):
    model = RouteStep
    form = BackOfficeForm
    formset = StepFormSet
    extra = 0
    min_num = 1
    max_num = len(RouteStep.ROLES)
    ordering = ["order"]
    verbose_name_plural = "承認の段階（1から順に、最後の段階で承認されます）"


@admin.register(Route)
class RouteAdmin(SeenAdmin):
    """A changed route holds for what is handed in from then on; what is under way keeps the steps it began with."""

    form = BackOfficeForm
    inlines = [RouteStepInline]
    list_display = ["name", "steps_in_words", "used_by", "note"]
    search_fields = ["name", "note"]
    search_help_text = "名称、説明で探します。"
    fieldsets = [
        (
            None,
            {
                "fields": ["name", "note"],
                "description": "段階を変えても、提出済みの回答は、提出したときの段階のまま進みます。",
            },
        )
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Route]:
        return super().get_queryset(request).prefetch_related("steps", "uses__department")

    @admin.display(description="承認の段階")
    def steps_in_words(self, route: Route) -> str:
        return " → ".join(step.get_role_display() for step in route.steps.all()) or "—"

    @admin.display(description="使うところ")
    def used_by(self, route: Route) -> str:
        return "、".join(str(use) for use in route.uses.all()) or "—"


@admin.register(RouteUse)
class RouteUseAdmin(SeenAdmin):
    form = BackOfficeForm
    list_display = ["department_or_all", "subject", "route"]
    list_display_links = ["department_or_all", "subject"]
    list_filter = ["subject", "route"]
    list_select_related = ["department", "route"]
    search_fields = ["department__name", "department__code", "route__name"]
    search_help_text = "所属の名称・コード、承認ルートの名称で探します。"
    autocomplete_fields = ["department", "route"]

    @admin.display(description="所属", ordering="department__order")
    def department_or_all(self, use: RouteUse) -> str:
        return str(use.department or "全体")


class DeputyForm(BackOfficeForm):
    class Meta:
        model = Deputy
        fields = "__all__"
        help_texts = {"principal": "本来決める人の担当割当です。"}


@admin.register(Deputy)
class DeputyAdmin(KeptAdmin):
    """Whoever is absent names a deputy on a page of their own; here the office does it for them."""

    check_kept = staticmethod(check_deputy_kept)
    form: type[forms.ModelForm[Any]] = DeputyForm
    list_display = ["principal", "deputy", day_of(Deputy, "valid_from"), day_of(Deputy, "valid_to"), "reason"]
    list_filter = [InForceFilter]
    list_select_related = ["principal__user", "principal__department", "deputy"]
    search_fields = ["principal__user__name", "principal__department__name", "deputy__name", "deputy__employee_number"]
    search_help_text = "氏名、職員番号、所属の名称で探します。"
    autocomplete_fields = ["principal", "deputy"]
    date_hierarchy = "valid_from"
