"""Pages of inquiries."""

from django.urls import path

from inquiries import views

app_name = "inquiries"
urlpatterns = [
    path("", views.inquiry_list, name="list"),
    path("new/", views.create, name="create"),
    path("reminders/", views.reminders, name="reminders"),
    path("<int:pk>/", views.detail, name="detail"),
    path("answers/<int:pk>/", views.recipient, name="recipient"),
    path("answers/<int:pk>/file/", views.file, name="file"),
    path("answers/events/<int:pk>/file/", views.event_file, name="event_file"),
]
