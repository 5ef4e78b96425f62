"""What a number format makes of a number, by the rules of Excel's codes (ECMA-376 part 1, 18.8.31)."""

from decimal import Decimal

import pytest

from sheets import Shown, shown_by
from sheets.shown_numbers import digits_of


@pytest.mark.parametrize(
    ("code", "percents", "thousands", "words"),
    [
        ("", 0, 0, ""),
        ("0.0", 0, 0, ""),
        ("#,##0", 0, 0, ""),
        ("#,##0.00_);[Red](#,##0.00)", 0, 0, ""),
        ("0%", 1, 0, ""),
        ("0.00%;▲0.00%", 1, 0, ""),
        ('0.0"%"', 0, 0, "%"),
        (r"0\%", 0, 0, "%"),
        ("#,##0,", 0, 1, ""),
        ("#,##0,,", 0, 2, ""),
        ("#,##0,.0", 0, 1, ""),
        ('#,##0,"千円"', 0, 1, "千円"),
        ('#,##0"人"', 0, 0, "人"),
        ("0件", 0, 0, "件"),
        ('"¥"#,##0', 0, 0, "¥"),
        ("[$¥-411]#,##0", 0, 0, "¥"),
        ('G/標準"件"', 0, 0, "件"),
        ('#,##0;"▲ "#,##0', 0, 0, ""),
        ("[$-411]#,##0", 0, 0, ""),
        ("[Blue]0%", 1, 0, ""),
    ],
)
def test_percent_thousands_and_words_of_a_positive_number(code, percents, thousands, words):
    assert shown_by(code, Decimal(5)) == Shown(percents, thousands, words)


def test_the_section_of_the_number_s_sign_counts():
    code = '#,##0,;▲#,##0;"－"'
    assert [shown_by(code, Decimal(value)).thousands for value in (5, -5, 0)] == [1, 0, 0]


@pytest.mark.parametrize("code", ['"', "[", "\\", "_", "*", ";;;", '"千', "#,##0,;", "," * 255, '"' * 255, "[" * 255])
def test_a_broken_code_is_read_to_its_end(code):
    assert shown_by(code, Decimal(1)).percents == 0


def test_the_number_that_is_shown_is_exact():
    assert Shown(percents=1).number(Decimal("0.457")) == Decimal("45.7")
    assert Shown(thousands=1).number(Decimal(1234567)) == Decimal("1234.567")


@pytest.mark.parametrize(
    ("code", "number", "text"),
    [
        ("000000", "1234", "001234"),
        ("000-0000", "1234567", "123-4567"),
        ('"A"0000', "12", "A0012"),
        ("00", "123", "123"),
        ("00;-00", "5", "05"),
        ("[Red]000", "7", "007"),
        ("0", "7", ""),
        ("00.0", "7", ""),
        ("#,##000", "7", ""),
        ("000", "-7", ""),
        ("000", "7.5", ""),
        ("", "7", ""),
    ],
)
def test_a_number_that_is_filled_up_with_zeros_is_written_as_it_looks(code: str, number: str, text: str) -> None:
    assert digits_of(code, Decimal(number)) == text


@pytest.mark.parametrize(
    ("code", "is_hidden"),
    [
        ("#,##0;#,##0", True),
        ("0;[Red]0", True),
        ('0"件";0"件"', True),
        ("0;", True),
        ("#,##0;-#,##0", False),
        ("#,##0_);(#,##0)", False),
        ('0;"▲"0', False),
        ("0;\\-0", False),
        ('0;"マイナス"0', False),
        ("[>=1000]#,##0,;0", False),
        ("#,##0", False),
        ("", False),
    ],
)
def test_a_negative_number_that_looks_like_a_positive_one_is_known(code: str, is_hidden: bool) -> None:
    assert shown_by(code, Decimal(-10)).hides_sign is is_hidden
    assert not shown_by(code, Decimal(10)).hides_sign
