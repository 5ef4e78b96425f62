"""A page per person."""

from django.http import Http404, HttpResponse

from accounts.access import Request


def home(request: Request) -> HttpResponse:
    raise Http404
