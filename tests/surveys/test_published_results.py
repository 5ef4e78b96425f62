"""A survey keeps what was published: counts or percentages, and nothing where nothing was."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from surveys.models import Question, Result, Survey


@pytest.fixture
def question(db) -> Question:
    survey = Survey.objects.create(code="staff", name="職員アンケート", conducted_on=date(2025, 3, 1))
    return Question.objects.create(survey=survey, code="q1", wording="「業務は楽になりましたか」")


def test_what_was_not_published_stays_empty(question):
    question.survey.full_clean()
    assert (question.survey.asked, question.survey.answered) == (None, None)


def test_a_percentage_is_kept_as_published(question):
    result = Result(question=question, label="はい", percent=Decimal("54"))
    result.full_clean()
    result.save()
    assert (Result.objects.get().percent, Result.objects.get().count) == (54, None)


def test_a_count_of_nobody_is_a_result(question):
    Result(question=question, label="はい", count=0).full_clean()


@pytest.mark.parametrize("given", [{}, {"count": 1, "percent": Decimal(1)}])
def test_a_result_is_a_count_or_a_percentage_never_both_never_neither(question, given):
    with pytest.raises(ValidationError, match="どちらか一方"):
        Result(question=question, label="はい", **given).full_clean()


def test_results_stand_in_their_published_order(question):
    for order, label in ((2, "いいえ"), (1, "はい"), (3, "どちらでもない")):
        Result.objects.create(question=question, label=label, count=1, order=order)
    assert [result.label for result in question.results.all()] == ["はい", "いいえ", "どちらでもない"]
