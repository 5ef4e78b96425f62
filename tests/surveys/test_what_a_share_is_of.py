"""A survey's percentage names its choices and its base: page, file, placeholder and report say the same."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from reports.figures import Figures
from reports.illustrations import illustrated
from reports.models import Section
from reports.opinions import UnknownOpinion, read_opinion
from reports.placeholders import check_text, resolve
from reports.snapshot import section_of
from surveys.models import Question, Result, Survey
from surveys.results import survey_csv
from surveys.shares import NoShare, agreement_of, lines_of
from tests.reports.conftest import small_report  # noqa: F401  fixture
from tests.reports.pages import REPORT

AS_OF = date(2025, 5, 31)


@pytest.fixture
def survey(db) -> Survey:
    """100 were asked, 80 answered, on a known day."""
    return Survey.objects.create(
        code="staff", name="職員アンケート", conducted_on=date(2025, 3, 14), asked=100, answered=80, source="市の調査"
    )


def ask(survey: Survey, code: str, *choices: tuple, **fields: object) -> Question:
    """A question with choices of (label, number or percentage as text, counts as そう思う)."""
    question = Question.objects.create(survey=survey, code=code, wording="改革は進んでいるか", **fields)
    for order, (label, number, *positive) in enumerate(choices):
        given = {"percent": Decimal(number)} if isinstance(number, str) else {"count": number}
        result = Result(question=question, label=label, order=order, is_positive=bool(positive), **given)
        result.full_clean()
        result.save()
    return question


@pytest.fixture
def several(survey) -> Question:
    """Two answers of each of 80 people: 60 took the first choice, 40 the second."""
    return ask(survey, "ways", ("窓口", 60, True), ("電話", 40), ("郵便", 60), is_multiple=True)


@pytest.fixture
def agreed(survey) -> Question:
    return ask(
        survey, "progress", ("そう思う", 16, True), ("まあそう思う", 28, True), ("あまり思わない", 20), ("思わない", 16)
    )


def test_several_answers_are_shares_of_those_who_answered(several):
    assert [line.share_text for line in lines_of(several)] == ["75%", "50%", "75%"]
    assert (agreement_of(several).named, agreement_of(several).base_text) == ("窓口 75%", "回答者80人")


def test_a_question_of_its_own_base_is_a_share_of_that(survey):
    question = ask(survey, "ways", ("窓口", 30, True), ("電話", 30), is_multiple=True, answered=40)
    assert (agreement_of(question).named, agreement_of(question).base_text) == ("窓口 75%", "回答者40人")


def test_several_answers_of_an_unknown_number_of_people_have_no_share(survey):
    Survey.objects.update(answered=None)
    question = ask(Survey.objects.get(), "ways", ("窓口", 60, True), ("電話", 40), is_multiple=True)
    assert [line.share for line in lines_of(question)] == [None, None]
    with pytest.raises(NoShare, match="割合を計算できる人数がありません"):
        agreement_of(question)


def test_the_choices_that_count_are_added_up_and_named(agreed):
    found = agreement_of(agreed)
    assert (found.named, found.base_text, found.marks) == ("そう思う・まあそう思う 55%", "回答者80人", ["算出値"])


def test_published_percentages_are_added_up_with_their_own_digits(survey):
    question = ask(survey, "progress", ("そう思う", "20", True), ("まあそう思う", "35.5", True), ("思わない", "44.5"))
    found = agreement_of(question)
    assert (found.named, found.base_text, found.marks) == ("そう思う・まあそう思う 55.5%", "", ["算出値"])


def test_without_a_chosen_choice_a_report_prints_no_share_and_says_what_to_do(survey):
    ask(survey, "progress", ("そう思う", 16), ("思わない", 64))
    with pytest.raises(ValidationError, match="どの選択肢を「そう思う」に数えるかが決まっていません"):
        check_text("{{ survey:staff/progress.percent }}")
    with pytest.raises(UnknownOpinion):
        read_opinion("staff/progress")


def test_two_choices_of_several_answers_are_not_added_up(several):
    other = several.results.get(label="電話")
    other.is_positive = True
    with pytest.raises(ValidationError, match="1つにしてください"):
        other.full_clean()
    Result.objects.update(is_positive=True)
    with pytest.raises(NoShare, match="複数回答"):
        agreement_of(Question.objects.get())


@pytest.mark.parametrize(("first", "second"), [(60, 40), (80, 1)])
def test_more_choices_than_people_are_refused_unless_several_may_be_taken(survey, first, second):
    with pytest.raises(ValidationError, match="いくつでも選べる設問は「複数回答」にしてください"):
        ask(survey, "ways", ("窓口", first), ("電話", second))


def test_more_people_than_answered_are_refused(survey):
    with pytest.raises(ValidationError, match="回答した人数（80人）を超えています"):
        ask(survey, "ways", ("窓口", 81), is_multiple=True)


@pytest.mark.parametrize(
    ("count", "said"), [(7996, "99.9%"), (8000, "100%"), (1, "0.1%未満"), (0, "0%"), (4000, "50%"), (5333, "66.7%")]
)
def test_rounding_makes_no_share_whole_and_none_nothing(survey, count, said):
    Survey.objects.update(answered=8000, asked=9000)
    question = ask(Survey.objects.get(), "ways", ("窓口", count, True), ("なし", 0), is_multiple=True)
    assert agreement_of(question).percent == said


def test_a_placeholder_names_the_choices_the_base_and_the_response(agreed):
    text = (
        "{{ survey:staff/progress.percent }}（{{ survey:staff/progress.base }}。{{ survey:staff/progress.response }}）"
    )
    written = "そう思う・まあそう思う 55%（算出値）（回答者80人。依頼数100人、回答数80人、回答率80.0%）"
    assert resolve(text, Figures(AS_OF)) == written


def test_a_report_page_names_the_choices_the_base_the_response_and_the_day(agreed, small_report):  # noqa: F811
    section = Section(
        report=small_report, order=1, kind="survey", title="声", options={"questions": ["staff/progress"]}
    )
    page = section_of(section, Figures(AS_OF))
    [ring] = illustrated(page, REPORT)["drawings"]["donuts"]
    assert (ring["percent"], ring["share_text"], ring["base"]) == ("そう思う・まあそう思う 55%", "55%", "回答者80人")
    assert "改革は進んでいるか：そう思う・まあそう思う：55%を表す円" in ring["drawing"]
    [survey] = page["data"]["surveys"]
    assert (survey["conducted"], survey["response"]) == (
        "令和7(2025)年3月14日実施", "依頼数100人、回答数80人、回答率80.0%",
    )  # fmt: skip
    assert not survey["is_unpublished"]


def test_questions_of_two_surveys_name_both(agreed, small_report):  # noqa: F811
    other = Survey.objects.create(code="users", name="市民アンケート", conducted_on=date(2025, 2, 1), source="市の調査")
    ask(other, "easier", ("楽になった", "61", True), ("変わらない", "39"))
    options = {"questions": ["staff/progress", "users/easier"]}
    section = Section(report=small_report, order=1, kind="survey", title="声", options=options)
    page = section_of(section, Figures(AS_OF))
    assert [survey["conducted"] for survey in page["data"]["surveys"]] == [
        "令和7(2025)年3月14日実施", "令和7(2025)年2月実施",
    ]  # fmt: skip
    assert [survey["is_unpublished"] for survey in page["data"]["surveys"]] == [False, True]


def test_the_page_says_choices_base_and_response(agreed, several, viewer, signed_in):
    text = signed_in(viewer).get(reverse("surveys:detail", args=["staff"])).content.decode()
    for words in (
        "そう思う・まあそう思う 55%（回答者80人）",
        "いくつでも選べるため",
        "<dd>80.0%</dd>",
        "令和7(2025)年3月14日実施",
    ):
        assert words in text
    assert "公表なし" not in text


def test_what_the_office_has_not_entered_is_not_called_unpublished(agreed, viewer, signed_in):
    Survey.objects.update(asked=None)
    client = signed_in(viewer)
    text = client.get(reverse("surveys:detail", args=["staff"])).content.decode()
    assert ("公表なし" in text, text.count("未登録")) == (False, 2)
    Survey.objects.update(answered=None)
    assert "回答数：未登録" in client.get(reverse("surveys:list")).content.decode()


def test_the_file_has_the_base_the_rate_and_the_choices_that_count(several, viewer, signed_in):
    content = signed_in(viewer).get(reverse("surveys:data", args=["staff"])).content.decode()
    rows = list(csv.DictReader(io.StringIO(content)))
    assert [(r["割合（％）"], r["割合の母数（人）"], r["「そう思う」に数える"]) for r in rows] == [
        ("75", "80", "1"), ("50", "80", "0"), ("75", "80", "0"),
    ]  # fmt: skip
    assert {(r["回答率（％）"], r["複数回答"]) for r in rows} == {("80.0", "1")}


@pytest.mark.parametrize(("count", "number"), [(1, "0.0125"), (7, "0.0875"), (0, "0"), (8, "0.1"), (7996, "99.9")])
def test_the_file_has_no_0_for_somebody_and_no_100_for_not_all(survey, count, number):
    Survey.objects.update(answered=8000, asked=9000)
    ask(Survey.objects.get(), "ways", ("窓口", count, True), ("なし", 0), is_multiple=True)
    [line] = [row for row in rows_of(Survey.objects.for_page().get()) if row["選択肢"] == "窓口"]
    assert line["割合（％）"] == number


def rows_of(survey: Survey) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(survey_csv(survey, for_excel=False).decode("utf-8-sig"))))
