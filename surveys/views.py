"""The surveys and their results."""

from django.http import Http404, HttpRequest, HttpResponse


def survey_list(request: HttpRequest) -> HttpResponse:
    raise Http404


def detail(request: HttpRequest, code: str) -> HttpResponse:
    raise Http404
