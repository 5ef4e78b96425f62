"""The snapshot holds everything; rendering reads nothing else."""

import json
from datetime import date

import pytest

from kpis.models import Measurement
from reports.figures import Figures
from reports.models import Section
from reports.rendering import context_of, to_html
from reports.snapshot import SnapshotError, canonical, checksum, section_of, take
from tests.reports.conftest import set_value


def test_the_same_content_has_the_same_checksum(report):
    assert checksum(take(report)) == checksum(take(report))


def test_another_value_has_another_checksum(report):
    before = checksum(take(report))
    set_value("line-friends", date(2025, 5, 1), "50000")
    assert checksum(take(report)) != before


def test_a_snapshot_is_plain_json_with_exact_values_and_their_origin(report):
    snapshot = json.loads(canonical(take(report)))
    friends = next(f for f in snapshot["figures"] if f["code"] == "line-friends")
    stored = Measurement.objects.get(series__kpi__code="line-friends")
    assert (friends["exact"], friends["value"], friends["marks"]) == ("40000", "40,000人", ["概数"])
    assert friends["origin"]["measurements"] == [[stored.pk, 1]]
    assert friends["source"] == "構造改革レポート vol.5"


def test_the_page_is_made_without_the_database(report, django_assert_num_queries):
    snapshot = take(report)
    with django_assert_num_queries(0):
        assert b"40,000" in to_html(context_of(snapshot, "2025-06-30"))


def test_a_figure_that_lost_its_value_names_the_page(report):
    report.as_of = date(2020, 1, 1)
    with pytest.raises(
        SnapshotError,
        match=r"「人口減少の先を見すえる」のページ：「population」には、令和2\(2020\)年1月までの値がありません",
    ):
        take(report)


def test_a_report_without_pages_is_refused(small_report):
    with pytest.raises(SnapshotError, match="ページがありません"):
        take(small_report)


def test_a_pillar_has_the_name_of_the_reports_day(report):
    def first_name(day: date) -> str:
        report.as_of = day
        page = report.sections.get(kind=Section.Kind.PILLARS)
        return section_of(page, Figures(day))["data"][0]["name"]

    assert first_name(date(2025, 3, 31)) == "市民接点のデジタル化"
    assert first_name(date(2025, 5, 31)) == "市民サービスのDX"


def test_text_of_the_office_is_escaped(small_report):
    Section.objects.create(
        report=small_report, order=1, kind="challenges", title="<b>題</b>", body="<script>alert(1)</script>",
        options={"cards": [{"title": "<i>枠</i>"}]},
    )  # fmt: skip
    html = to_html(context_of(take(small_report), "2025-06-30")).decode()
    assert "<script" not in html
    assert "&lt;b&gt;題" in html
    assert "&lt;i&gt;枠" in html
