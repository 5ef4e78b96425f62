"""A year is whole, to date or with gaps; a year of less than twelve months of life says which months it has."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kpis.claims import Reach, extent_of
from tests.kpis.claims.facts import month, year


def test_twelve_months_are_a_whole_year_and_need_no_words():
    extent = extent_of(year("FY2024", 1200))
    assert (extent.reach, extent.text, extent.may_hold) == (Reach.WHOLE, "", True)


def test_a_year_to_date_says_how_many_months_it_holds_and_is_held_against_no_full_year():
    extent = extent_of(year("FY2025", 600, 4), date(2025, 7, 1))
    assert (extent.reach, extent.text) == (Reach.TO_DATE, "4／12か月分")
    assert (extent.may_change, extent.may_pace, extent.may_hold) == (True, True, False)


@pytest.mark.parametrize("facts", [{"due": date(2025, 9, 1)}, {"newest": "2025-08"}])
def test_a_missing_month_that_is_due_or_lies_between_others_is_a_gap_and_claims_nothing(facts):
    extent = extent_of(year("FY2025", 600, 4, newest=facts.get("newest")), facts.get("due"))
    assert (extent.reach, extent.text) == (Reach.GAPS, "4／12か月分")
    assert (extent.may_change, extent.may_pace, extent.may_hold) == (False, False, False)


@pytest.mark.parametrize(
    ("figure", "text", "bracket"),
    [
        (year("FY2024", 600, 6, of=6), "6か月分（4月〜9月）", "（4月〜9月の6か月分）"),
        (year("FY2024", 600, 6, of=6, first="2024-10"), "6か月分（10月〜3月）", "（10月〜3月の6か月分）"),
        (year("FY2024", 400, 4, of=6, first="2024-10"), "4／6か月分（10月〜3月）", "（10月〜3月の4／6か月分）"),
        (year("FY2024", 100, 1, of=1, first="2025-03"), "1か月分（3月）", "（3月の1か月分）"),
    ],
)
def test_a_year_cut_by_its_life_says_which_months_it_has_and_is_held_against_no_full_year(figure, text, bracket):
    extent = extent_of(figure)
    assert (extent.text, extent.bracket, extent.may_hold, extent.may_pace) == (text, bracket, False, False)


def test_a_quarter_of_which_one_month_was_lived_is_cut_short_too():
    extent = extent_of(month("2024-Q3", 100, months=1, months_expected=1, first_month=date(2024, 12, 1)))
    assert (extent.is_short, extent.may_hold) == (True, False)


def test_a_month_with_missing_parts_makes_no_claim():
    extent = extent_of(month("2025-05", 300, reported=1, expected=2))
    assert (extent.reach, extent.text, extent.may_change) == (Reach.PART, "2件中1件", False)


def test_what_leaves_a_withheld_part_out_says_so_and_is_compared_with_nothing():
    extent = extent_of(month("2025-05", 1000, reported=2, expected=2, withheld=1))
    assert (extent.left_out, extent.may_pace, extent.may_hold) == ("非公開1件を除く", False, False)


def test_a_level_of_a_year_has_one_month_and_is_not_cut_short():
    figure = month("FY2025", 30, months=1, months_expected=1, level_month=date(2025, 5, 1))
    assert extent_of(figure).is_short is False


def test_months_that_do_not_follow_one_another_are_counted_and_not_spanned():
    apart = year("FY2024", 60, 6, of=6, first="2024-07")
    apart = replace(apart, final_month=date(2025, 3, 1), newest_month=date(2025, 3, 1))
    assert (extent_of(apart).text, extent_of(apart).bracket) == ("6か月分", "（6か月分）")
