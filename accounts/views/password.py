"""Changing one's password: with it a first password is over."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import views as auth_views
from django.http import HttpResponse

from accounts.account_changes import telling
from accounts.models import User


class PasswordChange(auth_views.PasswordChangeView):
    """Django's, and the flag of a first password goes down with the change."""

    def form_valid(self, form: Any) -> HttpResponse:
        # The form saves the user whole, in one statement with the new password.
        user = form.user
        assert isinstance(user, User)
        user.must_change_password = False
        with telling([user.pk], self.request):
            return super().form_valid(form)
