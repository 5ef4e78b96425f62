"""The fiscal calendar: 2025-03 is in fiscal year 2024."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from japan import fiscal

days = st.dates(date(1873, 1, 1), date(2998, 12, 31))


@pytest.mark.parametrize(
    ("day", "fiscal_year"),
    [((2025, 3, 1), 2024), ((2025, 3, 31), 2024), ((2025, 4, 1), 2025), ((2024, 12, 31), 2024), ((2025, 1, 1), 2024)],
)
def test_a_fiscal_year_ends_with_march(day: tuple[int, int, int], fiscal_year: int) -> None:
    assert fiscal.fiscal_year_of(date(*day)) == fiscal_year


def test_its_months_run_from_april_to_march() -> None:
    months = fiscal.fiscal_months(2024)
    assert [month.month for month in months] == [4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3]
    assert [fiscal.fiscal_month_index(month) for month in months] == list(range(12))
    assert (months[0], months[-1]) == (date(2024, 4, 1), date(2025, 3, 1))


@pytest.mark.parametrize("month", [0, 13, -1])
def test_a_month_that_is_none_is_refused(month: int) -> None:
    with pytest.raises(ValueError):
        fiscal.date_of_fiscal_month(2024, month)


def test_months_are_added_over_the_turn_of_the_year_and_end_on_their_last_day() -> None:
    assert fiscal.add_months(date(2024, 12, 31), 1) == date(2025, 1, 1)
    assert fiscal.add_months(date(2024, 1, 31), -1) == date(2023, 12, 1)
    assert fiscal.month_end(date(2024, 2, 1)) == date(2024, 2, 29)


@given(days)
def test_every_day_lies_in_its_fiscal_year_alone(day: date) -> None:
    year = fiscal.fiscal_year_of(day)
    assert fiscal.fiscal_year_start(year) <= day <= fiscal.fiscal_year_end(year)
    assert fiscal.fiscal_year_end(year) + timedelta(days=1) == fiscal.fiscal_year_start(year + 1)
    assert fiscal.date_of_fiscal_month(year, day.month) == fiscal.month_start(day)


@given(st.dates(date(1900, 1, 1), date(2900, 1, 1)), st.integers(-1000, 1000))
def test_adding_months_and_taking_them_away_comes_back(day: date, count: int) -> None:
    assert fiscal.add_months(fiscal.add_months(day, count), -count) == fiscal.month_start(day)
