"""What a file says is understood as people wrote it; what is not is named with its place, all at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from kpis.imports import DoesNotFit, reading_of, receive, remember
from kpis.models import ImportLine
from kpis.summaries.recompute import recompute
from kpis.values.export import data_file
from tests.kpis.imports.conftest import csv, outcomes
from tests.kpis.world import access, put

APRIL = date(2025, 4, 1)


def values(file) -> dict[tuple[str, date], Decimal | str]:
    return {
        (f"{line.series.kpi.code}/{line.series.code}", line.period): line.missing_reason or line.value
        for line in file.lines.exclude(outcome="refused").select_related("series__kpi")
    }


def test_months_across_in_cp932_with_wareki_commas_and_minus_signs(imported):
    file = imported(csv("令和7年度 窓口の件数", "", "指標,4月,5月", '来庁者数 a,"1,234",▲ 5', "合計,1,2", "※5月は速報"))
    assert values(file) == {("visits/a", APRIL): Decimal(1234), ("visits/a", date(2025, 5, 1)): Decimal(-5)}


def test_months_down_with_the_era_in_the_first_row_alone(imported):
    file = imported(csv("年月,LINE友だち登録者数,総申請件数", "令和7年3月,100,20", "4月,110,－"))
    assert values(file) == {
        ("friends/total", date(2025, 3, 1)): Decimal(100),
        ("applications/total", date(2025, 3, 1)): Decimal(20),
        ("friends/total", APRIL): Decimal(110),
        ("applications/total", APRIL): "not_applicable",
    }


def test_one_row_for_each_series_and_month(imported):
    file = imported(csv("対象月,項目,件数", "R7.4,LINE友だち登録者数,5", "R7.4,総申請件数,7", "R7.5,総申請件数,8"))
    assert len(values(file)) == 3
    assert values(file)["applications/total", date(2025, 5, 1)] == 8


def test_a_table_without_months_is_of_the_month_that_is_chosen(imported, editor, department):
    data = csv("項目,件数", "LINE友だち登録者数,5", "総申請件数,7")
    asked = reading_of(receive(data, "件数.csv", access=access(editor), department=department), access=access(editor))
    assert (asked.needs_month, asked.is_ready) == (True, False)
    assert values(imported(data, "件数.csv", month=APRIL))["friends/total", APRIL] == 5


def test_months_without_a_year_are_asked_for_and_then_known(imported, editor, department):
    data = csv("月,LINE友だち登録者数", "4月,5", "5月,6")
    asked = reading_of(receive(data, "件数.csv", access=access(editor), department=department), access=access(editor))
    assert asked.needs_year
    assert values(imported(data, "件数.csv", fiscal_year=2024))["friends/total", date(2024, 5, 1)] == 6


@pytest.mark.parametrize(("order", "month"), [("month", date(2024, 10, 1)), ("day", date(2024, 1, 1))])
def test_a_date_that_reads_two_ways_is_asked_about_and_then_known(imported, editor, department, order, month):
    data = csv("日付,LINE友だち登録者数", "10/1/2024,5", "11/2/2024,6")
    asked = reading_of(receive(data, "件数.csv", access=access(editor), department=department), access=access(editor))
    assert (asked.mapping.month_column, asked.needs_day_order, asked.is_ready) == ("日付", True, False)
    assert values(imported(data, "件数.csv", day_order=order))["friends/total", month] == 5


def test_a_date_that_reads_two_ways_is_refused_with_both_until_it_is_said(imported):
    file = imported(csv("日付,LINE友だち登録者数", "10/1/2024,5", "11/2/2024,6"))
    assert {outcome for _, outcome, _ in outcomes(file)} == {"refused"}
    assert "2024年10月1日とも2024年1月10日とも" in outcomes(file)[0][2]


@pytest.mark.parametrize(("typed", "scale", "value"), [("1.2", "thousand", 1200), ("3", "man", 30_000)])
def test_the_scale_of_a_table_multiplies_its_numbers(imported, typed, scale, value):
    file = imported(csv("年月,LINE友だち登録者数", f"R7.4,{typed}", "R7.5,1"), scale=scale)
    assert values(file)["friends/total", APRIL] == value


def test_a_scale_beside_a_number_that_has_one_is_refused(imported):
    [(_, outcome, message), _] = outcomes(
        imported(csv("年月,LINE友だち登録者数", "R7.4,2万", "R7.5,1"), scale="thousand")
    )
    assert (outcome, "重なる" in message) == ("refused", True)


def test_a_share_written_as_a_fraction_is_read_as_percent(imported):
    assert values(imported(csv("年月,満足度", "R7.4,0.205", "R7.5,0.3"), scale="percent"))[
        "satisfaction/total", APRIL
    ] == Decimal("20.5")


def test_every_error_is_told_at_once_with_its_cell(imported):
    rows = ("R7.2,1,1", "R7.3,2,2", "R7.4,たくさん,5円", "R7.5,1.5,7")
    file = imported(csv("年月,LINE友だち登録者数,総申請件数", *rows))
    refused = file.lines.filter(outcome=ImportLine.Outcome.REFUSED).order_by("row", "column")
    assert [(line.row, line.column) for line in refused] == [(4, 1), (4, 2), (5, 1)]
    assert file.counts["refused"] == 3


def test_two_values_for_one_period_are_both_refused_naming_each_other(imported):
    rows = [f"R7.{month},{item},1" for month in range(1, 6) for item in ("総申請件数", "LINE友だち登録者数")]
    file = imported(csv("対象月,項目,件数", *rows, "R7.4,総申請件数,6"))
    twice = [message for _, outcome, message in outcomes(file) if outcome == "refused"]
    assert ["12行目" in twice[0], "8行目" in twice[1]] == [True, True]


@pytest.mark.parametrize(("repeats", "value"), [("last", 9), ("sum", 14)])
def test_several_rows_of_a_month_are_joined_as_was_chosen(imported, repeats, value):
    file = imported(csv("日付,総申請件数", "2025/4/1,5", "2025/4/30,9", "2025/5/31,7"), repeats=repeats)
    assert values(file) == {("applications/total", APRIL): value, ("applications/total", date(2025, 5, 1)): 7}


def test_a_row_without_a_value_is_not_added_up(imported):
    file = imported(csv("日付,総申請件数", "2025/4/1,5", "2025/4/30,－", "2025/5/31,7", "2025/5/30,1"), repeats="sum")
    assert [(line.row, line.outcome) for line in file.lines.filter(outcome="refused")] == [(3, "refused")]


def test_rows_that_are_no_months_are_refused_or_left_out_and_counted_as_was_chosen(imported):
    data = csv("年月,LINE友だち登録者数", "平成30年,1", "R7.4,2", "R7.5,3", "北区,4")
    assert [outcome for _, outcome, _ in outcomes(imported(data))] == ["refused", "new", "new", "refused"]
    file = imported(data, skips_unread=True)
    assert [shown for shown, _, _ in outcomes(file)] == ["2", "3"]
    assert file.counts["left_out"] == 2


def test_a_month_that_has_not_ended_is_refused(imported):
    file = imported(csv("年月,LINE友だち登録者数", "R7.5,1", "R7.6,2"))
    assert "まだ終わっていません" in outcomes(file)[1][2]


def test_a_label_that_names_no_series_is_left_out(imported):
    file = imported(csv("年月,LINE友だち登録者数,天気の記録", "R7.4,1,5", "R7.5,2,6"))
    assert {key[0] for key in values(file)} == {"friends/total"}


def test_a_yearly_figure_is_taken_from_the_last_month_of_its_year_alone(imported):
    file = imported(csv("年月,業務時間", "R6.12,5", "R7.3,6"))
    assert values(file) == {("hours/total", date(2024, 4, 1)): Decimal(6)}
    assert "最後の月" in outcomes(file)[0][2]


def test_fiscal_years_in_the_column_of_months_are_periods_of_a_yearly_figure(imported):
    rows = ("年度,項目,値", "令和5年度,業務時間,5", "令和6年度,業務時間,6", "令和6年度,満足度,7")
    file = imported(
        csv(*rows), arrangement="long", month_column="年度", label_columns=("項目",), value_columns=("値",),
        series={"業務時間": "hours/total", "満足度": "satisfaction/total"},
    )  # fmt: skip
    assert values(file) == {
        ("hours/total", date(2023, 4, 1)): Decimal(5),
        ("hours/total", date(2024, 4, 1)): Decimal(6),
    }
    assert "毎月の指標" in outcomes(file)[2][2]


class TestRemembering:
    def test_next_month_s_file_of_the_same_shape_needs_nothing(self, editor, department, world, june):
        who = access(editor)
        first = receive(csv("年月,ともだち", "R7.3,1", "R7.4,2"), "a.csv", access=who, department=department)
        asked = reading_of(first, access=who)
        assert not asked.is_ready
        said = replace(asked.mapping, series={"ともだち": "friends/total"})
        remember("LINEの友だち", reading_of(first, access=who, mapping=said), access=who, department=department)
        second = receive(csv("年月,ともだち", "R7.4,2", "R7.5,3"), "b.csv", access=who, department=department)
        found = reading_of(second, access=who)
        assert found.is_ready
        assert found.saved.name == "LINEの友だち"

    def test_a_column_that_is_gone_is_named(self, editor, department, world, june):
        who = access(editor)
        file = receive(csv("年月,友だち", "R7.3,1", "R7.4,2"), "a.csv", access=who, department=department)
        said = replace(reading_of(file, access=who).mapping, month_column="月日")
        with pytest.raises(DoesNotFit, match="月日"):
            reading_of(file, access=who, mapping=said)


def test_the_application_s_own_data_file_needs_no_way_of_reading(imported, world, editor):
    put(world.friends, "2025-04", 5)
    put(world.friends, "2025-05", None, missing_reason="pending")
    file = imported(data_file(world.friends, for_excel=True), "friends.csv")
    assert {outcome for _, outcome, _ in outcomes(file)} == {"same"}
    assert file.lines.count() == 2


def test_totals_in_the_applications_own_file_are_not_values(imported, world, editor):
    put(world.friends, "2025-03", 5)
    recompute(world.friends.pk)
    data = data_file(world.friends, for_excel=False)
    assert "FY2024" in data.decode()
    file = imported(data, "friends.csv")
    assert (file.lines.count(), file.lines.get().outcome) == (1, "same")


def test_years_across_the_headings_are_values_of_a_yearly_figure(imported):
    file = imported(csv("指標,令和5年度,令和6年度", "業務時間,110,100", "合計,1,2"))
    assert values(file) == {
        ("hours/total", date(2023, 4, 1)): Decimal(110),
        ("hours/total", date(2024, 4, 1)): Decimal(100),
    }


def test_years_without_an_era_wait_for_it(imported, editor, department):
    data = csv("指標,5年度,6年度", "業務時間,110,100")
    asked = reading_of(receive(data, "時間.csv", access=access(editor), department=department), access=access(editor))
    assert (asked.needs_era, asked.is_ready) == (True, False)
    assert values(imported(data, "時間.csv", era="R"))["hours/total", date(2024, 4, 1)] == 100


def test_a_year_is_refused_for_a_monthly_figure(imported):
    file = imported(csv("指標,令和5年度,令和6年度", "LINE友だち登録者数,1,2"))
    assert [outcome for _, outcome, _ in outcomes(file)] == ["refused", "refused"]
    assert "毎月の指標です" in file.lines.first().message


def test_months_below_years_are_the_months_of_one_figure(imported):
    data = csv("月,令和5年度,令和6年度", *[f"{month}月,{month},{month + 10}" for month in (*range(4, 13), 1, 2, 3)])
    file = imported(data, "友だち.csv", series={"": "friends/total"})
    found = values(file)
    assert len(found) == 24
    assert found["friends/total", date(2023, 4, 1)] == 4
    assert found["friends/total", date(2025, 3, 1)] == 13


def test_years_down_are_values_of_a_yearly_figure(imported):
    file = imported(csv("年度,業務時間", "令和5年度,110", "令和6年度,100"))
    assert values(file)["hours/total", date(2024, 4, 1)] == 100
