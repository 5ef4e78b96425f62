"""Pages of the figures."""

from django.urls import path

from kpis.views import figures

app_name = "kpis"
urlpatterns = [
    path("<slug:code>/", figures.detail, name="detail"),
    path("<slug:code>/data.csv", figures.data, name="data"),
]
