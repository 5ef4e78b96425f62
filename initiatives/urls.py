"""Pages of the initiatives."""

from django.urls import path

from initiatives import views

app_name = "initiatives"
urlpatterns = [
    path("timeline/", views.timeline, name="timeline"),
    path("timeline/data.csv", views.data, name="data"),
    path("initiatives/<slug:code>/", views.detail, name="detail"),
]
