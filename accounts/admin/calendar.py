"""閉庁日: the city's own closed and opened days, by which due dates are counted."""

from django.contrib import admin

from accounts.back_office.forms import BackOfficeForm
from accounts.back_office.lists import day_of
from accounts.back_office.seen import SeenAdmin
from accounts.models import ClosedDay


@admin.register(ClosedDay)
class ClosedDayAdmin(SeenAdmin):
    form = BackOfficeForm
    list_display = (day_of(ClosedDay, "day"), "name", "is_open")
    list_filter = ("is_open",)
    search_fields = ("name",)
    date_hierarchy = "day"
    ordering = ("-day",)
