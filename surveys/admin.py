"""The back office's pages for surveys."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.back_office.forms import BackOfficeForm
from accounts.back_office.seen import SeenAdmin
from accounts.back_office.tables import TableMixin
from surveys.models import Question, Result, Survey
from surveys.resources import QuestionResource, ResultResource, SurveyResource


class QuestionInline(admin.TabularInline):
    model = Question
    form = BackOfficeForm
    extra = 0
    show_change_link = True
    verbose_name_plural = "設問（集計結果は、それぞれの「変更」から入力します）"


class ResultInline(admin.TabularInline):
    model = Result
    form = BackOfficeForm
    extra = 0


@admin.register(Survey)
class SurveyAdmin(TableMixin, SeenAdmin):
    form = BackOfficeForm
    inlines = [QuestionInline]
    resource_classes = [SurveyResource]
    list_display = ["name", "code", "conducted", "population", "asked", "answered", "is_synthetic"]
    list_filter = ["is_synthetic"]
    search_fields = ["name", "code"]
    date_hierarchy = "conducted_on"

    @admin.display(description="実施時期", ordering="conducted_on")
    def conducted(self, survey: Survey) -> str:
        return survey.conducted_text


@admin.register(Question)
class QuestionAdmin(TableMixin, SeenAdmin):
    form = BackOfficeForm
    inlines = [ResultInline]
    resource_classes = [QuestionResource]
    list_display = ["wording", "survey", "code", "is_multiple", "order"]
    list_filter = ["survey"]
    list_select_related = ["survey"]
    search_fields = ["wording", "code", "survey__name"]
    autocomplete_fields = ["survey"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        return super().get_queryset(request).select_related("survey")


@admin.register(Result)
class ResultAdmin(TableMixin, SeenAdmin):
    form = BackOfficeForm
    resource_classes = [ResultResource]
    list_display = ["label", "question", "count", "percent", "is_positive", "order"]
    list_filter = ["question__survey"]
    list_select_related = ["question__survey"]
    search_fields = ["label", "question__wording", "question__survey__name"]
    autocomplete_fields = ["question"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Result]:
        return super().get_queryset(request).select_related("question__survey")
