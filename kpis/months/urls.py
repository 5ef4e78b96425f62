"""Pages of entering a department's month."""

from django.urls import path

from kpis.months.views import grid, panel, year
from kpis.months.views import month as entries
from kpis.registration import views as registration

app_name = "entries"
urlpatterns = [
    path("", entries.month_list, name="list"),
    path("<int:pk>/", entries.detail, name="detail"),
    path("<int:pk>/withdraw/", entries.withdraw, name="withdraw"),
    path("<int:pk>/discard/", entries.discard, name="discard"),
    path("understand/<int:series_id>/", entries.understand, name="understand"),
    path("panel/<int:series_id>/<str:period>/", panel.panel, name="panel"),
    path("panel/<int:series_id>/<str:period>/evidence/", panel.evidence_add, name="evidence_add"),
    path("evidence/<int:pk>/", panel.evidence, name="evidence"),
    path("evidence/<int:pk>/remove/", panel.evidence_remove, name="evidence_remove"),
    path("<str:department_code>/FY<int:fiscal_year>/", year.year, name="year"),
    path("<str:department_code>/FY<int:fiscal_year>/cells/", year.cells, name="year_cells"),
    path("<str:department_code>/<str:month>/confirm/", registration.confirm, name="confirm"),
    path("<str:department_code>/<str:month>/take-back/", registration.take_back, name="take_back"),
    path("<str:department_code>/<str:month>/answer/", registration.answer, name="answer"),
    path("<str:department_code>/<str:month>/cells/", grid.cells, name="cells"),
    path("<str:department_code>/<str:month>/", entries.month, name="month"),
]
