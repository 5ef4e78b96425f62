"""How many digits a value may carry, and rounding."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from japan.numbers import NumberError, check_digits, fit, round_half_up


@pytest.mark.parametrize("value", ["0", "0.000000", "999999999999999", "-123456789.123456", "1E+14", "100000.0000000"])
def test_fifteen_digits_and_six_decimals_pass(value: str) -> None:
    check_digits(Decimal(value))


@pytest.mark.parametrize("value", ["1000000000000000", "1E+15", "1234567890.123456", "-9999999999999.999"])
def test_a_sixteenth_digit_is_refused(value: str) -> None:
    with pytest.raises(NumberError, match="15桁までです"):
        check_digits(Decimal(value))


def test_a_seventh_decimal_is_refused() -> None:
    with pytest.raises(NumberError, match="小数点以下は6桁までです"):
        check_digits(Decimal("0.1234567"))


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_what_is_not_finite_is_no_value(value: str) -> None:
    for take in (check_digits, fit):
        with pytest.raises(NumberError):
            take(Decimal(value))


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [("0.5", 0, "1"), ("1.5", 0, "2"), ("2.5", 0, "3"), ("-2.5", 0, "-3"), ("1.005", 2, "1.01"), ("1234", -2, "1200")],
)
def test_rounding_is_half_up_and_never_half_to_even(value: str, decimals: int, rounded: str) -> None:
    assert round_half_up(Decimal(value), decimals) == Decimal(rounded)


def test_a_derived_value_keeps_nine_decimals_or_fifteen_digits() -> None:
    assert fit(Decimal(1) / 3) == Decimal("0.333333333")
    assert fit(Decimal(2) / 3 * 10**12) == Decimal("666666666666.666")
    assert fit(Decimal("0E-20")) == 0


@given(
    numerator=st.integers(-(10**12), 10**12),
    denominator=st.integers(1, 10**6),
    decimals=st.integers(min_value=0, max_value=2),
)
def test_rounding_the_stored_value_gives_the_same_as_rounding_the_exact_one(
    numerator: int, denominator: int, decimals: int
) -> None:
    exact = Decimal(numerator) / denominator
    assert round_half_up(fit(exact), decimals) == round_half_up(exact, decimals)
