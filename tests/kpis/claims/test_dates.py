"""A level is dated by its last day or by its rule, an amount by its newest month; printed dates stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from japan.periods import Period, Span
from kpis.claims import AsOfRule, LaterThanAsOf, as_of_day, as_of_text, known_by, latest, named
from kpis.claims.marks import Mark
from tests.kpis.claims.facts import AMOUNT, LEVEL, month, year

MONTH_END = replace(LEVEL, as_of_rule=AsOfRule.MONTH_END)
NEXT_FIRST = replace(LEVEL, as_of_rule=AsOfRule.NEXT_MONTH_FIRST)


@pytest.mark.parametrize(
    ("subject", "figure", "day", "text"),
    [
        (MONTH_END, month("2024-Q4", 130), date(2025, 3, 31), "令和7(2025)年3月末時点"),
        (MONTH_END, month("2024-Q3", 120), date(2024, 12, 31), "令和6(2024)年12月末時点"),
        (NEXT_FIRST, month("2025-05", 1), date(2025, 6, 1), "令和7(2025)年6月1日時点"),
        (NEXT_FIRST, month("2024-Q4", 1), date(2025, 4, 1), "令和7(2025)年4月1日時点"),
        (MONTH_END, month("FY2024", 1, level_month=date(2025, 3, 1)), date(2025, 3, 31), "令和7(2025)年3月末時点"),
        (AMOUNT, year("FY2025", 5, 2), date(2025, 5, 31), "令和7(2025)年度"),
        (AMOUNT, year("FY2024", 5), date(2025, 3, 31), "令和6(2024)年度"),
        (AMOUNT, year("FY2025", 5, 3, of=3), date(2025, 6, 30), "令和7(2025)年度"),
    ],
)
def test_the_day_a_figure_speaks_of(subject, figure, day, text):
    assert (as_of_day(subject, figure), as_of_text(subject, figure)) == (day, text)


@pytest.mark.parametrize(
    ("wording", "as_of", "text"),
    [
        ("2025.5月時点", date(2025, 5, 31), "令和7(2025)年5月時点"),
        ("2025年5月時点", date(2025, 5, 31), "令和7(2025)年5月時点"),
        ("直近", None, "直近"),
        ("", date(2025, 5, 20), "令和7(2025)年5月20日時点"),
    ],
)
def test_a_printed_date_stays_as_printed(wording, as_of, text):
    assert as_of_text(MONTH_END, month("2025-05", 1, as_of=as_of, as_of_wording=wording)) == text


def test_by_the_end_of_may_the_level_of_1_june_is_not_known_but_that_of_1_may_is():
    months = [month("2025-04", 4), month("2025-05", 5)]
    assert [each.value for each in known_by(NEXT_FIRST, months, date(2025, 5, 31))] == [4]
    assert [each.value for each in known_by(MONTH_END, months, date(2025, 5, 31))] == [4, 5]


def test_by_the_end_of_january_the_quarter_that_ends_in_december_is_the_latest():
    quarters = [month("2024-Q3", 120), month("2024-Q4", 130)]
    quarters.append(month("FY2024", 130, level_month=date(2025, 3, 1)))
    assert latest(MONTH_END, quarters, until=date(2025, 1, 31)).value == 120


def test_a_named_period_later_than_the_as_of_is_refused_and_a_projection_is_not():
    august, projection = month("2025-08", 8), month("2040", 9, marks=frozenset([Mark.PROJECTED]))
    with pytest.raises(LaterThanAsOf):
        named(AMOUNT, [august], Period(Span.MONTH, date(2025, 8, 1)), until=date(2025, 5, 31))
    assert named(AMOUNT, [projection], Period.from_iso("2040"), until=date(2025, 5, 31)).value == 9
    assert named(AMOUNT, [august], Period.from_iso("2025-07"), until=date(2025, 5, 31)) is None


def test_a_projection_is_never_the_latest():
    rows = [month("FY2023", 100), month("FY2024", 121, marks=frozenset([Mark.PROJECTED]))]
    assert latest(AMOUNT, rows).value == 100


def test_a_report_takes_an_invented_figure_only_where_there_is_no_real_one():
    rows = [month("2025-03", 3), month("2025-04", 4, marks=frozenset([Mark.SYNTHETIC]))]
    assert latest(AMOUNT, rows, spans=[Span.MONTH], prefers_real=True).value == 3
    assert latest(AMOUNT, rows[1:], spans=[Span.MONTH], prefers_real=True).value == 4
    assert latest(AMOUNT, rows).value == 4


def test_a_year_to_date_is_never_the_latest():
    assert latest(AMOUNT, [month("2025-05", 5), year("FY2025", 10, 2)]).value == 5
