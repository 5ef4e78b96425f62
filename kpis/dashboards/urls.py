"""Pages of the figures."""

from django.urls import path

from kpis.dashboards import views as figures

app_name = "kpis"
urlpatterns = [
    path("<slug:code>/", figures.detail, name="detail"),
    path("<slug:code>/data.csv", figures.data, name="data"),
]
