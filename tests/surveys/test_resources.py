"""Files of surveys, questions and results, by their codes."""

from __future__ import annotations

from decimal import Decimal

import pytest
import tablib

from surveys.models import Question, Result, Survey
from surveys.resources import QuestionResource, ResultResource, SurveyResource

ATOMIC = {"use_transactions": True, "rollback_on_validation_errors": True}
RESULTS = ["アンケートコード", "設問コード", "選択肢", "人数", "割合（％）"]


@pytest.fixture
def question(db) -> Question:
    survey = Survey.objects.create(code="staff", name="職員アンケート", conducted_on="2025-05-01")
    return Question.objects.create(survey=survey, code="q1", wording="進んでいるか")


def load(resource, headers: list[str], *rows: list[str]):
    return resource().import_data(tablib.Dataset(*rows, headers=headers), **ATOMIC)


def test_a_survey_and_its_questions_are_added_by_code(db) -> None:
    load(
        SurveyResource,
        ["アンケートコード", "名称", "実施時期", "依頼数"],
        ["staff", "職員", "令和7年5月1日", "１，０００"],
    )
    load(QuestionResource, ["アンケートコード", "設問コード", "設問"], ["staff", "q1", "進んでいるか"])
    assert Survey.objects.get().asked == 1000
    assert Question.objects.get().survey.code == "staff"


def test_results_twice_are_stored_once_and_a_percentage_is_exact(question) -> None:
    first = load(ResultResource, RESULTS, ["staff", "q1", "はい", "", "54.5"], ["staff", "q1", "いいえ", "12", ""])
    second = load(ResultResource, RESULTS, ["staff", "q1", "はい", "", "54.5"], ["staff", "q1", "いいえ", "12", ""])
    assert (first.totals["new"], second.totals["skip"]) == (2, 2)
    assert Result.objects.get(label="はい").percent == Decimal("54.5")
    assert Result.objects.get(label="いいえ").count == 12


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (["staff", "q9", "はい", "1", ""], "設問「q9」はありません"),
        (["staff", "q1", "はい", "1", "2"], "どちらか一方"),
        (["staff", "q1", "はい", "", ""], "どちらか一方"),
        (["staff", "q1", "どちらでもない", "1", ""], "同じ行が上にもあります"),
    ],
)
def test_one_wrong_row_saves_nothing(question, row, message) -> None:
    result = load(ResultResource, RESULTS, ["staff", "q1", "どちらでもない", "3", ""], row)
    assert message in str(result.invalid_rows[0].error)
    assert not Result.objects.exists()


def test_a_file_without_the_percentage_column_is_refused(question) -> None:
    result = load(ResultResource, RESULTS[:-1], ["staff", "q1", "はい", "1"])
    assert "必要な列がありません：割合（％）" in str(result.base_errors[0].error)
    assert not Result.objects.exists()
