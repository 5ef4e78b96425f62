"""Pages of approving."""

from django.urls import path

from kpis.entries.views import decide
from reform.views.approvals import queue

app_name = "approvals"
urlpatterns = [
    path("", queue, name="list"),
    path("<int:pk>/", decide, name="decide"),
]
