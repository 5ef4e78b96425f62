"""閉庁日: when the city hall is closed, and what that does to due dates."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from japan.closed_days import CityCalendar, is_closed, next_open_day, nth_working_day, working_days_between

days = st.dates(date(2000, 1, 1), date(2050, 12, 31))


@pytest.mark.parametrize(
    "day",
    [
        (2025, 5, 31), (2025, 6, 1),  # Saturday, Sunday
        (2025, 5, 5), (2025, 5, 6),  # a holiday, and the day in lieu of one
        (2026, 9, 22),  # between two holidays
        (2024, 12, 30), (2024, 12, 31), (2025, 1, 2), (2025, 1, 3),  # no law names these
    ],
)  # fmt: skip
def test_the_city_hall_is_closed(day: tuple[int, int, int]) -> None:
    assert is_closed(date(*day))


@pytest.mark.parametrize("day", [(2025, 5, 30), (2025, 6, 2), (2024, 12, 27), (2025, 1, 6), (2025, 4, 30)])
def test_the_city_hall_is_open(day: tuple[int, int, int]) -> None:
    assert not is_closed(date(*day))


def test_a_city_may_close_on_days_of_its_own() -> None:
    day = date(2025, 6, 10)
    assert next_open_day(day) == day
    assert next_open_day(day, {day, day + timedelta(days=1)}) == date(2025, 6, 12)


def test_a_city_may_open_on_a_day_that_the_calendar_closes() -> None:
    sunday = date(2025, 6, 8)
    assert is_closed(sunday)
    assert not is_closed(sunday, opened={sunday})
    assert next_open_day(date(2025, 6, 7), opened={sunday}) == sunday


def test_a_citys_calendar_counts_with_its_own_days() -> None:
    calendar = CityCalendar(closed=frozenset({date(2025, 6, 10)}), opened=frozenset({date(2025, 6, 8)}))
    assert calendar.nth_working_day(date(2025, 6, 1), 7) == date(2025, 6, 9)
    assert calendar.nth_working_day(date(2025, 6, 1), 8) == date(2025, 6, 11)
    assert calendar.working_days_after(date(2025, 6, 9), date(2025, 6, 12)) == 2
    assert calendar.working_days_after(date(2025, 6, 12), date(2025, 6, 9)) == 0


def test_the_turn_of_the_year_is_skipped() -> None:
    assert next_open_day(date(2024, 12, 28)) == date(2025, 1, 6)
    assert nth_working_day(date(2025, 1, 1), 1) == date(2025, 1, 6)
    assert nth_working_day(date(2025, 5, 1), 5) == date(2025, 5, 9)
    assert working_days_between(date(2025, 5, 1), date(2025, 5, 9)) == 5


def test_there_is_no_zeroth_working_day() -> None:
    with pytest.raises(ValueError):
        nth_working_day(date(2025, 5, 1), 0)


@given(days, st.integers(1, 30))
def test_the_nth_working_day_is_open_and_has_n_open_days_up_to_it(first: date, n: int) -> None:
    day = nth_working_day(first, n)
    assert not is_closed(day)
    assert working_days_between(first, day) == n
