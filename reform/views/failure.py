"""The page of a failure that nobody foresaw."""

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template import loader

from reform.request_log import number_of


def server_error(request: HttpRequest) -> HttpResponse:
    """500, with the number under which the log tells what happened. Its template reads nothing but that."""
    return HttpResponseServerError(loader.get_template("500.html").render({"number": number_of(request)}))
