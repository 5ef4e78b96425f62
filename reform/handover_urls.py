"""Pages of 事務引継."""

from django.urls import path

from reform.views import handover

app_name = "handover"
urlpatterns = [
    path("", handover.posts, name="list"),
    path("<int:pk>/", handover.prepare, name="prepare"),
    path("papers/<int:pk>/", handover.paper, name="paper"),
]
