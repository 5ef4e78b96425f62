"""The overview: every KPI under its pillar, and a manager's first questions answered above them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
import time_machine

from accounts.models import Department
from initiatives.models import Pillar, PillarName
from japan.fiscal import add_months
from kpis.claims import Word
from kpis.models import Kpi, Reporting, Series, Target
from kpis.summaries.recompute import recompute
from reform.overview import Overview, as_of_from, overview
from tests.kpis.world import LONG_AGO, TODAY, World, make_kpi, make_world, put, put_months

MAY = date(2025, 5, 1)


@pytest.fixture
def world(department) -> World:
    return make_world(department)


@pytest.fixture
def pillar(db) -> Pillar:
    made = Pillar.objects.create(code="p1", order=1, icon="service")
    PillarName.objects.create(
        pillar=made, name="市民接点のデジタル化", valid_from=date(2022, 4, 1), valid_to=date(2025, 3, 31)
    )
    PillarName.objects.create(pillar=made, name="市民サービスのDX", valid_from=date(2025, 4, 1))
    return made


def look(today: date = TODAY, as_of: date | None = None) -> Overview:
    for kpi in Kpi.objects.all():
        recompute(kpi.pk)
    return overview(today, as_of)


def card(kpi: Kpi, today: date = TODAY, as_of: date | None = None):
    cards = [card for group in look(today, as_of).groups for card in group.cards]
    return next(card for card in cards if card.title == kpi.name)


def test_a_card_states_value_unit_time_and_both_changes(world) -> None:
    put_months(world.friends, "2024-04", *range(1000, 1140, 10))
    shown = card(world.friends)
    assert (shown.number, shown.unit, shown.as_of) == ("1,130", "人", "令和7(2025)年5月末時点")
    assert (shown.change, shown.change_note) == ("前年同月から120人増", "前月から10人増")


def test_a_single_observation_has_neither_change_nor_trend(world) -> None:
    put(world.friends, "2025-05", 0)
    shown = card(world.friends)
    assert (shown.number, shown.change, shown.change_note, shown.spark) == ("0", "", "", "")


def test_the_change_of_a_percentage_is_in_points(world) -> None:
    put_months(world.satisfaction, "2025-04", "52.0", "50.5")
    assert card(world.satisfaction).change == "前月から▲1.5ポイント"


def test_a_move_against_the_wish_is_said_in_words(world) -> None:
    put_months(world.visits, "2025-04", 10, 12, code="a")
    put_months(world.visits, "2025-04", 10, 12, code="b")
    shown = card(world.visits)
    assert (shown.change_is, shown.change_note) == ("bad", "減るほどよい指標です")


def test_a_projection_is_never_the_latest_value(world) -> None:
    put(world.friends, "2025-04", 1200)
    put(world.friends, "2025-05", 9000, nature="projected")
    assert card(world.friends).number == "1,200"


def test_a_month_that_is_partly_reported_does_not_replace_a_whole_one(world) -> None:
    put_months(world.visits, "2025-04", 100, 90, code="a")
    put(world.visits, "2025-04", 50, code="b")
    shown = card(world.visits)
    assert (shown.number, shown.partial) == ("150", "令和7年5月分は途中の計 90人（2件中1件）")


def test_where_nothing_was_ever_whole_the_part_says_that_it_is_one(world) -> None:
    put(world.visits, "2025-05", 90, code="a")
    shown = card(world.visits)
    assert (shown.number, shown.kind) == ("90", "途中の計（2件中1件）")


def test_a_reason_stands_where_there_is_no_value(world) -> None:
    put(world.friends, "2025-05", None, missing_reason="not_applicable")
    assert card(world.friends).missing == "該当なし"


def test_a_kpi_with_yearly_values_shows_its_year(world) -> None:
    put(world.hours, "FY2023", 110)
    put(world.hours, "FY2024", 100)
    shown = card(world.hours)
    assert (shown.as_of, shown.kind, shown.change) == ("令和6(2024)年度", "実績値・年度計", "前年度から10時間減")


def test_a_figure_past_its_due_date_says_so(world) -> None:
    put(world.friends, "2025-04", 1200)
    assert card(world.friends, date(2025, 6, 13)).stale == ""
    assert card(world.friends, date(2025, 6, 14)).stale == "令和7年5月分は回答期限（令和7年6月13日）を過ぎています"


def test_as_of_a_month_nothing_later_is_shown(world) -> None:
    put_months(world.friends, "2025-03", 30, 40, 50)
    assert card(world.friends, as_of=date(2025, 4, 1)).number == "40"


def test_invented_values_never_claim_a_source(world) -> None:
    Kpi.objects.filter(pk=world.friends.pk).update(source="構造改革レポート vol.5")
    put(world.friends, "2025-05", 50, is_synthetic=True, source="構造改革レポート vol.5")
    assert card(world.friends).source == "見本データ"


@pytest.mark.parametrize(
    ("direction", "value", "standing"),
    [("up", 300, Word.ON_TRACK), ("up", 220, Word.ON_TRACK), ("up", 201, Word.BEHIND)],
)
def test_a_level_is_held_against_an_even_way_to_the_years_target(world, direction, value, standing) -> None:
    Target.objects.create(kpi=world.friends, fiscal_year=2025, value=Decimal(300))
    put(world.friends, "2025-03", 200)
    put(world.friends, "2025-05", value)  # two of twelve months: 216.7 lies on the way
    assert card(world.friends).verdict.word is standing


@pytest.mark.parametrize(("value", "standing"), [(90, Word.REACHED), (100, Word.REACHED), (101, Word.MISSED)])
def test_of_what_should_fall_less_is_better(world, value, standing) -> None:
    Target.objects.create(kpi=world.copies, fiscal_year=2025, month=5, value=Decimal(100))
    put(world.copies, "2025-05", value)
    assert card(world.copies).verdict.word is standing


@pytest.mark.parametrize(("value", "standing"), [(10, Word.ON_TRACK), (30, Word.BEHIND)])
def test_a_yearly_amount_that_should_stay_low_is_not_reached_before_the_year_is_over(world, value, standing) -> None:
    Target.objects.create(kpi=world.copies, fiscal_year=2025, value=Decimal(240))
    put_months(world.copies, "2025-04", value, value)
    assert card(world.copies).verdict.word is standing


def test_a_kpi_without_target_counts_neither_way(world) -> None:
    put(world.friends, "2025-05", 1)
    assert look().with_target == 0


def test_who_has_not_reported_is_listed_in_official_order_with_what_is_missing(world, other_department) -> None:
    Reporting.objects.filter(series__kpi=world.friends).update(department=other_department)
    put(world.friends, "2025-05", None, missing_reason="pending")
    status = look().reporting
    assert (status.count, status.total) == (0, 2)
    assert [absence.department.name for absence in status.absent] == ["情報政策課", "市民課"]
    assert status.absent[1].figures == ["LINE友だち登録者数"]


def test_not_applicable_is_an_answer(world, other_department) -> None:
    Reporting.objects.filter(series__kpi=world.friends).update(department=other_department)
    put(world.friends, "2025-05", None, missing_reason="not_applicable")
    assert [absence.department.name for absence in look().reporting.absent] == ["情報政策課"]


def test_a_ratio_is_reported_by_those_who_report_its_parts(world) -> None:
    put(world.online, "2025-05", 5)
    put(world.applications, "2025-05", 10)
    assert card(world.rate).reporting == "回答状況 1／1所属（令和7年5月分）"


def test_a_pillar_bears_the_name_of_the_time_shown(pillar, world) -> None:
    assert [look(as_of=date(2025, 3, 1)).groups[0].name, look().groups[0].name] == [
        "市民接点のデジタル化",
        "市民サービスのDX",
    ]


def test_auxiliary_and_ended_kpis_have_no_card(world) -> None:
    Kpi.objects.filter(pk=world.hours.pk).update(ends_on=date(2025, 3, 31))
    titles = [card.title for group in look().groups for card in group.cards]
    assert "総申請件数" not in titles
    assert "業務時間" not in titles


@pytest.mark.parametrize("text", ["", "2025", "2025-13", "9999-01", "abc", "2025-06", "0001-01"])
def test_a_month_that_is_none_or_has_not_ended_is_not_taken(text) -> None:
    assert as_of_from(text, TODAY) is None


@time_machine.travel(TODAY)
def test_a_viewer_sees_the_page_in_ten_queries(world, pillar, viewer, signed_in, django_assert_num_queries) -> None:
    Kpi.objects.update(pillar=pillar)
    client = signed_in(viewer)
    with django_assert_num_queries(10):
        response = client.get("/overview/")
    assert "LINE友だち登録者数" in response.text


@time_machine.travel(TODAY)
def test_more_kpis_and_departments_ask_no_more_of_the_database(
    world, pillar, division, viewer, signed_in, django_assert_max_num_queries
) -> None:
    for number in range(12):
        department = Department.objects.create(
            code=f"20{number}",
            name=f"第{number}課",
            short_name=f"{number}課",
            parent=division,
            order=50 + number,
            valid_from=LONG_AGO,
        )
        kpi = make_kpi(f"kpi-{number}", f"指標{number}", "件", "flow", pillar=pillar)
        Target.objects.create(kpi=kpi, fiscal_year=2025, value=Decimal(900))
        Reporting.objects.create(series=Series.objects.get(kpi=kpi), department=department, valid_from=LONG_AGO)
        for back in range(14):
            put(kpi, f"{add_months(MAY, -back):%Y-%m}", 100 + back)
        recompute(kpi.pk)
    client = signed_in(viewer)
    with django_assert_max_num_queries(10):
        assert "指標11" in client.get("/overview/").text


@time_machine.travel(TODAY)
def test_a_city_without_data_is_told_what_comes_here(viewer, signed_in) -> None:
    assert "指標がまだ登録されていません" in signed_in(viewer).get("/overview/").text


@time_machine.travel(TODAY)
def test_an_unreadable_month_is_named_and_the_newest_values_are_shown(world, viewer, signed_in: Callable) -> None:
    assert "最新の値を表示しています" in signed_in(viewer).get("/overview/?as_of=soon").text
