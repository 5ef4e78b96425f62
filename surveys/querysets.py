"""The questions pages ask about surveys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Exists, OuterRef

if TYPE_CHECKING:
    from surveys.models import Survey


class SurveyQuerySet(models.QuerySet["Survey"]):
    def for_list(self) -> SurveyQuerySet:
        """Everything the list shows of a survey, newest first (a grouped query takes no order from the model)."""
        from surveys.models import Result

        of_survey = Result.objects.filter(question__survey=OuterRef("pk"))
        return self.annotate(
            question_count=Count("questions"),
            has_percentages_alone=Exists(of_survey) & ~Exists(of_survey.filter(count__isnull=False)),
        ).order_by("-conducted_on", "code")

    def for_page(self) -> SurveyQuerySet:
        """Everything a survey's own page shows."""
        return self.prefetch_related("questions__results")
