"""Periods: a month, a quarter of the fiscal year, a fiscal or a calendar year."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from japan.periods import Period, Span

periods = st.builds(Period.containing, st.sampled_from(Span), st.dates(date(1874, 4, 1), date(2998, 12, 31)))


@pytest.mark.parametrize(
    ("iso", "label", "short", "first", "last"),
    [
        ("2025-03", "令和7(2025)年3月", "令和7年3月", (2025, 3, 1), (2025, 3, 31)),
        ("2019-04", "平成31(2019)年4月", "平成31年4月", (2019, 4, 1), (2019, 4, 30)),
        ("2024-Q4", "令和6(2024)年度第4四半期", "令和6年度第4四半期", (2025, 1, 1), (2025, 3, 31)),
        ("FY2024", "令和6(2024)年度", "令和6年度", (2024, 4, 1), (2025, 3, 31)),
        ("FY2019", "令和元(2019)年度", "令和元年度", (2019, 4, 1), (2020, 3, 31)),
        ("2020", "令和2(2020)年", "令和2年", (2020, 1, 1), (2020, 12, 31)),
    ],
)  # fmt: skip
def test_a_period_has_names_and_days(iso: str, label: str, short: str, first: tuple, last: tuple) -> None:
    period = Period.from_iso(iso)
    assert (period.label, period.short_label) == (label, short)
    assert (period.start, period.end) == (date(*first), date(*last))


def test_march_belongs_to_the_fiscal_year_before_and_to_its_last_quarter() -> None:
    march = Period(Span.MONTH, date(2025, 3, 1))
    assert (march.fiscal_year, march.quarter) == (2024, 4)
    assert march.a_year_before().iso == "2024-03"


@pytest.mark.parametrize(
    ("span", "day"),
    [(Span.MONTH, (2025, 3, 2)), (Span.QUARTER, (2025, 3, 1)), (Span.FISCAL_YEAR, (2025, 1, 1)), (Span.CALENDAR_YEAR, (2025, 4, 1))],
)  # fmt: skip
def test_a_day_within_a_period_is_not_its_start(span: Span, day: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError):
        Period(span, date(*day))


@pytest.mark.parametrize(
    "text",
    ["", "2025-3", "2025-13", "2024-Q5", "FY24", "FY0001", "1872", "3000-01", "２０２５-03", "2025-03-01", "R7.3"],
)
def test_an_address_that_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Period.from_iso(text)


@given(periods)
def test_iso_comes_back_as_the_same_period(period: Period) -> None:
    assert Period.from_iso(period.iso) == period


@given(periods, st.integers(-20, 20))
def test_shifting_there_and_back_is_nothing(period: Period, count: int) -> None:
    if 1875 < period.start.year + count < 2998:
        assert period.shift(count).shift(-count) == period


@given(periods)
def test_periods_follow_each_other_without_a_gap(period: Period) -> None:
    assert period.end + timedelta(days=1) == period.next().start
    assert period.next().previous() == period
    assert Period.containing(period.span, period.end) == period


@given(periods)
def test_a_year_before_is_as_many_periods_as_a_year_has(period: Period) -> None:
    assert period.a_year_before() == period.shift(-12 // period.span.months)
