"""No total hides what was not reported; a projection is never counted; a published total is never added to its parts."""

from __future__ import annotations

from datetime import date

import pytest

from kpis.models import Kpi, Measurement, Series
from tests.kpis.world import part, put, put_months, summaries, summary


@pytest.mark.parametrize(
    ("reason", "reported", "withheld", "is_complete"),
    [
        ("not_applicable", 2, 0, True),
        ("pending", 1, 0, False),
        ("withheld", 2, 1, True),
        ("before_start", 2, 0, True),
    ],
)
def test_a_reason_counts_as_reported_unless_it_is_pending(world, reason, reported, withheld, is_complete):
    put(world.visits, "2024-04", 10, "a")
    put(world.visits, "2024-04", None, "b", missing_reason=reason)
    month = summary(world.visits, "2024-04")
    assert (month.value, month.reported, month.expected, month.withheld) == (10, reported, 2, withheld)
    assert month.is_complete is is_complete


def test_a_part_nobody_reported_is_missing_from_the_count_and_not_0(world):
    put(world.visits, "2024-04", 10, "a")
    month = summary(world.visits, "2024-04")
    assert (month.value, month.reported, month.expected, month.is_complete) == (10, 1, 2, False)


def test_where_every_part_has_the_same_reason_so_has_the_total(world):
    put(world.visits, "2024-04", None, "a", missing_reason="withheld")
    put(world.visits, "2024-04", None, "b", missing_reason="withheld")
    month = summary(world.visits, "2024-04")
    assert (month.value, month.missing_reason, month.withheld) == (None, "withheld", 2)


def test_a_year_says_how_many_values_were_withheld_and_how_many_are_pending(world):
    put_months(world.online, "2024-04", *[10] * 10)
    put(world.online, "2025-02", None, missing_reason="withheld")
    put(world.online, "2025-03", None, missing_reason="pending")
    year = summary(world.online, "FY2024")
    assert (year.value, year.withheld, year.reported, year.expected) == (100, 1, 11, 12)
    assert (year.months, year.is_complete) == (11, False)


def test_a_part_beyond_its_life_is_neither_owed_nor_added(world):
    Series.objects.filter(pk=part(world.visits, "b").pk).update(starts_on=date(2024, 5, 1))
    put(world.visits, "2024-04", 10, "a")
    put(world.visits, "2024-04", 5, "b")
    month = summary(world.visits, "2024-04")
    assert (month.value, month.expected, month.is_complete) == (10, 1, True)


# --- a published total beside its parts -----------------------------------------------------------------------------
def test_the_published_total_is_shown_and_the_parts_compared_with_it(world):
    put(world.copies, "2024-04", 1000)
    put(world.copies, "2024-04", 600, "a")
    put(world.copies, "2024-04", 390, "b")
    month = summary(world.copies, "2024-04")
    assert (month.value, month.parts_total, month.basis) == (1000, 990, "published")
    assert (month.reported, month.expected) == (1, 1)


def test_without_a_published_total_the_parts_make_it(world):
    put(world.copies, "2024-04", 600, "a")
    put(world.copies, "2024-04", 390, "b")
    month = summary(world.copies, "2024-04")
    assert (month.value, month.parts_total, month.basis) == (990, None, "parts")


def test_a_total_that_is_pending_gives_way_to_its_parts(world):
    put(world.copies, "2024-04", None, missing_reason="pending")
    put(world.copies, "2024-04", 600, "a")
    month = summary(world.copies, "2024-04")
    assert (month.value, month.reported, month.expected) == (600, 1, 2)


def test_a_published_year_is_compared_with_its_twelve_months_and_not_added_to_them(world):
    put_months(world.copies, "2024-04", *[10] * 12)
    put(world.copies, "FY2024", 125)
    year = summary(world.copies, "FY2024")
    assert (year.value, year.parts_total, year.basis) == (125, 120, "published")


def test_a_published_year_stands_alone_while_months_are_missing(world):
    put_months(world.copies, "2024-04", 10)
    put(world.copies, "FY2024", 125)
    year = summary(world.copies, "FY2024")
    assert (year.value, year.parts_total) == (125, None)


# --- projections -------------------------------------------------------------------------------------------------------
def test_a_projection_is_shown_as_one_held_against_the_baseline_and_counted_nowhere(world):
    Kpi.objects.filter(pk=world.friends.pk).update(baseline_value=100, baseline_span="calendar_year")
    put(world.friends, "2020", 100)
    put(world.friends, "2060", 53, nature="projected")
    row = summary(world.friends, "2060")
    assert (row.value, row.nature, row.reported, row.expected, row.is_complete) == (53, "projected", 0, 0, False)
    assert (row.ratio_to_baseline * 100, row.last_year_value, row.progress) == (53, None, None)


def test_a_projection_is_never_among_the_observed_values(world):
    put(world.friends, "2020", 100)
    put(world.friends, "2060", 53, nature="projected")
    assert [m.value for m in Measurement.objects.observed()] == [100]


def test_a_projected_month_adds_to_no_year_and_to_no_running_total(world):
    put(world.online, "2024-04", 100, nature="projected")
    put(world.online, "2024-05", 7)
    rows = summaries(world.online)
    assert (rows["2024-05"].cumulative, rows["2024-05"].cumulative_months) == (7, 1)
    assert (rows["FY2024"].value, rows["FY2024"].months) == (7, 1)


def test_a_projected_month_is_no_years_last_value_and_nobody_s_last_year(world):
    put(world.friends, "2024-04", 100)
    put(world.friends, "2024-05", 999, nature="projected")
    put(world.friends, "2025-05", 120)
    rows = summaries(world.friends)
    assert (rows["FY2024"].value, rows["2025-05"].last_year_value) == (100, None)


def test_a_projected_year_gives_way_to_its_first_observed_month(world):
    put(world.online, "FY2024", 1200, nature="projected")
    assert summary(world.online, "FY2024").nature == "projected"
    put(world.online, "2024-04", 90)
    year = summary(world.online, "FY2024")
    assert (year.value, year.nature, year.months) == (90, "observed", 1)


def test_projected_parts_make_no_ratio_and_owe_none(world):
    put(world.online, "2024-04", 1, nature="projected")
    put(world.applications, "2024-04", 2, nature="projected")
    assert summaries(world.rate) == {}


def test_an_observed_part_drives_out_the_projected_one_beside_it(world):
    put(world.visits, "2024-04", 10, "a")
    put(world.visits, "2024-04", 99, "b", nature="projected")
    month = summary(world.visits, "2024-04")
    assert (month.value, month.reported, month.expected, month.nature) == (10, 1, 2, "observed")
