"""Pages of owner cards."""

from django.urls import path

from kpis.owners import views as owners

app_name = "owners"
urlpatterns = [
    path("", owners.cards, name="list"),
    path("registrars/", owners.registrars, name="registrars"),
    path("<slug:code>/<int:department_id>/", owners.card, name="card"),
]
