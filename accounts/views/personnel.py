"""人事CSV: chosen, looked through, registered; the first passwords are shown once."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Request, reform_office_only
from accounts.door.bodies import takes_files
from accounts.personnel import apply, preview_of
from accounts.personnel_forms import ConfirmForm, UploadForm
from sheets.limits import MAX_BYTES, MEGABYTE

PAGE = "personnel/upload.html"


@takes_files(MAX_BYTES // MEGABYTE)
@reform_office_only
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: Request) -> HttpResponse:
    """The file, and what it would change."""
    if request.method != "POST":
        return render(request, PAGE, {"form": UploadForm()})
    form = UploadForm(request.POST, request.FILES)
    preview = form.preview()
    confirm = ConfirmForm.for_preview(preview) if preview and not preview.refusals else None
    context = {"form": form, "preview": preview, "confirm": confirm}
    return render(request, PAGE, context, status=422 if form.errors or (preview and preview.refusals) else 200)


@reform_office_only
@require_POST
@never_cache
def confirm(request: Request) -> HttpResponse:
    """Registers what was shown. The answer carries the first passwords, so it is no redirect: they are kept nowhere."""
    form = ConfirmForm(request.POST)
    if "rows" in form.errors:
        return redirect("personnel:upload")
    lines = form.cleaned_data["rows"]
    if form.is_valid():
        try:
            shown = preview_of(lines)
            issued = apply(lines, seal=form.cleaned_data["seal"], request=request)
            return render(request, "personnel/done.html", {"issued": issued, "preview": shown})
        except ValidationError as error:
            form.add_error(None, error)
    preview = preview_of(lines)
    again = form.shown_again(preview) if not preview.refusals else None
    context = {"form": UploadForm(), "preview": preview, "confirm": again}
    return render(request, PAGE, context, status=422)
