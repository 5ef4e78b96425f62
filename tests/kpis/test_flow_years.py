"""A flow adds up over its months, and a year that lacks some says so instead of pretending."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kpis.models import Kpi, Series, Target
from kpis.summaries.audit import audit
from tests.kpis.world import part, put, put_months, summaries, summary


@pytest.fixture
def aimed(world) -> Kpi:
    """The flow KPI with a yearly baseline and targets for FY2024."""
    Kpi.objects.filter(pk=world.online.pk).update(baseline_value=600, baseline_span="fiscal_year")
    Target.objects.create(kpi=world.online, fiscal_year=2024, value=1800)
    return world.online


def test_twelve_months_make_a_year_with_progress_and_ratio(aimed):
    put_months(aimed, "2024-04", *[100] * 12)
    year = summary(aimed, "FY2024")
    assert (year.value, year.months, year.months_expected, year.basis) == (1200, 12, 12, "months")
    assert (year.ratio_to_baseline, year.progress) == (2, Decimal("0.5"))
    assert year.achievement == Decimal("0.666666666")
    assert year.is_complete


def test_a_year_with_missing_months_is_a_partial_sum_without_progress_or_ratio(aimed):
    put_months(aimed, "2024-04", 100, None, 100)
    year = summary(aimed, "FY2024")
    assert (year.value, year.months, year.months_expected) == (200, 2, 12)
    assert (year.ratio_to_baseline, year.progress, year.achievement) == (None, None, None)
    assert (year.target_value, year.is_complete) == (1800, False)


def test_a_missing_month_has_no_row_and_is_no_0(world):
    put_months(world.online, "2024-04", 100, None, 0)
    rows = summaries(world.online)
    assert set(rows) == {"2024-04", "2024-06", "FY2024"}
    assert (rows["2024-06"].value, rows["2024-06"].cumulative, rows["2024-06"].cumulative_months) == (0, 100, 2)
    assert (rows["FY2024"].value, rows["FY2024"].months) == (100, 2)


def test_an_approved_0_stays_0_in_months_and_years(world):
    put_months(world.online, "2024-04", *[0] * 12)
    rows = summaries(world.online)
    assert {row.value for row in rows.values()} == {Decimal(0)}
    assert rows["2024-09"].cumulative == 0
    assert rows["FY2024"].is_complete


def test_a_march_belongs_to_the_year_before(world):
    put(world.online, "2025-03", 5)
    put(world.online, "2025-04", 7)
    rows = summaries(world.online)
    assert (rows["FY2024"].value, rows["FY2025"].value, rows["2025-04"].cumulative) == (5, 7, 7)


def test_a_year_to_date_is_compared_over_the_same_months_only(world):
    put_months(world.online, "2023-04", *[10] * 12)
    put_months(world.online, "2024-04", 11, 13)
    year = summary(world.online, "FY2024")
    assert (year.value, year.compared_value, year.last_year_value, year.compared_months) == (24, 24, 20, 2)


def test_a_year_with_a_gap_is_the_sum_of_its_months_and_is_compared_with_nothing(world):
    put_months(world.online, "2023-04", *[10] * 12)
    put_months(world.online, "2024-04", 11, None, 13)
    year = summary(world.online, "FY2024")
    assert (year.value, year.months, year.newest_month) == (24, 2, date(2024, 6, 1))
    assert (year.compared_value, year.last_year_value, year.compared_months) == (None, None, 0)


def test_months_that_only_one_year_has_are_left_out_of_both_sides(world):
    put_months(world.online, "2023-05", 20, 30)
    put_months(world.online, "2024-04", 11, 22)
    year = summary(world.online, "FY2024")
    assert (year.value, year.compared_value, year.last_year_value, year.compared_months) == (33, 22, 20, 1)


def test_a_month_is_compared_with_the_same_month_a_year_before_and_with_no_other(world):
    put_months(world.online, "2023-04", 10)
    put_months(world.online, "2024-04", 12, 99)
    rows = summaries(world.online)
    assert (rows["2024-04"].compared_value, rows["2024-04"].last_year_value) == (12, 10)
    assert (rows["2024-05"].last_year_value, rows["2024-05"].compared_months) == (None, 0)


def test_years_published_as_a_whole_are_compared_with_each_other(world):
    put(world.hours, "FY2023", 5_220_000)
    put(world.hours, "FY2024", 4_985_000)
    year = summary(world.hours, "FY2024")
    assert (year.basis, year.last_year_value, year.compared_months) == ("published", 5_220_000, 12)
    assert year.months == year.months_expected == 12


def test_a_published_year_is_compared_with_the_twelve_months_before_it(world):
    put_months(world.online, "2023-04", *[10] * 12)
    put(world.online, "FY2024", 150)
    year = summary(world.online, "FY2024")
    assert (year.compared_value, year.last_year_value, year.compared_months) == (150, 120, 12)


def test_quarters_make_a_year_and_are_compared_with_quarters(world):
    for quarter, value in (("2023-Q1", 10), ("2023-Q2", 20), ("2024-Q1", 11), ("2024-Q2", 33)):
        put(world.online, quarter, value)
    year = summary(world.online, "FY2024")
    assert (year.value, year.months, year.months_expected) == (44, 6, 12)
    assert (year.compared_value, year.last_year_value, year.compared_months) == (44, 30, 6)
    put(world.online, "2024-Q4", 9)
    assert summary(world.online, "FY2024").compared_months == 0  # the third quarter is a gap now


def test_a_kpi_that_began_in_july_owes_nine_months(world):
    Kpi.objects.filter(pk=world.online.pk).update(starts_on=date(2024, 7, 10))
    put_months(world.online, "2024-07", *[10] * 9)
    year = summary(world.online, "FY2024")
    assert (year.value, year.months, year.months_expected, year.is_complete) == (90, 9, 9, True)


def test_months_before_the_introduction_are_not_owed(world):
    for month in ("2024-04", "2024-05"):
        put(world.online, month, None, missing_reason="before_start")
    put_months(world.online, "2024-06", *[10] * 10)
    rows = summaries(world.online)
    assert (rows["FY2024"].value, rows["FY2024"].months, rows["FY2024"].months_expected) == (100, 10, 10)
    assert (rows["2024-05"].cumulative, rows["2024-05"].missing_reason) == (None, "before_start")


def test_parts_that_ended_are_not_owed_any_more(world):
    Series.objects.filter(pk=part(world.visits, "b").pk).update(ends_on=date(2024, 4, 30))
    put(world.visits, "2024-04", 1, "a")
    put(world.visits, "2024-04", 1, "b")
    year = summary(world.visits, "FY2024")
    assert (year.reported, year.expected) == (2, 2 + 11)


def test_a_row_names_the_values_and_versions_it_was_computed_from(world):
    april = put(world.online, "2024-04", 1)
    put(world.online, "2024-05", 1)
    may = put(world.online, "2024-05", 2)
    assert summary(world.online, "FY2024").computed_from == [[april.pk, 1], [may.pk, 2]]


def test_marks_go_through_to_the_year(world):
    put(world.online, "2024-04", 1, is_provisional=True)
    put(world.online, "2024-05", 1, is_synthetic=True, nature="estimated")
    put(world.online, "2024-06", 1)
    year = summary(world.online, "FY2024")
    assert (year.is_provisional, year.is_synthetic, year.is_rounded, year.nature) == (True, True, False, "estimated")


@pytest.mark.parametrize("today", ["2024-06-01", "2031-12-31"])
def test_nothing_but_the_time_of_computation_depends_on_the_day(aimed, time_machine, today):
    put_months(aimed, "2024-04", 100, None, 100)
    time_machine.move_to(today)
    year = summary(aimed, "FY2024")
    assert (year.value, year.months, year.expected, year.progress) == (200, 2, 12, None)


def test_a_withheld_month_is_compared_with_nothing_and_the_year_claims_no_progress(world) -> None:
    """Comparisons use the same months: July of both years is left out, not set against a hundred of last year."""
    kpi = world.online
    Target.objects.create(kpi=kpi, fiscal_year=2024, value=1300)
    put_months(kpi, "2023-04", *[100] * 12)
    put_months(kpi, "2024-04", *[100] * 3, None, *[100] * 8)
    put(kpi, "2024-07", None, missing_reason="withheld")
    year = summary(kpi, "FY2024")
    assert (year.value, year.reported, year.withheld) == (1100, 12, 1)
    assert (year.compared_value, year.last_year_value, year.compared_months) == (1100, 1100, 11)
    assert (year.progress, year.achievement) == (None, None)
    assert list(audit(kpi)) == []
