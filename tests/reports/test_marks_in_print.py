"""In print a mark stands beside every number that carries it: in sentences, drawings and their texts, and in the list."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kpis.models import Kpi
from kpis.summaries.recompute import recompute
from reports.figures import Figures
from reports.illustrations import illustrated
from reports.models import Section
from reports.placeholders import resolve
from reports.rendering import context_of, laid_out_of, to_html
from reports.snapshot import take
from surveys.models import Question, Result, Survey
from tests.kpis.world import make_kpi, put, put_months
from tests.reports.pages import REPORT, figure, page

MAY_31 = date(2025, 5, 31)
DERIVED = {"baseline_value": 100, "baseline_span": "month", "baseline_is_derived": True, "baseline_wording": "改革前"}


@pytest.fixture
def friends(department) -> Kpi:
    """150, provisional and rounded, beside a baseline that was worked out."""
    kpi = make_kpi("friends", "登録者", "人", "stock", as_of_rule="month_end", **DERIVED)
    put(kpi, "2025-05", 150, is_provisional=True, is_rounded=True)
    recompute(kpi.pk)
    return kpi


@pytest.fixture
def running(department) -> Kpi:
    """An amount of which two months of the year are in, the second one estimated."""
    kpi = make_kpi("visits", "来庁者", "人", "flow")
    put_months(kpi, "2025-04", 300)
    put_months(kpi, "2025-05", 200, nature="estimated")
    recompute(kpi.pk)
    return kpi


def written(text: str) -> str:
    return resolve(text, Figures(MAY_31))


# --- Sentences --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("attribute", "text"),
    [
        ("value", "150人（概数・速報値）"),
        ("rate", "150人（概数・速報値）"),
        ("ratio", "1.5倍（算出値・概数・速報値）"),
        ("change", "50人増（算出値・概数・速報値）"),
        ("change_rate", "＋50.0%（算出値・概数・速報値）"),
        ("index", "150（算出値・概数・速報値）"),
        ("baseline", "100人（算出値）"),
        ("as_of", "令和7(2025)年5月末時点"),
    ],
)
def test_a_sentence_says_of_a_figure_what_the_page_says_beside_it(friends, attribute, text) -> None:
    assert written(f"{{{{ kpi:friends.{attribute} }}}}") == text


def test_a_part_of_a_year_and_its_mark_stand_in_one_bracket(running) -> None:
    assert written("{{ kpi:visits@FY2025.value }}") == "500人（2／12か月分・推計）"


def test_what_was_printed_and_what_is_certain_carry_no_mark_in_a_sentence(department) -> None:
    kpi = make_kpi("friends", "登録者", "人", "stock", as_of_rule="month_end", **DERIVED)
    put(kpi, "2025-05", 160, published="1.6倍")
    recompute(kpi.pk)
    assert written("{{ kpi:friends.value }}は{{ kpi:friends.ratio }}") == "160人は1.6倍"


def test_what_leaves_a_part_out_says_so_in_a_sentence(department) -> None:
    kpi = make_kpi("visits", "来庁者", "人", "flow", parts=("a", "b"))
    put(kpi, "2025-05", 600, "a")
    put(kpi, "2025-05", None, "b", missing_reason="withheld")
    recompute(kpi.pk)
    assert written("{{ kpi:visits.rate }}") == "月600人（非公開1件を除く）"


def test_an_invented_survey_says_so_in_a_sentence(db) -> None:
    survey = Survey.objects.create(code="s", name="見本", conducted_on=date(2025, 3, 1), is_synthetic=True, answered=4)
    question = Question.objects.create(survey=survey, code="q", wording="よくなった")
    Result.objects.create(question=question, label="はい", count=3, order=1, is_positive=True)
    Result.objects.create(question=question, label="いいえ", count=1, order=2)
    assert written("{{ survey:s/q.percent }}") == "はい 75%（算出値・架空値）"
    assert written("{{ survey:s/q.count }}") == "3人（架空値）"


# --- Drawings and what is read out of them ---------------------------------------------------------------------------
def drawn(kind: str, options: dict[str, Any]) -> dict[str, Any]:
    return illustrated(page(kind, options), REPORT)


MARKED = {"marks": ["概数", "速報値"], "exact": "20.5", "value": "20.5%"}


def test_both_columns_carry_all_their_marks_in_words_and_below() -> None:
    panel = drawn("figures", {"panels": [{"before_after": figure(marks=["概数", "速報値"])}]})["options"]["panels"][0]
    assert (
        'aria-label="登録者数の前後：令和6年8月末は25,600人（算出値）、令和7(2025)年5月は40,000人（概数・速報値）"'
        in panel["columns"]
    )
    assert {">（算出値）<", ">（概数・速報値）<"} <= {f">{part}<" for part in texts(panel["columns"])}


def texts(svg: str) -> list[str]:
    return [part.partition("<")[0] for part in svg.split(">")]


def test_a_ring_names_the_marks_of_its_share() -> None:
    panel = drawn("figures", {"panels": [{"donut": figure(**MARKED)}]})["options"]["panels"][0]
    assert "20.5%を表す円（概数・速報値）" in panel["ring"]


def test_a_rate_of_part_of_a_year_stands_in_its_ring_with_its_months_below() -> None:
    part = figure("12.4%（7／12か月分）", exact="12.4", extent="（7／12か月分）", marks=["速報値"])
    html = html_of({"panels": [{"stats": [{"figure": part}], "donut": part}]})
    ring = html.partition('<div class="ring">')[2].partition("</div>")[0]
    assert ">12.4%</text>" in ring
    assert "登録者数：12.4%（7／12か月分）を表す円（速報値）" in ring
    assert "令和7(2025)年5月末時点（7／12か月分）<br>" in ring


def test_ways_that_are_counted_one_by_one_carry_their_marks() -> None:
    method = figure("14種類", exact="14", series_name="電子マネー", marks=["速報値", "架空値"])
    html = html_of({"panels": [{"stats": [{"figure": method}], "methods": [method]}]})
    name = html.partition('<p class="method-name">')[2].partition("</p>")[0]
    assert [mark in name for mark in ("速報値", "架空値", "概数")] == [True, True, False]


def html_of(options: dict[str, Any]) -> str:
    snapshot = {"report": REPORT, "sections": [page("figures", options)], "figures": [], "opinions": [], "notes": []}
    return to_html(laid_out_of(context_of(snapshot, "2025-06-30"))[0]).decode()


def test_people_of_a_projection_say_that_they_are_one() -> None:
    shown = drawn("population", {"figures": [figure(marks=["将来推計"], index="77", index_exact="76.8")]})
    assert "指数77の人数で表した図（将来推計）" in shown["options"]["figures"][0]["people"]


@pytest.mark.parametrize("count", [1, 5])
def test_a_surveys_ring_and_bar_name_the_marks_of_their_share(count) -> None:
    opinion = {
        "wording": "よい", "choices": "はい", "percent": "はい 75%", "share": "75", "share_text": "75%", "base": "回答者4人",
        "marks": ["算出値", "架空値"],
    }  # fmt: skip
    shown = illustrated(page("survey", data={"questions": [opinion] * count}), REPORT)["drawings"]["donuts"][0]
    assert "75%を表す円（算出値・架空値）" in shown["drawing"]
    assert "はい 75%（算出値・架空値）" in shown["bar"]


def test_a_printed_change_beside_a_computed_rate_marks_the_rate_alone(department, small_report) -> None:
    fields = {**DERIVED, "baseline_span": "fiscal_year", "frequency": "fiscal_year"}
    kpi = make_kpi("hours", "時間", "時間", "flow", **fields)
    put(kpi, "FY2024", 80, published="20時間減")
    recompute(kpi.pk)
    Section.objects.create(report=small_report, order=1, kind="hours", title="時間", options={"figure": "hours"})
    html = to_html(context_of(take(small_report), "2025-06-30")).decode()
    numbers = html.partition('<div class="hours-numbers">')[2].partition("</div>")[0]
    change, rate, foot = (line for line in numbers.split("<p")[2:5])
    assert ("算出値" in change, "算出値" in rate, "算出値" in foot) == (False, True, False)
    put(kpi, "FY2024", 90)
    recompute(kpi.pk)
    html = to_html(context_of(take(small_report), "2025-06-30")).decode()
    numbers = html.partition('<div class="hours-numbers">')[2].partition("</div>")[0]
    assert numbers.count("算出値") == 1
