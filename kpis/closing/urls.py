"""Pages of closing months, of what changed afterwards, and of the change of the fiscal year."""

from django.urls import path

from kpis.closing.views import closing, year_end

app_name = "closing"
urlpatterns = [
    path("", closing.month_list, name="list"),
    path("changes/", closing.changes, name="changes"),
    path("changes.csv", closing.changes_data, name="changes_data"),
    path("reopenings.csv", closing.reopenings_data, name="reopenings_data"),
    path("definitions.csv", closing.definitions_data, name="definitions_data"),
    path("reopenings/<int:pk>/end/", closing.end, name="end"),
    path("year/<int:fiscal_year>/", year_end.checklist, name="year"),
    path("year/<int:fiscal_year>/targets/", year_end.targets, name="targets"),
    path("<str:month>/", closing.month, name="month"),
    path("<str:month>/close/", closing.close, name="close"),
    path("<str:month>/final/", closing.final, name="final"),
    path("<str:month>/reopen/", closing.open_again, name="reopen"),
]
