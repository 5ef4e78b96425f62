"""The list of figures fits, names its sources and is never empty; captions explain only what their page shows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from initiatives.models import Initiative, Milestone, Pillar
from kpis.summaries.recompute import recompute
from reports.figures import Figures
from reports.models import Report, Section
from reports.rendering import context_of, laid_out_of, to_html
from reports.snapshot import SnapshotError, take
from surveys.models import Question, Result, Survey
from tests.kpis.world import make_kpi, put
from tests.reports.pages import REPORT, figure, page

MAY_31 = date(2025, 5, 31)


# --- The list of figures ----------------------------------------------------------------------------------------------
def test_a_list_of_a_running_year_fits_its_sheet() -> None:
    """What part of its year a value holds stands below it."""
    extents = ["（5／12か月分）", "（10月〜3月の6か月分）", "（途中の計　2件中1件）", "（10月〜3月の4／6か月分）"]
    parts = [
        figure(code=f"x{n}", rate=f"1,239,227.4時間{extent}", extent=extent, as_of="令和12(2030)年12月31日時点")
        for n, extent in enumerate(extents)
    ]
    snapshot = {"report": REPORT, "sections": [page("data")], "figures": parts, "opinions": [], "notes": []}
    context, sheets = laid_out_of(context_of(snapshot, "2025-06-30"))
    assert sheets.sheets == 1
    below = '1,239,227.4時間 <span class="extent"><span class="phrase">（5／12か月分）</span></span>'
    assert below in to_html(context).decode()


def test_a_list_of_nothing_is_an_error(small_report) -> None:
    Section.objects.create(report=small_report, order=1, kind="cover", title="表紙")
    Section.objects.create(report=small_report, order=2, kind="data", title="数値の一覧")
    with pytest.raises(SnapshotError, match="「数値の一覧」のページ：ほかのページに数値がないため"):
        take(small_report)


def test_a_printed_share_is_of_what_printed_it_and_a_computed_one_of_both(department) -> None:
    top, bottom = make_kpi("top", "申請", "件", "flow"), make_kpi("bottom", "交付", "件", "flow")
    kpi = make_kpi("rate", "率", "%", "ratio", numerator=top, denominator=bottom, decimals=1)
    put(top, "FY2024", 60_000, published="20.5%", source="市の報告書")
    put(bottom, "FY2024", 292_700, source="報告書から算出")
    recompute(top.pk)
    recompute(kpi.pk)
    assert Figures(MAY_31).get("rate").source == "市の報告書"
    put(top, "FY2024", 50_000, source="市の報告書")
    recompute(top.pk)
    recompute(kpi.pk)
    assert Figures(MAY_31).get("rate").source == "市の報告書、報告書から算出"


# --- Words about marks that nothing on the page has ----------------------------------------------------------------
ENTRY = {"wording": "窓口の開設", "detail": "", "month": "4月", "until": "", "bold": False}


@pytest.mark.parametrize(
    ("changed", "said", "unsaid"),
    [
        ({}, [], ["月のないものは", "塗りつぶした丸"]),
        ({"month": ""}, ["月のないものは"], ["塗りつぶした丸"]),
        ({"month": "", "until": "〜2025"}, [], ["月のないものは"]),
        ({"bold": True}, ["塗りつぶした丸"], ["月のないものは"]),
    ],
)
def test_a_timeline_explains_only_what_it_shows(changed, said, unsaid) -> None:
    years = [{"year": 2024, "label": "令和6年度", "entries": [{**ENTRY, **changed}]}]
    html = html_of(page("timeline", data=years))
    assert [words in html for words in [*said, *unsaid]] == [True] * len(said) + [False] * len(unsaid)


@pytest.mark.parametrize("is_bold", [True, False])
def test_a_cloud_explains_bold_names_only_where_there_are_some(is_bold) -> None:
    html = html_of(page("cloud", data=[{"name": "夜市", "bold": is_bold, "milestones": 2}]))
    assert ("太字は" in html) is is_bold


def html_of(*pages: dict[str, Any], report: dict[str, Any] = REPORT) -> str:
    snapshot = {"report": report, "sections": list(pages), "figures": [], "opinions": [], "notes": []}
    return to_html(context_of(snapshot, "2025-06-30")).decode()


# --- Nothing is of a later day than the report ------------------------------------------------------------------------
@pytest.fixture
def milestones(small_report) -> Report:
    """Of FY2024 and FY2025; the report's figures end with May 2025."""
    Report.objects.filter(pk=small_report.pk).update(last_fiscal_year=2026)
    pillar = Pillar.objects.create(code="p", order=1, icon="work")
    initiative = Initiative.objects.create(code="i", title="窓口", pillar=pillar)
    for year, month in ((2024, 4), (2024, 3), (2025, 5), (2025, 6), (2025, 1), (2025, None), (2026, 4), (2026, None)):
        Milestone.objects.create(initiative=initiative, fiscal_year=year, month=month, wording=f"{year}の{month}")
    return Report.objects.get(pk=small_report.pk)


def test_a_timeline_shows_nothing_later_than_the_reports_day_and_says_so(milestones) -> None:
    Section.objects.create(report=milestones, order=1, kind="timeline", title="歩み")
    [section] = take(milestones)["sections"]
    shown = [entry["wording"] for year in section["data"] for entry in year["entries"]]
    assert shown == ["2024の4", "2024の3", "2025の5", "2025のNone"]
    assert "令和7(2025)年5月31日より後の4件は載せていません。" in html_of(section, report=take(milestones)["report"])


def test_a_list_of_what_was_done_shows_nothing_later_either(milestones) -> None:
    options = {"cards": [{"title": "開く", "text": "文"}], "pillar": "p"}
    Section.objects.create(report=milestones, order=1, kind="facilities", title="場所", options=options)
    [section] = take(milestones)["sections"]
    assert len(section["data"]) == 4


def test_a_survey_made_after_the_reports_day_is_an_error_at_saving_and_at_export(small_report) -> None:
    survey = Survey.objects.create(code="late", name="市民アンケート", conducted_on=date(2025, 6, 1), answered=4)
    question = Question.objects.create(survey=survey, code="q", wording="よくなった")
    Result.objects.create(question=question, label="はい", count=4, is_positive=True)
    for fields in (
        {"kind": "survey", "options": {"questions": ["late/q"]}},
        {"kind": "closing", "body": "{{ survey:late/q.percent }}"},
    ):
        section = Section(report=small_report, order=1, title="声", **fields)
        with pytest.raises(ValidationError, match="より後です"):
            section.clean()
        section.save()
        with pytest.raises(SnapshotError, match=r"市民アンケート」は令和7.*より後です"):
            take(small_report)
        section.delete()
    Survey.objects.update(conducted_on=date(2025, 5, 31))
    Section(report=small_report, order=1, title="声", kind="survey", options={"questions": ["late/q"]}).clean()
