"""Where the asking person is signed in, and ending it everywhere else."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import Request
from accounts.models import Session
from accounts.security_log import note


@require_http_methods(["GET", "HEAD", "POST"])
def own(request: Request) -> HttpResponse:
    """The person's sessions; the button ends all but this one."""
    sessions = Session.objects.of(request.user.pk).alive(timezone.now())
    if request.method == "POST":
        ended = sessions.exclude(session_key=request.session.session_key).delete()[0]
        note("signed_out_elsewhere", request, sessions=ended)
        messages.success(
            request, f"他の端末{ended}台からログアウトしました。" if ended else "他の端末ではログインしていません。"
        )
        return redirect("sessions")
    return render(request, "accounts/sessions.html", {"sessions": sessions, "here": request.session.session_key})
