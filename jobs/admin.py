from datetime import datetime

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from japan.wareki import month_short
from jobs.models import Job


@admin.register(Job)
class JobAdmin(admin.ModelAdmin):
    """Jobs are looked at here, never edited: the code that runs them owns their state."""

    list_display = ["id", "title", "subject", "state", "percent", "runs", "owner", "created", "finished"]
    list_filter = ["state", "kind"]
    search_fields = ["subject", "error"]
    list_select_related = ["owner"]

    @admin.display(description="依頼日時", ordering="created_at")
    def created(self, job: Job) -> str:
        return _moment(job.created_at)

    @admin.display(description="終了日時", ordering="finished_at")
    def finished(self, job: Job) -> str:
        return _moment(job.finished_at) if job.finished_at else "—"

    date_hierarchy = "created_at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        return False


def _moment(at: datetime) -> str:
    """令和8年4月1日 14:05."""
    local = timezone.localtime(at)
    return f"{month_short(local.date())}{local.day}日 {local:%H:%M}"
