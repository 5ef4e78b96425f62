"""Card, tables, chart, alternative texts, parts and report say the same of one figure, with all its marks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from accounts.models import Department
from charts.svg import to_svg
from kpis.claims import Mark
from kpis.dashboards.page import KpiPage, YearRow, page_of
from kpis.models import Kpi, Target
from kpis.summaries.audit import audit
from kpis.summaries.recompute import recompute
from reports.figures import Figures
from tests.kpis.world import World, make_kpi, make_world, put, put_months

TODAY = date(2025, 6, 10)


@pytest.fixture
def world(department: Department) -> World:
    return make_world(department)


def look(kpi: Kpi, asked: str = "", today: date = TODAY) -> KpiPage:
    for pk in {kpi.pk, kpi.numerator_id, kpi.denominator_id} - {None}:
        recompute(pk)
        assert list(audit(Kpi.objects.get(pk=pk))) == []
    return page_of(Kpi.objects.for_page().get(pk=kpi.pk), today=today, asked=asked)


def year(page: KpiPage, label: str) -> YearRow:
    return next(row for row in page.years if f"({label})" in row.label)


def cells(page: KpiPage, label: str) -> tuple[str, ...]:
    """Value, year before, change and target of a line of the table beside the chart."""
    return next(row[1:5] for row in page.month_rows if label in row[0])


def aim(kpi: Kpi, value: int, fiscal_year: int = 2024, *, month: int | None = None, is_synthetic: bool = False) -> None:
    Target.objects.create(
        kpi=kpi, fiscal_year=fiscal_year, month=month, value=Decimal(value), is_synthetic=is_synthetic
    )


def base(kpi: Kpi, value: int, span: str = "fiscal_year", **fields: object) -> None:
    Kpi.objects.filter(pk=kpi.pk).update(baseline_value=value, baseline_span=span, **fields)


# --- Near misses are the same near miss everywhere --------------------------------------------------------------------
@pytest.mark.parametrize(("direction", "now", "text"), [("up", 2996, "29.9%"), ("down", 3004, "30.1%")])
def test_a_near_miss_is_never_the_target_on_any_surface(world, direction, now, text) -> None:
    aim(world.rate, 30)
    Kpi.objects.filter(pk=world.rate.pk).update(direction=direction)
    for fiscal_year, value in ((2023, 2000), (2024, now)):
        put(world.online, f"FY{fiscal_year}", value)
        put(world.applications, f"FY{fiscal_year}", 10_000)
    page = look(world.rate)
    said = {page.card.number + page.card.unit, year(page, "2024").value, cells(page, "2024")[0]}
    assert said | {Figures(TODAY).get("rate@FY2024").value} == {text}
    assert page.chart.alt.endswith(f"{text}まで。")
    assert f"最新{text}" in page.card.spark


def test_a_near_miss_in_myriads_is_not_written_or_drawn_as_the_target(world) -> None:
    aim(world.friends, 100_000, month=5, fiscal_year=2025)
    Kpi.objects.filter(pk=world.friends.pk).update(scale="man")
    put_months(world.friends, "2025-04", 80_000, 99_960)
    page = look(world.friends)
    assert (page.card.number, page.card.unit, page.card.target) == ("9.9", "万人", "目標 10万人（令和7(2025)年5月）")
    assert page.card.progress.startswith("未達")
    drawn = page.chart.lines[0]
    assert (drawn.values[-1], drawn.labels[-1], drawn.texts) == (99_960, "9.9万人", ())
    assert ">9.9万</text>" in page.svg
    assert "99,960人" in str(page.figure)
    assert Figures(TODAY).get("friends@2025-05").value == "9.9万人"


def test_the_total_of_parts_is_the_cards_near_miss(world) -> None:
    aim(world.services, 20, month=5, fiscal_year=2025)
    put(world.services, "2025-05", "9.6", "a")
    put(world.services, "2025-05", 10, "b")
    page = look(world.services)
    assert (page.card.number, page.breakdown.total) == ("19", "19か所")


# --- Marks travel into rates, targets, references and texts -----------------------------------------------------------
@pytest.mark.parametrize(
    ("value", "target", "baseline", "marks"),
    [
        ({}, {"is_synthetic": True}, {}, "（架空値）"),
        ({}, {}, {"baseline_is_derived": True}, "（算出値）"),
        ({"is_provisional": True}, {}, {}, "（速報値）"),
        ({"nature": "estimated"}, {"is_synthetic": True}, {"baseline_is_derived": True}, "（算出値・推計・架空値）"),
    ],
)
def test_a_rate_carries_the_marks_of_value_target_and_baseline(world, value, target, baseline, marks) -> None:
    base(world.hours, 1000, **baseline)
    aim(world.hours, 800, **target)
    put(world.hours, "FY2024", 900, **value)
    page = look(world.hours)
    assert year(page, "2024").progress == f"進捗率 50.0%、達成率 88.9%{marks}"
    assert page.card.progress == f"未達{marks}　進捗率 50.0%"


def test_the_progress_of_a_running_level_carries_the_baselines_mark(world) -> None:
    base(world.friends, 500, "month", baseline_is_derived=True)
    aim(world.friends, 1500, 2025)
    put_months(world.friends, "2025-04", 900, 1000)
    put(world.friends, "2025-03", 800)
    assert look(world.friends).card.progress == "順調（算出値）　進捗率 50.0%"


def test_the_lines_of_target_and_baseline_say_what_they_are(world) -> None:
    base(world.friends, 500, "month", baseline_is_derived=True)
    aim(world.friends, 1500, 2025, is_synthetic=True)
    put_months(world.friends, "2025-04", 900, 1000)
    page = look(world.friends)
    drawn = to_svg(page.chart)
    assert "目標（架空値） 1,500人" in drawn
    assert "基準（算出値） 500人" in drawn
    assert {"目標（架空値） 1,500人", "基準（算出値） 500人"} <= {
        note["text"] for note in page.figure["layout"]["annotations"]
    }
    assert cells(page, "年5月")[3] == "1,500人（架空値）"


def test_targets_that_change_are_a_line_whose_places_are_marked(world) -> None:
    aim(world.friends, 900, 2024, is_synthetic=True)
    aim(world.friends, 1500, 2025)
    put_months(world.friends, "2025-03", 800, 900, 1000)
    line = next(line for line in look(world.friends, "years").chart.lines if line.name == "目標")
    assert (line.values, line.marks) == ((900, 1500), ("架空値", ""))


def test_the_table_beside_the_chart_marks_each_cell_by_itself(world) -> None:
    put(world.friends, "2024-05", 700, is_provisional=True)
    put(world.friends, "2025-05", 1000, is_rounded=True)
    page = look(world.friends)
    assert cells(page, "年5月") == ("1,000人（概数）", "700人（速報値）", "300人増（概数・速報値）", "")
    assert page.chart.marks == ["速報値を含む", "概数を含む"]


def test_a_mark_between_the_ends_is_in_the_alternative_text(world) -> None:
    put_months(world.friends, "2025-03", 800, 900, 1000)
    put(world.friends, "2025-04", 900, is_synthetic=True)
    page = look(world.friends)
    assert page.chart.alt.endswith("1,000人まで。架空値を含みます。")
    assert Mark.SYNTHETIC.value not in page.chart.alt.split("まで")[0]


def test_a_part_beside_others_has_its_marks_in_its_picture(world) -> None:
    Kpi.objects.filter(pk=world.services.pk).update(aggregation="none")
    put_months(world.services, "2025-04", 5, 6, code="a", is_synthetic=True)
    put_months(world.services, "2025-04", 7, 8, code="b")
    first, second = (trend.svg for trend in look(world.services).part_trends.trends)
    assert "5か所（架空値）から令和7(2025)年5月の6か所（架空値）まで" in first
    assert "架空値" not in second


# --- Years say how much they hold, also beside the yearly chart -------------------------------------------------------
def test_a_running_year_beside_the_chart_says_how_many_months_it_has(world) -> None:
    put_months(world.online, "2024-04", *[100] * 12, 110, 120)
    page = look(world.online, "years")
    assert cells(page, "令和7") == ("230件（2／12か月分）", "200件（同じ2か月どうし）", "30件増（同じ2か月どうし）", "")


def test_a_year_with_a_gap_beside_the_chart_is_compared_with_nothing(world) -> None:
    put_months(world.online, "2024-04", *[100] * 12, 110, None, 120)
    page = look(world.online, "years", date(2025, 8, 20))
    assert cells(page, "令和7") == ("230件（2／12か月分）", "", "", "")


def test_a_years_level_beside_the_chart_says_when_it_stands(world) -> None:
    put_months(world.friends, "2024-04", *[100] * 12, 110, 120)
    page = look(world.friends, "years")
    assert cells(page, "令和7")[0] == "120人（令和7(2025)年5月末の値）"
    assert page.chart.alt.endswith("令和7(2025)年5月末時点の120人まで。")


@pytest.mark.parametrize(
    "life", [{"starts_on": date(2024, 11, 1)}, {"ends_on": date(2024, 8, 31)}, {"starts_on": date(2025, 3, 1)}]
)
def test_no_target_of_a_full_year_stands_beside_a_year_of_fewer_months(world, life) -> None:
    base(world.hours, 100, **life)
    aim(world.hours, 90)
    put(world.hours, "FY2024", 50)
    page = look(world.hours)
    assert (year(page, "2024").target, cells(page, "2024")[3], page.card.target) == ("", "", "")


# --- Withheld, projected, dated ---------------------------------------------------------------------------------------
def test_the_small_line_does_not_call_latest_what_lies_before_a_break(world) -> None:
    put_months(world.visits, "2025-03", 500, 510, 520, code="a")
    put_months(world.visits, "2025-03", 300, 310, code="b")
    put(world.visits, "2025-05", None, "b", missing_reason="withheld")
    spark = look(world.visits).card.spark
    assert "線の終わりは令和7年4月の820人" in spark
    assert "最新" not in spark


@pytest.mark.parametrize(
    ("rule", "text"), [("month_end", "令和7(2025)年3月末時点"), ("next_month_first", "令和7(2025)年4月1日時点")]
)
def test_a_yearly_level_is_dated_on_page_and_in_print(world, rule, text) -> None:
    kpi = make_kpi("waiting", "待機児童数", "人", "stock", frequency="fiscal_year", as_of_rule=rule)
    put(kpi, "FY2024", 27)
    assert look(kpi).card.as_of == text
    assert Figures(TODAY).get("waiting").as_of == text


def test_a_month_of_an_amount_never_halves_a_yearly_baseline(world) -> None:
    base(world.online, 1200)
    put_months(world.online, "2024-04", *[100] * 13)
    recompute(world.online.pk)
    assert Figures(TODAY).get("online").halves_in == ""


def test_a_period_that_is_over_is_not_so_many_years_ahead(world) -> None:
    put(world.hours, "FY2023", 90)
    recompute(world.hours.pk)
    assert Figures(TODAY).get("hours").years_ahead == ""


# --- One number, one target --------------------------------------------------------------------------------------------
def test_a_percentage_near_100_is_drawn_where_it_is_and_written_short_of_it(world) -> None:
    put_months(world.satisfaction, "2025-04", 90, "99.96")
    page = look(world.satisfaction)
    drawn = page.chart.lines[0]
    assert (drawn.values[-1], drawn.labels[-1], drawn.texts[-1]) == (Decimal("99.96"), "99.9%", "99.9%")
    assert ">99.9</text>" in page.svg
    assert "99.9%" in str(page.figure)
    assert "100.0%" not in str(page.figure)


def test_the_level_of_what_ended_within_the_year_stands_beside_no_target_of_the_year(world) -> None:
    aim(world.friends, 100, fiscal_year=2025)
    Kpi.objects.filter(pk=world.friends.pk).update(ends_on=date(2025, 12, 31))
    put_months(world.friends, "2025-04", 80, 90)
    page = look(world.friends)
    assert [row[4] for row in page.month_rows[:2]] == ["", ""]
    assert (page.chart.target, [line.name for line in page.chart.lines], page.card.target) == (None, ["実績"], "")
    Kpi.objects.filter(pk=world.friends.pk).update(ends_on=date(2026, 3, 1))
    page = look(world.friends)
    assert ([row[4] for row in page.month_rows[:2]], page.chart.target) == (["100人", "100人"], 100)


def test_a_break_in_the_line_carries_no_mark(world) -> None:
    put_months(world.visits, "2025-03", 5, 6, 7, code="a", is_rounded=True)
    put_months(world.visits, "2025-03", 5, 6, code="b")
    figure = str(look(world.visits).figure)
    assert "R7.5 値なし" in figure
    assert "値なし（" not in figure
