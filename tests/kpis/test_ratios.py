"""A ratio is numerator ÷ denominator; a year's is the sum of the one ÷ the sum of the other, never a mean of months."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kpis.models import Kpi, Series
from tests.kpis.world import make_kpi, put, put_months, summaries, summary


def test_a_month_is_the_quotient_and_keeps_both_parts(world):
    put(world.online, "2024-04", 1)
    put(world.applications, "2024-04", 3)
    month = summary(world.rate, "2024-04")
    assert (month.value, month.numerator, month.denominator) == (Decimal("33.333333333"), 1, 3)
    assert (month.basis, len(month.computed_from)) == ("ratio", 2)


def test_a_year_is_sum_by_sum_over_the_months_in_which_both_parts_are_there(world):
    put_months(world.online, "2024-04", 10, 50, 40)
    put_months(world.applications, "2024-04", 100, 100, None, 100)
    year = summary(world.rate, "FY2024")
    assert (year.value, year.numerator, year.denominator) == (30, 60, 200)
    assert (year.months, year.months_expected, year.is_complete) == (2, 12, False)


def test_unequal_months_weigh_by_their_size(world):
    put_months(world.online, "2024-04", 90, 0)
    put_months(world.applications, "2024-04", 100, 900)
    assert summary(world.rate, "FY2024").value == 9


def test_without_one_part_there_is_no_ratio_and_no_0(world):
    put(world.applications, "2024-04", 100)
    rows = summaries(world.rate)
    assert (rows["2024-04"].value, rows["2024-04"].reported, rows["2024-04"].expected) == (None, 1, 2)
    assert (rows["FY2024"].value, rows["FY2024"].months) == (None, 0)


def test_a_numerator_of_0_is_0_percent_and_a_denominator_of_0_none(world):
    put_months(world.online, "2024-04", 0, 5)
    put_months(world.applications, "2024-04", 10, 0)
    rows = summaries(world.rate)
    assert (rows["2024-04"].value, rows["2024-05"].value) == (0, None)


def test_a_part_without_an_applicable_value_makes_the_ratio_inapplicable(world):
    put(world.online, "2024-04", None, missing_reason="not_applicable")
    put(world.applications, "2024-04", 10)
    month = summary(world.rate, "2024-04")
    assert (month.value, month.missing_reason, month.is_complete) == (None, "not_applicable", True)


def test_years_stated_as_a_whole_are_divided_as_they_are(world):
    put(world.online, "FY2024", 60_000)
    put(world.applications, "FY2024", 292_700)
    year = summary(world.rate, "FY2024")
    assert (year.value.quantize(Decimal("0.1")), year.is_complete) == (Decimal("20.5"), True)


def test_a_published_percentage_is_shown_for_its_period_and_never_gets_a_years_total(world):
    put_months(world.satisfaction, "2024-04", 54, 78)
    assert set(summaries(world.satisfaction)) == {"2024-04", "2024-05"}


def test_a_published_percentage_keeps_the_reason_for_its_absence(world):
    put(world.satisfaction, "2024-04", None, missing_reason="pending")
    month = summary(world.satisfaction, "2024-04")
    assert (month.missing_reason, month.reported, month.expected) == ("pending", 0, 1)


def test_published_percentages_of_two_years_are_compared(world):
    put(world.satisfaction, "FY2023", 54)
    put(world.satisfaction, "FY2024", 78)
    year = summary(world.satisfaction, "FY2024")
    assert (year.compared_value, year.last_year_value) == (78, 54)


def test_a_percentage_published_beside_its_parts_is_shown_and_the_parts_stand_beside(world):
    Series.objects.create(kpi=world.rate, code="total", name="全体")
    put(world.rate, "2024-04", 21)
    put(world.online, "2024-04", 20)
    put(world.applications, "2024-04", 100)
    month = summary(world.rate, "2024-04")
    assert (month.value, month.basis, month.numerator, month.denominator) == (21, "published", 20, 100)


def test_a_partial_year_is_compared_over_the_same_months(world):
    put_months(world.online, "2023-04", 10, 20, 30)
    put_months(world.applications, "2023-04", 100, 100, 100)
    put_months(world.online, "2024-04", 50, 60)
    put_months(world.applications, "2024-04", 100, 100)
    year = summary(world.rate, "FY2024")
    assert (year.compared_value, year.last_year_value, year.compared_months) == (55, 15, 2)


def test_months_before_the_introduction_are_not_owed_by_the_year(world):
    put(world.online, "2024-04", None, missing_reason="before_start")
    put_months(world.online, "2024-05", *[10] * 11)
    put_months(world.applications, "2024-04", *[100] * 12)
    year = summary(world.rate, "FY2024")
    assert (year.value, year.months, year.months_expected, year.is_complete) == (10, 11, 11, True)


def test_quarters_are_used_where_there_are_no_months(world):
    for quarter in ("2024-Q1", "2024-Q2"):
        put(world.online, quarter, 30)
        put(world.applications, quarter, 100)
    year = summary(world.rate, "FY2024")
    assert (year.value, year.months, year.months_expected) == (30, 6, 12)


@pytest.fixture
def level_rate(world) -> Kpi:
    cards = make_kpi("cards", "カード保有数", "枚", "stock")
    people = make_kpi("people", "人口", "人", "stock")
    return make_kpi("cards-rate", "保有率", "%", "ratio", numerator=cards, denominator=people)


def test_a_ratio_of_levels_has_the_years_last_common_month_for_its_year(level_rate):
    put_months(level_rate.numerator, "2024-04", 50, 60, 70)
    put_months(level_rate.denominator, "2024-04", 100, 100)
    put(level_rate.numerator, "2023-05", 30)
    put(level_rate.denominator, "2023-05", 100)
    year = summary(level_rate, "FY2024")
    assert (year.value, year.value_period, year.is_complete) == (60, date(2024, 5, 1), True)
    assert (year.compared_value, year.last_year_value, year.compared_months) == (60, 30, 1)


def test_the_largest_value_over_the_smallest_is_still_a_summary(world):
    put(world.online, "2024-04", "999999999999999")
    put(world.applications, "2024-04", "0.000001")
    assert summary(world.rate, "2024-04").value == Decimal("999999999999999e8")


def test_values_of_15_digits_may_add_up_to_more(world):
    put_months(world.online, "2024-04", "999999999999999", "999999999999999")
    assert summary(world.online, "FY2024").value == Decimal("1999999999999990")
