"""Pages of the surveys."""

from django.urls import path

from surveys import views

app_name = "surveys"
urlpatterns = [
    path("", views.survey_list, name="list"),
    path("<slug:code>/", views.detail, name="detail"),
    path("<slug:code>/data.csv", views.data, name="data"),
]
