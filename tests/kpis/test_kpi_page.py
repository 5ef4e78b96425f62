"""A KPI's own page: what it is, how it went, its parts, its years, and who changed what."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.utils.html import strip_tags

from charts.specification import Role
from initiatives.models import Initiative, Milestone, Pillar
from kpis.dashboards.charting import Range
from kpis.dashboards.page import KpiPage, page_of
from kpis.models import Kpi, Target
from kpis.summaries.recompute import recompute
from kpis.values.history import history_page
from kpis.values.recording import record
from tests.kpis.world import TODAY, access, change, make_kpi, put, put_months


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(TODAY):
        yield


def look(kpi: Kpi, asked: str = "") -> KpiPage:
    for pk in {kpi.pk, kpi.numerator_id, kpi.denominator_id} - {None}:
        recompute(pk)
    return page_of(Kpi.objects.for_page().get(pk=kpi.pk), today=TODAY, asked=asked)


def test_two_years_of_months_stand_beside_the_year_before(world) -> None:
    put_months(world.friends, "2022-04", *range(100, 138))
    chart = look(world.friends).chart
    assert (len(chart.x), chart.x[0], chart.x[-1]) == (24, "R5.6", "R7.5")
    assert [line.role for line in chart.lines] == [Role.PRIMARY, Role.COMPARISON]
    assert chart.lines[1].values[-1] == chart.lines[0].values[-13]


def test_all_months_are_drawn_on_request(world) -> None:
    put_months(world.friends, "2022-04", *range(100, 138))
    assert len(look(world.friends, "all").chart.x) == 38


def test_nonsense_in_the_address_is_the_usual_range(world) -> None:
    put_months(world.friends, "2025-03", 1, 2, 3)
    assert look(world.friends, "forever").chosen is Range.RECENT


def test_a_month_without_a_value_is_a_gap_and_never_0(world) -> None:
    put_months(world.friends, "2025-03", 5, None, 6)
    assert look(world.friends).chart.lines[0].values == (Decimal(5), None, Decimal(6))


def test_a_month_that_is_partly_reported_is_not_drawn(world) -> None:
    put_months(world.visits, "2025-03", 5, 6, 7, code="a")
    put_months(world.visits, "2025-03", 5, 6, code="b")
    assert look(world.visits).chart.lines[0].values == (Decimal(10), Decimal(12), None)


def test_a_single_value_draws_no_line(world) -> None:
    put(world.friends, "2025-05", 5)
    page = look(world.friends)
    assert (page.chart, len(page.month_rows)) == (None, 1)


def test_yearly_values_are_bars_and_offer_no_months(world) -> None:
    put(world.hours, "FY2023", 110)
    put(world.hours, "FY2024", 100)
    page = look(world.hours)
    assert (page.chart.kind, page.chart.x, page.ranges) == ("bar", ("令和5年度", "令和6年度"), [Range.YEARS])


def test_a_milestone_stands_at_its_month_and_one_without_month_only_at_its_year(world) -> None:
    initiative = Initiative.objects.create(code="line", title="LINEの拡充")
    Milestone.objects.create(initiative=initiative, wording="開始", fiscal_year=2025, month=4)
    Milestone.objects.create(initiative=initiative, wording="検討", fiscal_year=2024)
    world.friends.initiatives.add(initiative)
    put_months(world.friends, "2024-04", *range(14))
    assert [(m.x, m.label) for m in look(world.friends).chart.markers] == [("R7.4", "開始")]
    years = look(world.friends, "years").chart.markers
    assert [(m.x, m.label) for m in years] == [("令和6年度", "検討"), ("令和7年度", "開始")]


def test_a_years_target_is_a_level_and_months_targets_are_a_line(world) -> None:
    put_months(world.friends, "2025-03", 1, 2, 3)
    Target.objects.create(kpi=world.friends, fiscal_year=2025, value=Decimal(9))
    assert look(world.friends).chart.target == 9
    Target.objects.create(kpi=world.friends, fiscal_year=2025, month=4, value=Decimal(4))
    Target.objects.create(kpi=world.friends, fiscal_year=2025, month=5, value=Decimal(5))
    chart = look(world.friends).chart
    assert chart.target is None
    assert chart.lines[-1].values == (None, Decimal(4), Decimal(5))


def test_a_years_amount_is_no_level_among_months(world) -> None:
    put_months(world.online, "2025-03", 1, 2, 3)
    Target.objects.create(kpi=world.online, fiscal_year=2025, value=Decimal(9000))
    assert look(world.online).chart.target is None


def test_a_partial_year_says_how_many_months_it_holds_and_compares_the_same_ones(world) -> None:
    put_months(world.online, "2024-04", *([10] * 12), 12, 13)
    newest, before = look(world.online).years
    assert (newest.value, newest.note, newest.change) == ("25件", "2／12か月分", "5件増（同じ2か月どうし）")
    assert (before.value, before.note) == ("120件", "")


def test_a_projection_stands_among_the_years_and_not_in_the_chart(world) -> None:
    kpi = make_kpi("population", "人口", "人", "stock", frequency="occasional")
    put(kpi, "2015", 350)
    put(kpi, "2020", 330)
    put(kpi, "2060", 170, nature="projected")
    page = look(kpi)
    assert page.years[0].label == "令和42(2060)年"
    assert (page.card.number, page.chart.x[-1]) == ("330", "令和2年")


def test_parts_state_values_reasons_and_what_nobody_reported(world) -> None:
    kpi = make_kpi("windows", "窓口", "件", "flow", parts=("a", "b", "c"))
    put(kpi, "2025-05", 0, code="a")
    put(kpi, "2025-05", None, code="b", missing_reason="withheld")
    parts = look(kpi).breakdown
    assert [each.text for each in parts.parts] == ["0件", "非公開", "未回答"]
    assert (parts.reported, parts.expected, parts.total) == (2, 3, "0件")


def test_what_is_not_added_up_shows_its_parts_and_no_total(world, viewer, signed_in) -> None:
    kpi = make_kpi("methods", "決済の種類", "種類", "stock", parts=("a", "b"), aggregation="none")
    put(kpi, "2025-05", 6, code="a")
    put(kpi, "2025-05", 8, code="b")
    page = look(kpi)
    assert (page.card.number, page.years, page.breakdown.total) == ("6／8", [], "")
    assert "内訳を合計しない指標のため" in signed_in(viewer).get("/kpis/methods/").text


def test_parts_that_do_not_make_the_published_total_are_compared_and_not_added(world) -> None:
    put(world.copies, "2025-05", 100)
    put(world.copies, "2025-05", 60, code="a")
    put(world.copies, "2025-05", 30, code="b")
    parts = look(world.copies).breakdown
    assert (parts.total, parts.difference) == ("100枚", "公表された全体の値です。内訳の計は90枚です。")


def test_the_history_says_who_when_why_and_what_stood_there_before(world, editor, viewer) -> None:
    put(world.friends, "2025-05", 0)
    record([change(world.friends, "2025-05", 12)], actor=editor, post="情報政策課 主査", reason="訂正：桁の誤り")
    _, [newest, first] = history_page(world.friends, None, access(viewer))
    assert (newest.before, newest.after, newest.revision.actor_name) == ("0人", "12人", "入力 花子")
    assert (first.before, first.after) == ("", "0人")


def test_the_history_names_a_provisional_value_that_became_final(world, viewer, signed_in) -> None:
    put(world.friends, "2025-05", 12_345, is_provisional=True)
    put(world.friends, "2025-05", 12_345)
    html = signed_in(viewer).get(f"/kpis/{world.friends.code}/").text
    newest = html[html.index('id="history"') :].partition("<tbody")[2].partition("</tr>")[0]
    words = " ".join(strip_tags(newest).split())
    assert "確定値への変更 変更前12,345人 速報値 → 12,345人 令和" in words


def test_what_stood_there_before_a_value_was_withheld_is_for_those_who_report_it(
    world, viewer, editor, other_editor
) -> None:
    put(world.friends, "2025-05", 7)
    put(world.friends, "2025-05", None, missing_reason="withheld")

    def before(user) -> list[str]:
        return [version.before or version.after for version in history_page(world.friends, None, access(user))[1]]

    assert before(editor) == ["7人", "7人"]
    assert before(viewer) == before(other_editor) == ["非公開にした値", "非公開にした値"]
    put(world.friends, "2025-05", 7)
    assert before(viewer) == ["非公開", "7人", "7人"]


def test_a_long_history_comes_in_pages(world, viewer) -> None:
    put_months(world.friends, "2023-01", *range(25))
    page, versions = history_page(world.friends, "2", access(viewer))
    assert (page.paginator.num_pages, len(versions)) == (2, 5)


def test_a_ratio_links_to_its_parts_and_a_part_to_the_ratio(world, viewer, signed_in) -> None:
    client = signed_in(viewer)
    assert 'href="/kpis/applications/"' in client.get("/kpis/rate/").text
    assert 'href="/kpis/rate/"' in client.get("/kpis/applications/").text


def test_an_ended_kpi_names_its_successor(world, viewer, signed_in) -> None:
    Kpi.objects.filter(pk=world.friends.pk).update(ends_on=date(2025, 3, 31), successor=world.services)
    text = signed_in(viewer).get("/kpis/friends/").text
    assert "令和7(2025)年3月31日で終了した指標です" in text
    assert 'href="/kpis/services/"' in text


def test_a_kpi_without_values_has_a_page_that_says_so(world, viewer, signed_in) -> None:
    response = signed_in(viewer).get("/kpis/friends/")
    assert "まだ値がありません" in response.text
    assert "plotly" not in response.text


def test_an_unknown_code_is_not_found(viewer, signed_in) -> None:
    assert signed_in(viewer).get("/kpis/nothing/").status_code == 404


def test_inline_styles_are_allowed_on_this_page_and_scripts_are_not(world, viewer, signed_in) -> None:
    policy = signed_in(viewer).get("/kpis/friends/")["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";") if " " in part.strip())
    assert "'unsafe-inline'" in directives["style-src"]
    assert directives["script-src"] == "'self'"
    assert "'unsafe-inline'" not in signed_in(viewer).get("/overview/")["Content-Security-Policy"]


def test_plotly_comes_from_us_and_nothing_else_of_its_package(client) -> None:
    from django.contrib.staticfiles import finders

    assert finders.find("plotly/plotly.min.js").endswith("package_data/plotly.min.js")
    assert finders.find("plotly/widgetbundle.js") is None


def test_a_viewer_sees_the_page_in_eighteen_queries(world, viewer, signed_in, django_assert_num_queries) -> None:
    put_months(world.copies, "2024-01", *range(100, 117), code="a")
    put(world.copies, "2025-05", 7, code="a")
    recompute(world.copies.pk)
    client = signed_in(viewer)
    with django_assert_num_queries(18):
        client.get("/kpis/copies/")


def test_more_parts_and_milestones_ask_no_more_of_the_database(
    world, viewer, signed_in, django_assert_max_num_queries
) -> None:
    pillar = Pillar.objects.create(code="p1", order=1, icon="service")
    kpi = make_kpi("wide", "広い指標", "件", "flow", parts=tuple(f"p{n}" for n in range(12)), pillar=pillar)
    for number in range(3):
        initiative = Initiative.objects.create(code=f"i{number}", title=f"取組{number}")
        Milestone.objects.create(initiative=initiative, wording="開始", fiscal_year=2025, month=4)
        kpi.initiatives.add(initiative)
    for each in kpi.series.all():
        put_months(kpi, "2025-03", 1, 2, 3, code=each.code)
    put(kpi, "2025-03", 9, code="p1")
    recompute(kpi.pk)
    client = signed_in(viewer)
    with django_assert_max_num_queries(20):  # with the pillar's name and the milestones
        assert "p11" in client.get("/kpis/wide/").text


def test_parts_that_are_not_added_up_have_a_trend_each_and_a_table_of_all(world, viewer, signed_in) -> None:
    kpi = make_kpi("ways", "支払いの種類", "種類", "stock", parts=("card", "code"), aggregation="none")
    put_months(kpi, "2025-03", 5, 6, code="card")
    put(kpi, "2025-04", 8, "code")
    recompute(kpi.pk)
    page = signed_in(viewer).get("/kpis/ways/")
    trends = page.context["page"].part_trends
    assert [bool(trend.svg) for trend in trends.trends] == [True, False]
    assert trends.rows == [
        ("令和7(2025)年4月", "6種類", "8種類"),
        ("令和7(2025)年3月", "5種類", "値なし"),
    ]
    assert "値が1つのため、推移はまだ描けません。" in page.text
