"""Of which period a value of a file is: what day it is as of, what has not ended, what a month says of a year."""

from __future__ import annotations

from datetime import date

import pytest

from kpis.imports import read_as
from kpis.imports.questions import answer_of
from kpis.models import Kpi, Reporting, Series
from tests.kpis.imports.conftest import csv, outcomes
from tests.kpis.world import LONG_AGO, access, make_kpi

APRIL, MAY = date(2025, 4, 1), date(2025, 5, 1)


@pytest.fixture
def levels(world, department) -> None:
    """What is counted on the first of the next month, and what at the month's end."""
    make_kpi("members", "会員数", "人", "stock", as_of_rule="next_month_first")
    make_kpi("cards", "交付枚数", "枚", "stock", as_of_rule="month_end")
    for series in Series.objects.filter(kpi__code__in=["members", "cards"]):
        Reporting.objects.create(series=series, department=department, valid_from=LONG_AGO)


def periods(file) -> dict[str, date]:
    return {line.shown: line.period for line in file.lines.exclude(outcome="refused")}


@pytest.mark.usefixtures("levels")
class TestTheFirstOfAMonth:
    """翌月1日時点: what is dated 1 May is April's value."""

    @pytest.mark.parametrize("day", ["令和7年5月1日現在", "R7.5.1時点", "2025年5月1日現在", "令和７年５月１日時点"])
    def test_as_of_the_first_of_may_is_april_s_of_a_figure_of_the_next_first(self, imported, day):
        file = imported(csv("時点,会員数", "令和7年4月1日現在,49", f"{day},50"))
        assert periods(file) == {"49": date(2025, 3, 1), "50": APRIL}
        assert "1日の値なので" in file.lines.get(shown="50").how

    def test_the_heading_of_the_column_says_it_for_dates(self, imported):
        assert periods(imported(csv("基準日,会員数", "2025/4/1,49", "2025/5/1,50"))) == {
            "49": date(2025, 3, 1),
            "50": APRIL,
        }

    def test_the_title_says_it_for_the_whole_table(self, imported):
        file = imported(csv("令和7年5月1日現在", "", "項目,件数", "会員数,50", "総申請件数,7"))
        assert periods(file) == {"50": APRIL, "7": MAY}

    def test_a_heading_across_says_it(self, imported):
        file = imported(csv("指標,令和7年4月1日現在,令和7年5月1日現在", "会員数,49,50"))
        assert periods(file) == {"49": date(2025, 3, 1), "50": APRIL}

    def test_a_month_is_the_figure_s_own_month(self, imported):
        assert periods(imported(csv("年月,会員数", "令和7年4月,49", "令和7年5月,50"))) == {"49": APRIL, "50": MAY}

    def test_a_date_that_does_not_say_as_of_is_asked_about(self, imported, editor):
        file = imported(csv("日付,会員数", "2025/4/1,49", "2025/5/1,50"))
        assert {outcome for _, outcome, _ in outcomes(file)} == {"refused"}
        assert file.understood["questions"]["as_of"]["count"] == 2
        for answer, period in (("before", APRIL), ("month", MAY)):
            assert read_as(file, answer_of(f"as_of-{answer}"), access=access(editor)).mapping.as_of == answer
            assert periods(imported(csv("日付,会員数", "2025/4/1,49", "2025/5/1,50"), as_of=answer))["50"] == period

    def test_the_first_is_not_the_end_of_a_month_and_asked_about(self, imported):
        [(_, outcome, message), _] = outcomes(
            imported(csv("時点,交付枚数", "令和7年4月1日現在,1", "令和7年5月1日現在,2"))
        )
        assert (outcome, "月末時点" in message) == ("refused", True)

    def test_the_last_day_is_the_month_s(self, imported):
        assert periods(imported(csv("時点,交付枚数", "R7.3.31現在,1", "R7.4.30現在,2"))) == {
            "1": date(2025, 3, 1),
            "2": APRIL,
        }

    def test_days_of_what_happens_in_a_month_stay_in_it(self, imported):
        file = imported(csv("日付,総申請件数", "2025/4/1,5", "2025/4/2,9", "2025/5/1,7"), repeats="sum")
        assert {line.period: line.value for line in file.lines.all()} == {APRIL: 14, MAY: 7}


