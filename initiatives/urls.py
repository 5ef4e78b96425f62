"""Pages of the initiatives."""

from django.urls import path

from initiatives import views

app_name = "initiatives"
urlpatterns = [
    path("timeline/", views.timeline, name="timeline"),
    path("timeline/data.csv", views.data, name="data"),
    path("progress/", views.progress_list, name="progress_list"),
    path("progress/data.csv", views.progress_data, name="progress_data"),
    path("initiatives/<slug:code>/progress/<int:fiscal_year>-<int:quarter>/", views.progress, name="progress"),
    path("initiatives/<slug:code>/", views.detail, name="detail"),
]
