"""A KPI's own page and its data file."""

from django.http import Http404, HttpResponse

from accounts.access import Request


def detail(request: Request, code: str) -> HttpResponse:
    raise Http404


def data(request: Request, code: str) -> HttpResponse:
    raise Http404