class TestWhatHasNotEnded:
    """It is 10 June 2025."""

    ROWS = (
        "区分,R7.3,R7.4,R7.5,R7.6,R7.7,R7.8",
        "総申請件数,31,28,35,0,0,－",
        "満足度,45.7,38.1,50,#DIV/0!,#DIV/0!,#N/A",
    )

    def test_zeros_and_errors_of_months_to_come_are_left_out_and_counted(self, imported):
        file = imported(csv(*self.ROWS))
        assert {outcome for _, outcome, _ in outcomes(file)} == {"new"}
        assert file.lines.count() == 6
        left_out = {part["what"]: part["values"] for part in file.understood["left_out"]}
        assert left_out == {"「総申請件数」": 3, "「満足度」": 3}
        assert file.counts["left_out"] == 6

    def test_a_zero_of_a_month_that_has_ended_is_a_value(self, imported):
        file = imported(csv("区分,R7.4,R7.5,R7.6", "総申請件数,0,0,0"))
        assert [line.value for line in file.lines.order_by("column")] == [0, 0]

    def test_an_error_of_a_month_that_has_ended_is_refused_as_one(self, imported):
        [(_, outcome, message), _] = outcomes(imported(csv("年月,満足度", "R7.4,#DIV/0!", "R7.5,50")))
        assert (outcome, "計算式のエラー" in message) == ("refused", True)

    def test_a_number_of_a_month_to_come_is_asked_about_and_left_out_when_said(self, imported):
        data = csv("年月,総申請件数", "R7.4,1", "R7.5,2", "R7.6,30")
        file = imported(data)
        assert ("30", "refused") in [line[:2] for line in outcomes(file)]
        assert file.understood["questions"]["future"]["count"] == 1
        file = imported(data, skips_future=True)
        assert [shown for shown, _, _ in outcomes(file)] == ["1", "2"]
        assert file.counts["left_out"] == 1

    def test_a_year_that_runs_is_not_over_either(self, imported):
        file = imported(csv("指標,令和5年度,令和6年度,令和7年度", "業務時間,110,100,0"))
        assert [line.value for line in file.lines.order_by("column")] == [110, 100]
        assert file.counts["left_out"] == 1


class TestAMonthOfALongerPeriod:
    """April is no fiscal year, October no quarter and January no year: each may be that month's own value."""

    @pytest.mark.parametrize("month", ["令和6年4月", "2024/4/1", "2024年4月分", "R6.12"])
    def test_a_yearly_figure_does_not_take_the_first_month_for_the_year(self, imported, month):
        file = imported(csv("年月,業務時間", "令和4年3月,9", f"{month},10"))
        assert [(shown, outcome) for shown, outcome, _ in outcomes(file)] == [("9", "new"), ("10", "refused")]
        assert "令和6" in outcomes(file)[1][2]

    @pytest.mark.parametrize(
        ("frequency", "first", "last", "period"),
        [
            ("quarter", "2024年10月", "2024年12月", date(2024, 10, 1)),
            ("calendar_year", "2024年1月", "2024年12月", date(2024, 1, 1)),
        ],
    )
    def test_nor_a_quarterly_one_or_one_of_calendar_years(self, imported, world, frequency, first, last, period):
        Kpi.objects.filter(pk=world.friends.pk).update(frequency=frequency)
        file = imported(csv("年月,LINE友だち登録者数", f"{first},5", f"{last},6"))
        assert [(shown, outcome) for shown, outcome, _ in outcomes(file)] == [("5", "refused"), ("6", "new")]
        assert file.lines.get(shown="6").period == period
        assert "の値として" in file.lines.get(shown="6").how
