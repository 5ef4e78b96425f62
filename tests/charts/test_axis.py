"""The value axis: round steps that hold every value."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts.axis import AIR, STEPS, axis_for, tick_text
from japan.numbers import parse_number

values = st.lists(st.decimals(-(10**12), 10**12, places=2, allow_nan=False), max_size=8)


@pytest.mark.parametrize(
    ("given_values", "ticks"),
    [
        (["40000", "25000"], [0, 10000, 20000, 30000, 40000]),
        (["20.5"], [0, 10, 20, 30]),
        (["-235000", "120000"], [-300000, -200000, -100000, 0, 100000, 200000]),
        (["-3"], [-3, -2, -1, 0]),
    ],
)
def test_steps_are_round_numbers_from_zero(given_values: list[str], ticks: list[int]) -> None:
    assert list(axis_for([Decimal(value) for value in given_values]).ticks) == ticks


@pytest.mark.parametrize("given_values", [[], [Decimal(0)]])
def test_no_value_and_zero_have_an_axis_too(given_values: list[Decimal]) -> None:
    axis = axis_for(given_values)
    assert (axis.low, axis.high) == (0, 1)
    assert [tick_text(tick) for tick in axis.ticks] == ["0", "0.25", "0.5", "0.75", "1"]


@given(values)
def test_every_value_and_zero_lie_on_the_axis(given_values: list[Decimal]) -> None:
    axis = axis_for(given_values)
    assert all(0 <= axis.share(value) <= 1 for value in [*given_values, Decimal(0)])
    assert Decimal(0) in axis.ticks
    assert 3 <= len(axis.ticks) <= 7
    assert (axis.share(axis.low), axis.share(axis.high)) == (0, 1)


@given(values)
def test_its_step_is_1_2_25_or_5_times_a_power_of_ten(given_values: list[Decimal]) -> None:
    ticks = axis_for(given_values).ticks
    step = ticks[1] - ticks[0]
    assert {b - a for a, b in pairwise(ticks)} == {step}
    assert step.scaleb(-step.adjusted()) in STEPS


@given(values)
def test_with_air_there_is_room_above_the_highest_value(given_values: list[Decimal]) -> None:
    axis = axis_for(given_values)
    assert axis.with_air().share(axis.highest) <= AIR
    assert axis.with_air().ticks[: len(axis.ticks)] == axis.ticks


@given(values, st.sampled_from(["one", "man"]))
def test_a_tick_is_written_with_all_its_decimals(given_values: list[Decimal], scale: str) -> None:
    for tick in axis_for(given_values).ticks:
        assert parse_number(tick_text(tick, scale)).value == tick


def test_ticks_are_written_in_myriads_where_the_kpi_is() -> None:
    assert [tick_text(Decimal(n), "man") for n in (0, 5000, 12500, 1000000)] == ["0", "5,000", "1.25万", "100万"]
    assert tick_text(Decimal(-100000), "man") == "▲10万"
    assert tick_text(Decimal("0.25")) == "0.25"
