"""The chief's queue."""

from django.http import Http404, HttpResponse

from accounts.access import Request, approver_only


@approver_only
def queue(request: Request) -> HttpResponse:
    raise Http404


@approver_only
def decide(request: Request, pk: int) -> HttpResponse:
    raise Http404
