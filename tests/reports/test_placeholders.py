"""Placeholders: what may be written, what is refused on saving, what they print."""

import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from reports.figures import Figures
from reports.placeholders import check_text, resolve
from reports.references import UnknownFigure
from surveys.models import Question, Result, Survey

MAY = date(2025, 5, 1)


@pytest.fixture
def friends(kpi):
    return kpi("line-friends", {("month", MAY): 40_000})


@pytest.fixture
def question(db) -> Question:
    survey = Survey.objects.create(code="staff", name="職員アンケート", conducted_on=date(2025, 3, 1))
    return Question.objects.create(survey=survey, code="go-on", wording="続けるべき")


def test_figures_are_written_into_the_text(friends):
    text = "友だちは{{ kpi:line-friends.value }}（{{kpi:line-friends.as_of}}）。"
    check_text(text)
    assert resolve(text, Figures(date(2025, 5, 31))) == "友だちは40,000人（令和7(2025)年5月末時点）。"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ kpi:line-freinds.value }}", "「{{ kpi:line-freinds.value }}」：.*近いコード：line-friends"),
        ("{{ kpi:line-friends.vlaue }}", "「{{ kpi:line-friends.vlaue }}」：.*使えるもの：value"),
        ("{{ kpi:line-friends/credit.value }}", "内訳のコード：total"),
        ("{{ kip:line-friends.value }}", "「kpi:」「survey:」「progress:」"),
        ("{{ line-friends }}", "読み取れません"),
        ("{{ kpi:line-friends.value }", "数が合いません"),
        ("kpi:line-friends.value }}", "数が合いません"),
        ("{{ survey:staff/go-on.percent }}", "アンケート「staff/go-on」の結果はありません"),
    ],
)
def test_what_cannot_be_printed_is_refused_by_name(friends, text, message):
    with pytest.raises(ValidationError) as caught:
        check_text(text)
    assert re.search(message, " ".join(caught.value.messages))


def test_every_wrong_placeholder_of_a_text_is_named_at_once(friends):
    with pytest.raises(ValidationError) as caught:
        check_text("{{ kpi:a.value }} {{ kpi:line-friends.value }} {{ kpi:b.value }}")
    assert len(caught.value.messages) == 2


def test_the_template_engine_is_nowhere_near(friends):
    text = "{% debug %} {{ kpi:line-friends.value }} {# note #}"
    assert resolve(text, Figures(date(2025, 5, 31))) == "{% debug %} 40,000人 {# note #}"


def test_a_ratio_without_a_baseline_cannot_be_printed(friends):
    with pytest.raises(UnknownFigure, match="基準値に対する倍率"):
        resolve("{{ kpi:line-friends.ratio }}", Figures(date(2025, 5, 31)))


def test_a_published_share_is_printed_as_published(question):
    Result.objects.create(question=question, label="はい", percent="78")
    assert resolve("{{ survey:staff/go-on.percent }}", Figures(date(2025, 5, 31))) == "はい 78%"


def test_a_share_of_counts_is_worked_out_among_its_question(question):
    Result.objects.create(question=question, label="はい", count=2, order=1, is_positive=True)
    Result.objects.create(question=question, label="いいえ", count=1, order=2)
    assert resolve("{{ survey:staff/go-on.percent }}", Figures(date(2025, 5, 31))) == "はい 66.7%（算出値）"
