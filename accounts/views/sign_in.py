"""Signing in and out, each with its line in the security log."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.contrib.auth import views as auth_views
from django.http import HttpRequest, HttpResponse

from accounts.addresses import client_address
from accounts.door.browsers import remember_browser
from accounts.door.forms import STATUS, SignInForm
from accounts.door.offering import tell_of_kept
from accounts.door.opened import KEPT
from accounts.door.sessions import ADDRESS
from accounts.models import KeptForm, Session
from accounts.security_log import note, note_failure


class SignIn(auth_views.LoginView):
    """Django's, with what happened in the security log."""

    form_class = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        wanted = parse_qs(urlsplit(self.get_redirect_url()).query)
        return context | {"is_kept": KEPT in wanted, "kept_minutes": settings.KEPT_MINUTES}

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        remember_browser(response)
        self.request.session[ADDRESS] = client_address(self.request)
        Session.objects.sweep()
        KeptForm.objects.sweep()
        tell_of_kept(self.request, response.headers["Location"])
        note("sign_in", self.request)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        if form.status != STATUS["busy"]:  # nothing was tried then
            note_failure(self.request, str(form.data.get("username", "")), is_closed=form.status == STATUS["closed"])
        response = super().form_invalid(form)
        response.status_code = form.status
        if form.status != 200:
            response["Retry-After"] = "10" if form.status == STATUS["busy"] else "900"
        return response


class SignOut(auth_views.LogoutView):
    """Django's, with what happened in the security log."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        note("sign_out", request)
        return super().post(request, *args, **kwargs)
