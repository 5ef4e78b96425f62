"""A stock is a level at a time: one period speaks for a year, and nothing is carried forward."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kpis.dashboards.page import page_of
from kpis.models import Kpi, Target
from kpis.summaries.audit import audit
from tests.kpis.world import put, put_months, summaries, summary


def test_a_year_is_its_last_months_value_and_says_which_month(world):
    put_months(world.friends, "2024-04", 100, 110, None, 130)
    put(world.friends, "2024-07", 130, as_of=date(2024, 7, 31), as_of_wording="7月末")
    year = summary(world.friends, "FY2024")
    assert (year.value, year.value_period, year.basis) == (130, date(2024, 7, 1), "last")
    assert (year.as_of, year.as_of_wording, year.months, year.months_expected) == (date(2024, 7, 31), "7月末", 1, 1)


def test_months_are_never_added_up(world):
    put_months(world.friends, "2024-04", *[100] * 12)
    rows = summaries(world.friends)
    assert {row.value for row in rows.values()} == {Decimal(100)}
    assert rows["2025-03"].cumulative is None


def test_a_total_uses_the_parts_of_one_month_only(world):
    put(world.services, "2024-04", 10, "a")
    put(world.services, "2024-04", 20, "b")
    put(world.services, "2024-05", 11, "a")
    rows = summaries(world.services)
    assert (rows["2024-05"].value, rows["2024-05"].reported, rows["2024-05"].expected) == (11, 1, 2)
    assert (rows["FY2024"].value, rows["FY2024"].value_period) == (30, date(2024, 4, 1))


def test_a_level_of_no_complete_month_says_that_it_is_partial(world):
    put(world.services, "2024-05", 11, "a")
    year = summary(world.services, "FY2024")
    assert (year.value, year.reported, year.expected, year.is_complete) == (11, 1, 2, False)


def test_a_year_without_a_value_has_no_row_and_borrows_none(world):
    put(world.friends, "2023-12", 100)
    assert set(summaries(world.friends)) == {"2023-12", "FY2023"}


def test_a_year_is_compared_with_the_same_month_of_the_year_before(world):
    put_months(world.friends, "2023-04", *[100] * 11, 200)
    put_months(world.friends, "2024-04", 150)
    year = summary(world.friends, "FY2024")
    assert (year.compared_value, year.last_year_value, year.compared_months) == (150, 100, 1)


def test_a_quarters_level_is_compared_with_the_same_quarter(world):
    put(world.friends, "2023-Q4", 100)
    put(world.friends, "2024-Q4", 150)
    year = summary(world.friends, "FY2024")
    assert (year.value, year.last_year_value, year.compared_months) == (150, 100, 3)


def test_a_level_is_on_its_way_in_any_month_and_reaches_the_years_target_in_march_alone(world):
    Kpi.objects.filter(pk=world.friends.pk).update(baseline_value=100, baseline_span="month")
    Target.objects.create(kpi=world.friends, fiscal_year=2024, value=200)
    for month, achievement in (("2024-04", None), ("2025-03", Decimal("0.75"))):
        put(world.friends, month, 150)
        rows = summaries(world.friends)
        for row in (rows[month], rows["FY2024"]):
            assert (row.progress, row.ratio_to_baseline) == (Decimal("0.5"), Decimal("1.5"))
            assert row.achievement == achievement


@pytest.mark.parametrize(
    ("value", "progress", "achievement"),
    [
        (80, Decimal("0.5"), Decimal("0.75")),
        (120, Decimal("-0.5"), Decimal("0.5")),
        (40, Decimal("1.5"), Decimal("1.5")),
    ],
)
def test_progress_works_downwards_below_0_and_above_1(world, value, progress, achievement):
    Kpi.objects.filter(pk=world.friends.pk).update(baseline_value=100, baseline_span="month", direction="down")
    Target.objects.create(kpi=world.friends, fiscal_year=2024, value=60)
    put(world.friends, "2025-03", value)
    year = summary(world.friends, "FY2024")
    assert (year.progress, year.achievement) == (progress, achievement)


@pytest.mark.parametrize("baseline", [None, 60])
def test_progress_is_undefined_without_a_baseline_or_when_it_is_the_target(world, baseline):
    span = "month" if baseline else ""
    Kpi.objects.filter(pk=world.friends.pk).update(baseline_value=baseline, baseline_span=span)
    Target.objects.create(kpi=world.friends, fiscal_year=2024, value=60)
    put(world.friends, "2024-04", 50)
    assert summary(world.friends, "FY2024").progress is None


def test_a_months_own_target_goes_before_the_years(world):
    Target.objects.create(kpi=world.friends, fiscal_year=2024, value=200)
    Target.objects.create(kpi=world.friends, fiscal_year=2024, month=1, value=190)
    put_months(world.friends, "2024-12", 1, 1)
    rows = summaries(world.friends)
    assert (rows["2024-12"].target_value, rows["2025-01"].target_value) == (200, 190)


def test_series_that_do_not_add_up_have_no_total(world):
    Kpi.objects.filter(pk=world.services.pk).update(aggregation="none")
    put(world.services, "2024-04", 10, "a")
    put(world.services, "2024-04", 20, "b")
    rows = summaries(world.services)
    assert [(row.value, row.basis) for row in rows.values()] == [(None, "none")] * 2
    assert (rows["2024-04"].reported, rows["2024-04"].expected) == (2, 2)


# --- Rules 2 and 8: what ended within a quarter or a year stands at no end of it --------------------------------------
def end_in_october(kpi: Kpi, frequency: str) -> None:
    kpi.series.update(ends_on=date(2024, 10, 31))
    Kpi.objects.filter(pk=kpi.pk).update(frequency=frequency)


def test_a_quarters_level_that_ended_in_october_is_octobers_and_compared_with_no_december(world):
    end_in_october(world.friends, "quarter")
    put(world.friends, "2023-Q3", 100)
    put(world.friends, "2023-Q4", 110)
    put(world.friends, "2024-Q2", 120)
    put(world.friends, "2024-Q3", 90)
    year = summary(world.friends, "FY2024")
    assert (year.value_period, year.last_year_value) == (date(2024, 10, 1), None)
    assert summary(world.friends, "2024-Q3").last_year_value is None
    assert list(audit(Kpi.objects.get(pk=world.friends.pk))) == []
    page = page_of(Kpi.objects.for_page().get(pk=world.friends.pk), today=date(2025, 6, 10), asked="")
    assert (page.card.as_of, page.card.change) == ("令和6(2024)年10月末時点", "")
    assert [row.note for row in page.years] == ["令和6(2024)年10月末の値", "令和6(2024)年3月末の値"]


def test_a_years_level_that_ended_in_october_is_compared_with_no_march(world):
    end_in_october(world.friends, "fiscal_year")
    put(world.friends, "FY2023", 100)
    put(world.friends, "FY2024", 90)
    assert summary(world.friends, "FY2024").last_year_value is None
    page = page_of(Kpi.objects.for_page().get(pk=world.friends.pk), today=date(2025, 6, 10), asked="")
    assert (page.card.as_of, page.card.change, page.years[0].change) == ("令和6(2024)年10月末時点", "", "")


def test_a_ratio_of_quarters_levels_stands_where_its_last_quarter_ended(world):
    for kpi in (world.online, world.applications):
        kpi.series.update(ends_on=date(2024, 10, 31))
        Kpi.objects.filter(pk=kpi.pk).update(kind="stock", ends_on=date(2024, 10, 31))
    put(world.online, "2024-Q3", 40)
    put(world.applications, "2024-Q3", 100)
    row = summary(world.rate, "FY2024")
    assert (row.value, row.value_period) == (40, date(2024, 10, 1))
    assert list(audit(Kpi.objects.get(pk=world.rate.pk))) == []
