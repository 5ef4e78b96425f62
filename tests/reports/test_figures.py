"""Which value a report prints, and how it writes it."""

from datetime import date
from decimal import Decimal

import pytest

from kpis.models import Kpi
from kpis.summaries.recompute import recompute
from reports.figures import Figures, check_reference
from reports.notes import of_page
from reports.references import UnknownFigure
from tests.kpis.world import make_world, put

MAY_31 = date(2025, 5, 31)
MARCH, MAY, JUNE = date(2025, 3, 1), date(2025, 5, 1), date(2025, 6, 1)


def test_the_newest_value_up_to_the_reports_day_is_printed(kpi):
    kpi("friends", {("month", MARCH): 100, ("month", MAY): 200, ("month", JUNE): 300})
    figure = Figures(MAY_31).get("friends")
    assert (figure.value, figure.as_of) == ("200人", "令和7(2025)年5月末時点")


def test_a_values_own_day_decides_before_the_end_of_its_period(kpi):
    late = {"value": 300, "as_of": date(2025, 6, 1)}
    kpi("friends", {("month", MARCH): 100, ("month", MAY): late})
    assert Figures(MAY_31).get("friends").value == "100人"


def test_a_value_without_a_day_counts_by_its_period_and_is_shown_as_recent(kpi):
    kpi("counters", {("month", MARCH): {"value": 24, "as_of_wording": "直近"}}, unit="か所")
    figure = Figures(MAY_31).get("counters")
    assert (figure.value, figure.as_of) == ("24か所", "直近")
    with pytest.raises(UnknownFigure):
        Figures(date(2025, 3, 30)).get("counters")


def test_a_projection_is_never_the_latest(kpi):
    projected = {"value": 80, "nature": "projected"}
    kpi("people", {("month", MARCH): 100, ("month", MAY): projected})
    assert Figures(MAY_31).get("people").value == "100人"
    assert Figures(MAY_31).get("people@2025-05").marks == ["将来推計"]


def test_a_sample_value_gives_way_to_a_real_one_however_old(kpi):
    sample = {"value": 999, "is_synthetic": True}
    kpi("friends", {("month", MARCH): 100, ("month", MAY): sample})
    assert Figures(MAY_31).get("friends").value == "100人"


def test_a_sample_value_alone_is_printed_with_its_mark(kpi):
    kpi("friends", {("month", MAY): {"value": 999, "is_synthetic": True}})
    assert Figures(MAY_31).get("friends").marks == ["架空値"]


def test_zero_is_a_value(kpi):
    kpi("friends", {("month", MARCH): 100, ("month", MAY): 0})
    assert Figures(MAY_31).get("friends").value == "0人"


def test_a_flow_says_what_it_is_per(kpi):
    kpi("copies", {("month", MAY): 3_000_000}, kind="flow", unit="枚", scale="man", as_of_rule="during")
    figure = Figures(MAY_31).get("copies")
    assert (figure.value, figure.rate, figure.as_of) == ("300万枚", "月300万枚", "令和7(2025)年5月")


def test_a_year_with_missing_months_is_not_printed_as_a_year(kpi):
    kpi("copies", {("month", date(2024, 4, 1)): 10}, kind="flow", unit="枚", as_of_rule="during")
    with pytest.raises(UnknownFigure, match="値がありません"):
        Figures(MAY_31).get("copies@year")


def test_against_the_baseline_everything_is_rounded_once_from_exact_values(kpi):
    baseline = {"baseline_value": Decimal("25600"), "baseline_span": "month", "baseline_wording": "前"}
    kpi("friends", {("month", MAY): 40_000}, **baseline)
    figure = Figures(MAY_31).get("friends")
    assert (figure.ratio, figure.change, figure.change_rate, figure.index) == ("1.6倍", "14,400人増", "＋56.3%", "156")


def test_the_change_of_a_percentage_is_in_points(kpi):
    baseline = {"baseline_value": Decimal("6.0"), "baseline_span": "month"}
    kpi("rate", {("month", MAY): "4.5"}, kind="ratio", unit="%", decimals=1, **baseline)
    assert Figures(MAY_31).get("rate").change == "▲1.5ポイント"


def test_the_year_of_half_the_population_is_the_first_below_half(kpi):
    years = {2020: (100, "observed"), 2040: (77, "projected"), 2060: (53, "projected"), 2070: (45, "projected")}
    values = {
        ("calendar_year", date(year, 1, 1)): {"value": value, "nature": nature}
        for year, (value, nature) in years.items()
    }
    kpi("people", values, frequency="occasional", baseline_value=Decimal(100), baseline_span="calendar_year")
    assert Figures(MAY_31).get("people").halves_in == "35年後"


def test_nobody_halves_where_no_projection_comes_near(kpi):
    values = {
        ("calendar_year", date(2020, 1, 1)): 100,
        ("calendar_year", date(2060, 1, 1)): {"value": 60, "nature": "projected"},
    }
    kpi("people", values, frequency="occasional", baseline_value=Decimal(100), baseline_span="calendar_year")
    assert Figures(MAY_31).get("people").halves_in == ""


def test_a_figure_remembers_what_it_was_made_from(kpi):
    made = kpi("friends", {("month", MAY): 200})
    figure = Figures(MAY_31).get("friends")
    measurement = made.series.get().measurements.get()
    assert figure.origin == {
        "measurements": [[measurement.pk, 1]],
        "summary": made.summaries.get(span="month").pk,
    }
    assert figure.exact == "200"


def test_an_unknown_code_offers_near_ones(kpi):
    kpi("line-friends", {})
    with pytest.raises(UnknownFigure, match="近いコード：line-friends"):
        check_reference("line-freinds")


def test_an_unknown_series_names_the_known_ones(kpi):
    kpi("methods", {})
    with pytest.raises(UnknownFigure, match="内訳のコード：total"):
        check_reference("methods/credit")


@pytest.mark.parametrize("reference", ["methods@2025-13", "methods@later", "methods//x"])
def test_an_unreadable_reference_is_refused(kpi, reference):
    kpi("methods", {})
    with pytest.raises(UnknownFigure):
        check_reference(reference)


def test_a_kpi_without_values_says_so(kpi):
    kpi("friends", {})
    assert Kpi.objects.count() == 1
    with pytest.raises(UnknownFigure, match="令和7\\(2025\\)年5月までの値がありません"):
        Figures(MAY_31).get("friends")


def test_a_total_that_leaves_out_a_withheld_part_says_so_and_is_set_beside_no_baseline(department):
    visits = make_world(department).visits
    Kpi.objects.filter(pk=visits.pk).update(baseline_value=1200, baseline_span="month")
    put(visits, "2025-05", 600, "a")
    put(visits, "2025-05", None, "b", missing_reason="withheld")
    recompute(visits.pk)
    figure = Figures(MAY_31).get("visits")
    assert (figure.value, figure.marks, figure.ratio) == ("600人", ["非公開1件を除く"], "")
    assert f"{visits.name}：非公開1件を除く" in of_page([figure], [])


def test_a_total_of_all_parts_is_set_beside_its_baseline(department):
    visits = make_world(department).visits
    Kpi.objects.filter(pk=visits.pk).update(baseline_value=1200, baseline_span="month")
    for code in "ab":
        put(visits, "2025-05", 300, code)
    recompute(visits.pk)
    figure = Figures(MAY_31).get("visits")
    assert (figure.value, figure.marks, figure.ratio) == ("600人", [], "0.5倍")
