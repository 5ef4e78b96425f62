"""The period of a row, in every writing that occurs."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from japan.dates import DateError
from japan.periods import Period, Span
from japan.reading_periods import read_period

PERIODS = st.builds(Period.containing, st.sampled_from(Span), st.dates(date(1990, 1, 1), date(2100, 12, 31)))


@given(PERIODS)
def test_what_we_write_we_read(period) -> None:
    assert read_period(period.iso, period.span) == period
    assert read_period(period.short_label, period.span) == period


@pytest.mark.parametrize(
    ("text", "span", "iso"),
    [
        ("2025-04", None, "2025-04"),
        ("令和７年４月分", None, "2025-04"),
        ("R7.4", None, "2025-04"),
        ("FY2024", None, "FY2024"),
        ("令和6年度", None, "FY2024"),
        ("2024", Span.FISCAL_YEAR, "FY2024"),
        ("2024", Span.CALENDAR_YEAR, "2024"),
        ("2020年", None, "2020"),
        ("2024年度第4四半期", None, "2024-Q4"),
        (date(2025, 4, 1), None, "2025-04"),
        (date(2024, 4, 1), Span.FISCAL_YEAR, "FY2024"),
    ],
)
def test_writings_are_read(text, span, iso) -> None:
    assert read_period(text, span).iso == iso


@pytest.mark.parametrize(
    ("text", "span", "message"),
    [
        ("2024", None, "年度か暦年か"),
        ("2025-04", Span.FISCAL_YEAR, "そろえて"),
        ("4月", None, "年がありません"),
        ("昨年", None, "読み取れません"),
        (date(2024, 5, 1), Span.FISCAL_YEAR, "初日"),
    ],
)
def test_what_is_unclear_is_refused(text, span, message) -> None:
    with pytest.raises(DateError, match=message):
        read_period(text, span)
