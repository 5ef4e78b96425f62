"""職員アンケート: the wording as published, each share as published or marked as worked out, what is unknown said so."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from surveys.models import Question, Result, Survey
from surveys.shares import lines_of


@pytest.fixture
def published(db) -> Survey:
    """Percentages alone, as vol.5 prints them."""
    survey = Survey.objects.create(
        code="staff", name="職員向けのアンケート", conducted_on=date(2025, 3, 1), conducted_wording="R7.3実施",
        population="職員", source="vol.5",
    )  # fmt: skip
    question = Question.objects.create(survey=survey, code="go-on", wording="引き続き改革を進めていくべき")
    Result.objects.create(question=question, label=question.wording, percent=Decimal(78))
    return survey


@pytest.fixture
def counted(db) -> Survey:
    """Counts of three choices: 2, 1 and 0 of 3."""
    survey = Survey.objects.create(
        code="counted", name="人数のアンケート", conducted_on=date(2026, 1, 1), asked=5, answered=3, is_synthetic=True
    )
    question = Question.objects.create(survey=survey, code="felt", wording="改革を感じるか")
    for order, (label, count) in enumerate([("感じる", 2), ("感じない", 1), ("わからない", 0)]):
        Result.objects.create(question=question, label=label, count=count, order=order)
    return survey


def text_of(client, name: str, *args: str) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def test_the_list_leads_to_each_survey_newest_first(published, counted, viewer, signed_in) -> None:
    text = text_of(signed_in(viewer), "surveys:list")
    assert text.index(reverse("surveys:detail", args=["counted"])) < text.index(
        reverse("surveys:detail", args=["staff"])
    )
    assert "令和7(2025)年3月実施" in text


def test_an_empty_list_says_who_fills_it(viewer, signed_in) -> None:
    assert "アンケートはまだ登録されていません" in text_of(signed_in(viewer), "surveys:list")


def test_a_published_percentage_is_drawn_as_a_ring_and_not_marked(published, viewer, signed_in) -> None:
    text = text_of(signed_in(viewer), "surveys:detail", "staff")
    assert "<title>「引き続き改革を進めていくべき」は78%</title>" in text
    assert "公表値" in text
    assert "算出値" not in text


def test_what_was_not_published_is_said_so(published, viewer, signed_in) -> None:
    text = text_of(signed_in(viewer), "surveys:detail", "staff")
    assert (
        text.count("公表なし") == 5
    )  # asked, answered, their rate, and the count of the one line in the ring and in the table
    assert "公表された表現：R7.3実施" in text


def test_a_share_worked_out_from_counts_is_marked_and_says_of_how_many(counted, viewer, signed_in) -> None:
    text = text_of(signed_in(viewer), "surveys:detail", "counted")
    assert "66.7%" in text
    assert "算出値" in text
    assert "人数の計（3人）" in text


def test_a_count_of_nobody_is_zero_and_not_missing(counted, viewer, signed_in) -> None:
    text = text_of(signed_in(viewer), "surveys:detail", "counted")
    assert "0人" in text
    assert "<strong>0%</strong>" in text


def test_an_invented_survey_is_marked_on_its_page_and_in_the_list(counted, viewer, signed_in) -> None:
    for name, args in (("surveys:detail", ["counted"]), ("surveys:list", [])):
        assert "架空値（見本）" in text_of(signed_in(viewer), name, *args)


def test_counts_that_add_up_to_nothing_give_no_share(counted) -> None:
    Result.objects.update(count=0)
    assert [line.share for line in lines_of(counted.questions.get())] == [None, None, None]


@pytest.mark.parametrize(("percent", "written"), [("54", "54%"), ("54.30", "54.3%"), ("0", "0%"), ("100", "100%")])
def test_a_published_share_keeps_its_published_decimals(percent, written, published) -> None:
    Result.objects.update(percent=Decimal(percent))
    assert [line.share_text for line in lines_of(published.questions.get())] == [written]


@pytest.mark.parametrize("for_excel", [False, True])
def test_the_results_leave_as_csv(for_excel, counted, viewer, signed_in) -> None:
    asked = {"for": "excel"} if for_excel else {}
    response = signed_in(viewer).get(reverse("surveys:data", args=["counted"]), asked)
    assert response.content.startswith(b"\xef\xbb\xbf") == for_excel
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [(row["人数"], row["割合（％）"]) for row in rows] == [("2", "66.7"), ("1", "33.3"), ("0", "0")]
    assert {row["割合の求め方"] for row in rows} == {"算出値（人数から計算）"}


def test_a_published_share_says_so_in_the_csv_and_has_no_count(published, viewer, signed_in) -> None:
    response = signed_in(viewer).get(reverse("surveys:data", args=["staff"]))
    [row] = csv.DictReader(io.StringIO(response.content.decode()))
    assert (row["人数"], row["割合（％）"], row["割合の求め方"]) == ("", "78", "公表値")


@pytest.mark.parametrize("name", ["surveys:detail", "surveys:data"])
def test_an_unknown_survey_is_not_found(name, viewer, signed_in) -> None:
    assert signed_in(viewer).get(reverse(name, args=["nowhere"])).status_code == 404


@pytest.mark.parametrize("more", [0, 8])
def test_a_survey_takes_as_many_queries_for_nine_questions_as_for_one(
    more, counted, viewer, signed_in, django_assert_num_queries
) -> None:
    for number in range(more):
        question = Question.objects.create(survey=counted, code=f"q{number}", wording=f"設問{number}")
        Result.objects.create(question=question, label="はい", count=1)
    client = signed_in(viewer)
    with django_assert_num_queries(6):  # session, user, posts; survey, questions, results
        text_of(client, "surveys:detail", "counted")


def test_the_list_takes_four_queries(published, counted, viewer, signed_in, django_assert_num_queries) -> None:
    client = signed_in(viewer)
    with django_assert_num_queries(4):
        text_of(client, "surveys:list")
