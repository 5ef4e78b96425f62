"""The surveys and their results."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from surveys.models import Survey
from surveys.results import answers_of, survey_csv


@require_GET
def survey_list(request: HttpRequest) -> HttpResponse:
    """All surveys, newest first."""
    return render(request, "surveys/list.html", {"surveys": Survey.objects.for_list()})


@require_GET
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One survey: its questions word for word, and what was answered."""
    survey = get_object_or_404(Survey.objects.for_page(), code=code)
    return render(request, "surveys/detail.html", {"survey": survey, "answers": answers_of(survey)})


@require_GET
def data(request: HttpRequest, code: str) -> HttpResponse:
    """The results as CSV; `?for=excel` for Excel."""
    survey = get_object_or_404(Survey.objects.for_page(), code=code)
    content = survey_csv(survey, for_excel=request.GET.get("for") == "excel")
    headers = {"Content-Disposition": content_disposition_header(True, f"アンケート_{survey.code}.csv") or ""}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)
