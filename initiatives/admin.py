"""The back office's pages for what is done: pillars, initiatives, milestones."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.back_office.forms import BackOfficeForm
from accounts.back_office.seen import SeenAdmin
from accounts.back_office.tables import TableMixin
from initiatives.models import Alias, FormerCharge, Initiative, Milestone, Pillar, PillarName
from initiatives.resources import InitiativeResource, MilestoneResource


class PillarNameInline(admin.TabularInline):
    model = PillarName
    form = BackOfficeForm
    extra = 0
    verbose_name_plural = "名称（変わるときは、今の名称に使い終えた日を入れ、新しい行を足します）"


class AliasInline(admin.TabularInline):
    model = Alias
    form = BackOfficeForm
    extra = 0


class FormerChargeInline(admin.TabularInline):
    model = FormerCharge
    form = BackOfficeForm
    extra = 0
    autocomplete_fields = ["department"]
    verbose_name_plural = "前の担当所属（組織改正で自動的に加わります）"


class MilestoneInline(admin.TabularInline):
    model = Milestone
    form = BackOfficeForm
    extra = 0
    fields = ["fiscal_year", "month", "until_fiscal_year", "wording", "detail", "source", "order"]


@admin.register(Pillar)
class PillarAdmin(SeenAdmin):
    form = BackOfficeForm
    inlines = [PillarNameInline]
    list_display = ["name", "code", "order", "icon"]
    search_fields = ["names__name", "code"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Pillar]:
        return super().get_queryset(request).prefetch_related("names")


@admin.register(Initiative)
class InitiativeAdmin(TableMixin, SeenAdmin):
    form = BackOfficeForm
    inlines = [AliasInline, FormerChargeInline, MilestoneInline]
    resource_classes = [InitiativeResource]
    list_display = ["title", "code", "pillar", "department", "status", "is_bold", "order"]
    list_filter = ["status", ("pillar", admin.RelatedOnlyFieldListFilter), "is_bold"]
    list_select_related = ["pillar", "department"]
    search_fields = ["title", "code", "aliases__name"]
    search_help_text = "名称、別名、コードで探します。"
    autocomplete_fields = ["department"]
    save_on_top = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Initiative]:
        return super().get_queryset(request).select_related("department").prefetch_related("pillar__names")


@admin.register(Milestone)
class MilestoneAdmin(TableMixin, SeenAdmin):
    form = BackOfficeForm
    resource_classes = [MilestoneResource]
    list_display = ["wording", "initiative", "fiscal_year", "month", "until_fiscal_year"]
    list_filter = ["fiscal_year", ("initiative__pillar", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["initiative"]
    search_fields = ["wording", "detail", "initiative__title", "initiative__aliases__name"]
    search_help_text = "公表された表現、取組の名称で探します。"
    autocomplete_fields = ["initiative"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Milestone]:
        return super().get_queryset(request).select_related("initiative")
