"""The five pillars with their figures."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import Request
from reform.overview import as_of_from, months_to_choose
from reform.overview import overview as overview_of


@require_GET
def overview(request: Request) -> HttpResponse:
    """All cards as they are today; ?as_of=2025-05 shows what was known of that month and before."""
    today = timezone.localdate()
    asked = request.GET.get("as_of", "")
    as_of = as_of_from(asked, today)
    context = {"page": overview_of(today, as_of), "months": months_to_choose(today, as_of)}
    return render(request, "overview.html", context | {"is_refused": bool(asked) and as_of is None})
