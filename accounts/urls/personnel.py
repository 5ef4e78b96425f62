"""The page that takes the personnel list over."""

from django.urls import path

from accounts.views import personnel

app_name = "personnel"
urlpatterns = [
    path("", personnel.upload, name="upload"),
    path("apply/", personnel.confirm, name="apply"),
]
