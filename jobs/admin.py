from django.contrib import admin
from django.http import HttpRequest

from jobs.models import Job


@admin.register(Job)
class JobAdmin(admin.ModelAdmin):
    """Jobs are looked at here, never edited: the code that runs them owns their state."""

    list_display = ["id", "title", "subject", "state", "percent", "runs", "owner", "created_at", "finished_at"]
    list_filter = ["state", "kind"]
    search_fields = ["subject", "error"]
    list_select_related = ["owner"]
    date_hierarchy = "created_at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        return False
