"""A page per person."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import Request
from accounts.models import User
from reform.home import home_of


@require_GET
def home(request: Request) -> HttpResponse:
    """What I have to enter, finish, approve and watch over; what moved."""
    assert isinstance(request.user, User)
    return render(request, "home.html", {"home": home_of(request.user, request.access, timezone.localdate())})
