"""The timeline and each initiative."""

from django.http import Http404, HttpRequest, HttpResponse


def timeline(request: HttpRequest) -> HttpResponse:
    raise Http404


def detail(request: HttpRequest, code: str) -> HttpResponse:
    raise Http404
