"""The five pillars with their figures."""

from django.http import Http404, HttpResponse

from accounts.access import Request


def overview(request: Request) -> HttpResponse:
    raise Http404
