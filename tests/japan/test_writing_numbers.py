"""Numbers as a Japanese report prints them, and that what is written can be read back."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from japan.numbers import (
    NumberError,
    Understood,
    parse_number,
    round_half_up,
    write_change,
    write_number,
    write_points,
    write_quantity,
    write_ratio,
)

UNITS = ["", "人", "件", "枚", "円", "時間", "か所", "%", "倍", "ポイント", "サービス", "種類"]


def amounts(places: int = 6) -> st.SearchStrategy[Decimal]:
    """Values of at most 15 significant digits with up to so many decimals."""
    return st.builds(lambda n, p: Decimal(n).scaleb(-p), st.integers(-(10**15) + 1, 10**15 - 1), st.integers(0, places))


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        ("0", 0, "0"), ("-0.4", 0, "0"), ("1234", 0, "1,234"), ("-1234", 0, "▲1,234"), ("0.5", 0, "1"), ("2.5", 0, "3"),
        ("-2.5", 0, "▲3"), ("2.45", 1, "2.5"), ("20.5", 1, "20.5"), ("20", 1, "20.0"), ("-0.05", 1, "▲0.1"),
    ],
)  # fmt: skip
def test_a_number_is_rounded_half_up_once_and_minus_is_a_triangle(value: str, decimals: int, text: str) -> None:
    assert write_number(Decimal(value), decimals) == text


@pytest.mark.parametrize(
    ("value", "unit", "scale", "text"),
    [
        ("-235000", "時間", "man", "▲23.5万時間"), ("3000000", "枚", "man", "300万枚"), ("9876", "枚", "man", "9,876枚"),
        ("-9876", "枚", "man", "▲9,876枚"), ("9999.6", "枚", "man", "1万枚"), ("10000", "枚", "man", "1万枚"),
        ("12345678901", "枚", "man", "1,234,567.9万枚"), ("0", "枚", "man", "0枚"), ("239322", "件", "one", "239,322件"),
        ("120000000", "円", "oku", "1億2,000万円"), ("100000000", "円", "oku", "1億円"), ("99999999", "円", "oku", "1億円"),
        ("99990000", "円", "oku", "9,999万円"), ("-123456780000", "円", "oku", "▲1,234億5,678万円"),
    ],
)  # fmt: skip
def test_a_quantity_is_written_in_myriads_where_its_kpi_says_so(value: str, unit: str, scale: str, text: str) -> None:
    assert write_quantity(Decimal(value), unit, 0, scale) == text


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "text"),
    [
        ("1234", "人", 0, "1,234人増"), ("-1234", "人", 0, "1,234人減"), ("0", "人", 0, "増減なし"), ("0.4", "人", 0, "増減なし"),
        ("-1.5", "%", 1, "▲1.5ポイント"), ("1.5", "％", 1, "＋1.5ポイント"), ("0.04", "%", 1, "増減なし"),
    ],
)  # fmt: skip
def test_a_change_is_said_in_words_and_that_of_a_percentage_in_points(
    value: str, unit: str, decimals: int, text: str
) -> None:
    assert write_change(Decimal(value), unit, decimals) == text


def test_ratios_percentages_and_points() -> None:
    assert write_ratio(Decimal("1.55")) == "1.6倍"
    assert write_points(Decimal("0.05")) == "＋0.1ポイント"
    assert write_change(Decimal(-235000), "時間", scale="man") == "23.5万時間減"


@given(value=amounts(), decimals=st.integers(0, 6))
def test_a_written_number_is_read_back_as_the_rounded_value(value: Decimal, decimals: int) -> None:
    rounded = round_half_up(value, decimals)
    if abs(rounded) < 10**15 and len(rounded.normalize().as_tuple().digits) <= 15:
        assert parse_number(write_number(value, decimals)).value == rounded


@given(value=amounts(), unit=st.sampled_from(UNITS))
def test_a_quantity_with_all_its_decimals_loses_nothing(value: Decimal, unit: str) -> None:
    understood = parse_number(write_quantity(value, unit, 6), unit)
    assert (understood.value, understood.unit) == (value, unit)


@given(tenths=st.integers(-(10**11), 10**11), unit=st.sampled_from(UNITS))
def test_whole_tenths_of_a_myriad_are_exact_in_myriads(tenths: int, unit: str) -> None:
    value = Decimal(tenths * 1000)
    assert parse_number(write_quantity(value, unit, 0, "man"), unit).value == value


@given(myriads=st.integers(-(10**10), 10**10), unit=st.sampled_from(UNITS))
def test_whole_myriads_are_exact_in_oku(myriads: int, unit: str) -> None:
    value = Decimal(myriads * 10**4)
    assert parse_number(write_quantity(value, unit, 0, "oku"), unit).value == value


@given(value=amounts(), minus=st.sampled_from("-－−‐―ー▲△▼"))
def test_full_width_and_any_minus_read_as_the_plain_form(value: Decimal, minus: str) -> None:
    plain = f"{abs(value):,f}".translate(
        {ord("0") + n: ord("０") + n for n in range(10)} | {ord(","): "，", ord("."): "．"}
    )
    assert parse_number(plain).value == abs(value)
    assert parse_number(minus + plain).value == -abs(value)


def understood_or_refused(text: str) -> Understood | str:
    try:
        return parse_number(text)
    except NumberError as error:
        return str(error)


@given(st.text(max_size=70) | st.text("0123456789.,▲-ー－万億千人%円※()（）…x 　", max_size=12))
def test_any_text_is_either_understood_or_refused_in_words(text: str) -> None:
    match understood_or_refused(text):
        case str(message):
            assert message.endswith("。")
        case understood:
            assert understood.value is None or understood.missing is None
