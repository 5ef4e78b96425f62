"""Notices about one's own account."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import Request
from accounts.ids import ids_in
from accounts.models import AccountNotice


@require_POST
def read_notices(request: Request) -> HttpResponse:
    """Takes the notices that were shown from the home page: they stay on record."""
    shown = ids_in(request.POST.getlist("notice"))
    if AccountNotice.objects.unread_of(request.user.pk).filter(pk__in=shown).read(timezone.now()):
        messages.success(request, "お知らせを確認済みにしました。")
    return redirect("home")
