"""The surveys and their results."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from surveys.models import Survey
from surveys.results import answers_of, response_of, survey_csv


@require_GET
def survey_list(request: HttpRequest) -> HttpResponse:
    """All surveys, newest first."""
    return render(request, "surveys/list.html", {"surveys": Survey.objects.for_list()})


@require_GET
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One survey: its questions word for word, and what was answered."""
    survey = get_object_or_404(Survey.objects.for_page(), code=code)
    answers = answers_of(survey)
    context = {"survey": survey, "answers": answers, "response": response_of(survey, answers)}
    return render(request, "surveys/detail.html", context)


@require_GET
def data(request: HttpRequest, code: str) -> HttpResponse:
    """The results as CSV; `?for=excel` for Excel."""
    survey = get_object_or_404(Survey.objects.for_page(), code=code)
    content = survey_csv(survey, for_excel=request.GET.get("for") == "excel")
    headers = {"Content-Disposition": content_disposition_header(True, f"アンケート_{survey.code}.csv") or ""}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)
