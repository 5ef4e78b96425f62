"""What the linear expressions of the readers must still tell: marks of footnotes, months behind them, numbers."""

from __future__ import annotations

import pytest

from sheets.months import bare_month, tidy
from sheets.rows import is_number


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("4月*", "4月"),
        ("4月***", "4月"),
        ("4月 ※1 注2)", "4月"),
        ("4月(注 速報値)", "4月"),
        ("4月(注a)", "4月"),
        ("4月 a) b)", "4月"),
        ("5月*※注", "5月"),
        ("4月(速報)", "4月(速報)"),
        ("*4月", "*4月"),
        ("4*5", "4*5"),
    ],
)
def test_the_marks_of_footnotes_behind_a_month_are_taken_off(text: str, left: str) -> None:
    assert tidy(text) == left


def test_a_heading_behind_many_asterisks_is_read_at_once() -> None:
    """Old print lists draw lines with them: this one took days."""
    assert bare_month("*" * 200 + "前年") is None
    assert bare_month("4月" + "*" * 200) == 4
    assert not is_number("1" + "千円" * 29 + "計")
    assert is_number("1" + "千円")


@pytest.mark.parametrize("text", ["1", "1,234", ".5", "1.5", "1,.5", "12,345.6", "▲1,234.5百万円※1"])
def test_numbers_are_still_numbers(text: str) -> None:
    assert is_number(text)


@pytest.mark.parametrize("text", ["1,", "1.", ",1", "1.5.", "1..5", "."])
def test_what_is_no_number_is_still_none(text: str) -> None:
    assert not is_number(text)
