"""The back office: Django's admin, opened to 取りまとめ課 alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator

from accounts.back_office.access import may_use_back_office
from accounts.back_office.forms import JsonField
from accounts.days import DayField
from accounts.door.bodies import takes_files
from accounts.views.sign_in import SignOut
from sheets.limits import MAX_BYTES, MEGABYTE

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class BackOffice(admin.AdminSite):
    """One rule for all of it (`may_use_back_office`); what may be done with a model follows from the group 取りまとめ課."""

    site_title = "管理"
    site_header = f"{settings.SITE_NAME} 管理"
    index_title = "管理の一覧"
    empty_value_display = "—"

    def register(
        self, model_or_iterable: Any, admin_class: type[admin.ModelAdmin] | None = None, **options: Any
    ) -> None:
        """Days are read as people write them, on every page of a table and in the rows below it."""
        for pages in (admin_class, *(admin_class.inlines if admin_class else ())):
            if pages is not None:
                pages.formfield_overrides = {
                    **pages.formfield_overrides,
                    models.DateField: {"form_class": DayField},
                    models.JSONField: {"form_class": JsonField},
                }
        super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return may_use_back_office(request)

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Tells somebody signed in that the page is not theirs, where Django would ask them to sign in once more."""
        inner = super().admin_view(view, cacheable)

        @takes_files(MAX_BYTES // MEGABYTE)
        @wraps(inner)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            return inner(request, *args, **kwargs)

        return cast(View, guarded)

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one page to sign in on, with one lock-out."""
        wanted = request.GET.get("next", "") or reverse("admin:index", current_app=self.name)
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(wanted, settings.LOGIN_URL)

    def logout(  # type: ignore[override]  # the stubs know only the page it would show
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """There is one way out, which the security log knows of."""
        return SignOut.as_view()(request)

    def password_change(  # type: ignore[override]  # the stubs know only the page it would show
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """There is one page for it: it tells the person, and ends a first password."""
        return redirect("password_change")
