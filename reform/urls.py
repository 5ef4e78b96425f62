"""Every address of the application."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.urls import include, path

from accounts.views import sessions
from accounts.views.notices import read_notices
from accounts.views.password import PasswordChange
from accounts.views.sign_in import SignIn, SignOut
from reform import views

# Django's view would call the site by its host name.
sign_in = SignIn.as_view(extra_context={"site_name": settings.SITE_NAME})

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("overview/", views.overview, name="overview"),
    path("login/", sign_in, name="login"),
    path("logout/", SignOut.as_view(), name="logout"),
    path("password/", PasswordChange.as_view(), name="password_change"),
    path("password/done/", auth_views.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path("notices/read/", read_notices, name="read_notices"),
    path("kpis/", include("kpis.dashboards.urls")),
    path("entries/", include("kpis.months.urls")),
    path("approvals/", include("reform.approvals_urls")),
    path("closing/", include("kpis.closing.urls")),
    path("deputies/", include("accounts.urls.deputies")),
    path("handover/", include("reform.handover_urls")),
    path("owners/", include("kpis.owners.urls")),
    path("sessions/", sessions.own, name="sessions"),
    path("personnel/", include("accounts.urls.personnel")),
    path("reorganisation/", views.reorganisation, name="reorganisation"),
    path("imports/", include("kpis.imports.urls")),
    path("inquiries/", include("inquiries.urls")),
    path("", include("initiatives.urls")),
    path("surveys/", include("surveys.urls")),
    path("reports/", include("reports.urls")),
    path("jobs/", include("jobs.urls")),
    path("admin/", admin.site.urls),
]

handler500 = "reform.views.failure.server_error"
