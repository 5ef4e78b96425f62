"""組織改正: what would follow, and doing it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import Request, reform_office_only
from accounts.ids import is_id
from accounts.models import Department
from reform.reorganisation_forms import ReorganisationForm
from reform.reorganising import past_changes

PAGE = "reorganisation/page.html"


@reform_office_only
@require_http_methods(["GET", "HEAD", "POST"])
def reorganisation(request: Request) -> HttpResponse:
    """Sent once it shows what follows, sent with the confirmation it does it. ?department= begins with that one."""
    if request.method != "POST":
        asked = request.GET.get("department", "")
        start = Department.objects.filter(pk=asked, valid_to__isnull=True).first() if is_id(asked) else None
        return render(
            request, PAGE, {"form": ReorganisationForm(start=start), "past": past_changes(request.GET.get("page"))}
        )
    form = ReorganisationForm(request.POST)
    if request.POST.get("action") == "save" and form.perform(request) is not None:
        messages.success(request, "組織改正を実施しました。新しい所属の担当割当を確かめてください。")
        return redirect("reorganisation")
    preview = form.preview()
    status = 422 if form.errors or preview is None else 200
    return render(request, PAGE, {"form": form, "preview": preview}, status=status)
