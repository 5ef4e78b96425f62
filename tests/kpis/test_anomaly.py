"""What the anomaly check doubts and what it lets pass."""

import math

import pytest

from benchmarks.anomaly import run
from kpis.checks.anomaly import Past

YEARS = {month: float(round(10_000 * (1 + 0.3 * math.cos(math.pi * month / 6)) * 1.005**month)) for month in range(48)}
EXPECTED = round(10_000 * 1.3 * 1.005**48)


def test_ours_leads_the_three_methods_of_dhis2_with_few_false_alarms() -> None:
    scores = run(series=50, seed=20261125)
    ours = scores.pop("ours")
    assert ours.false_alarms < 0.02
    assert ours.f1 > max(score.f1 for score in scores.values()) + 0.2
    assert ours.wide_hits > 0.75 * ours.wide_swaps


def test_the_peak_of_a_season_is_no_anomaly() -> None:
    assert Past(YEARS).doubt(48, EXPECTED) is None


@pytest.mark.parametrize(
    ("value", "code"), [(EXPECTED * 10, "factor"), (round(EXPECTED / 10), "factor"), (YEARS[47], "repeated")]
)
def test_a_slip_of_the_pen_is_named(value: float, code: str) -> None:
    doubt = Past(YEARS).doubt(48, value)
    assert doubt is not None
    assert doubt.code == code


def test_two_digits_swapped_are_named() -> None:
    doubt = Past(YEARS).doubt(48, 61_517)  # for 16,517
    assert EXPECTED == 16_516
    assert doubt is not None
    assert doubt.code == "swapped"


@pytest.mark.parametrize("value", [-EXPECTED, -61_517, -16_510, -EXPECTED * 10, -3])
def test_a_negative_value_where_none_ever_was_is_doubted_for_its_sign(value: float) -> None:
    """▲ is a sign, not a digit: no digits are swapped in ▲16,516, and ▲3 is no small count."""
    doubt = Past(YEARS).doubt(48, value)
    assert doubt is not None
    assert doubt.code == "negative"
    few = Past({month: float(month % 4) for month in range(36)}).doubt(36, -1)
    assert few is not None
    assert few.code == "negative"


BELOW_ZERO = {month: -500.0 - (month * 7919) % 40 for month in range(48)}


@pytest.mark.parametrize(("value", "code"), [(520, "sign"), (-310, "unusual"), (-5200, "unusual")])
def test_where_values_are_below_zero_the_sign_that_is_missing_is_named(value: float, code: str) -> None:
    doubt = Past(BELOW_ZERO).doubt(48, value)
    assert doubt is not None
    assert doubt.code == code


def test_digits_are_swapped_below_zero_too_and_a_usual_negative_value_is_none_to_doubt() -> None:
    large = {month: -16_500.0 - (month * 7919) % 40 for month in range(48)}
    swapped = Past(large).doubt(48, -61_520)
    assert swapped is not None
    assert swapped.code == "swapped"
    assert Past(large).doubt(48, -16_520) is None


def test_frequent_large_errors_widen_what_is_usual() -> None:
    """Two months in seven are off by a fifth: another one is nothing new there, and odd in a calm series."""
    calm = {month: 1000.0 + month % 3 for month in range(48)}
    wild = {month: value * (1.2 if month % 7 in (0, 3) else 1) for month, value in calm.items()}
    assert Past(calm).doubt(48, 1200) is not None
    assert Past(wild).doubt(48, 1200) is None


def test_a_step_that_later_months_confirmed_is_the_new_level() -> None:
    stepped = {month: value * (1.5 if month >= 44 else 1) for month, value in YEARS.items()}
    assert Past(stepped).doubt(48, EXPECTED * 1.5) is None


STOCK = {month: float(40_000 + 310 * month + (month * 7919) % 90) for month in range(48)}


@pytest.mark.parametrize("slip", [5_487, 548_700, 45_870])
def test_after_a_slip_that_was_let_through_the_true_value_is_not_doubted(slip: int) -> None:
    """For 54,870 somebody typed ten times too much, too little, or swapped digits, and it was approved all the same."""
    past = STOCK | {48: float(slip)}
    assert Past(STOCK).doubt(48, slip) is not None
    assert Past(past).doubt(49, STOCK[47] + 620) is None
    assert Past(past).doubt(49, (STOCK[47] + 620) * 3) is not None


def test_nor_is_the_new_level_after_a_step() -> None:
    past = STOCK | {48: 80_000.0}
    assert Past(STOCK).doubt(48, 80_000) is not None
    assert Past(past).doubt(49, 80_300) is None


def test_a_young_series_is_doubted_only_where_it_is_far_off() -> None:
    young = Past({month: 1000.0 + month for month in range(5)})
    assert young.doubt(5, 1600) is None
    assert young.doubt(5, 10_050) is not None


def test_a_series_without_past_or_of_zeros_and_small_counts_is_left_alone() -> None:
    assert Past({}).doubt(0, 5) is None
    assert Past(dict.fromkeys(range(36), 0.0)).doubt(36, 1) is None
    assert Past({month: float(month % 4) for month in range(36)}).doubt(36, 4) is None
