"""Pages of deputies (代決)."""

from django.urls import path

from accounts.views import deputies

app_name = "deputies"
urlpatterns = [
    path("", deputies.own, name="list"),
    path("<int:pk>/cancel/", deputies.end, name="cancel"),
]
