"""What was reported, what was stored and what was computed: to look at. Nothing of it is written here."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.back_office.lists import ShownAdmin, ShownInline, day_of
from japan.periods import Period, Span
from kpis.models import Entry, EntryEvent, Revision, Summary


class EventInline(ShownInline):
    model = EntryEvent
    show_change_link = False
    fields = readonly_fields = ("at", "action", "actor_name", "post", "reason", "shown")


@admin.register(Entry)
class EntryAdmin(ShownAdmin):
    inlines = [EventInline]
    list_display = [
        "series",
        "month",
        "department",
        "state",
        "author",
        day_of(Entry, "submitted_at"),
        "decided_by",
        day_of(Entry, "decided_at"),
    ]
    list_filter = ["state", ("department", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["series__kpi__name", "series__kpi__code", "author__name", "author__employee_number"]
    search_help_text = "指標名とコード、入力者の氏名と番号で探します。"
    date_hierarchy = "period"

    @admin.display(description="対象期間", ordering="period")
    def month(self, entry: Entry) -> str:
        return entry.dated_period.label

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entry]:
        return super().get_queryset(request).select_related("series__kpi", "department", "author", "decided_by")


@admin.register(Revision)
class RevisionAdmin(ShownAdmin):
    list_display = [
        "measurement",
        "version",
        "value",
        "missing_reason",
        "actor_name",
        "post",
        "reason",
        day_of(Revision, "at"),
    ]
    list_filter = ["missing_reason", "nature", "is_synthetic"]
    list_select_related = ["measurement__series__kpi"]
    search_fields = ["measurement__series__kpi__name", "measurement__series__kpi__code", "actor_name", "reason"]
    search_help_text = "指標名とコード、登録した職員の氏名、理由で探します。"
    date_hierarchy = "at"
    ordering = ["-at", "-id"]


@admin.register(Summary)
class SummaryAdmin(ShownAdmin):
    list_display = ["kpi", "span", "label", "value", "basis", "reported", "expected", day_of(Summary, "computed_at")]
    list_filter = ["span", "basis", "kpi"]
    list_select_related = ["kpi"]
    search_fields = ["kpi__name", "kpi__code"]
    date_hierarchy = "period"

    @admin.display(description="対象期間", ordering="period")
    def label(self, summary: Summary) -> str:
        return Period(Span(summary.span), summary.period).label
