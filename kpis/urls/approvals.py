"""Pages of approving."""

from django.urls import path

from kpis.views import approvals

app_name = "approvals"
urlpatterns = [
    path("", approvals.queue, name="list"),
    path("<int:pk>/", approvals.decide, name="decide"),
]
