"""The data file of a KPI: one row per series and period, readable by a machine and by Excel."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from kpis.models import Kpi
from kpis.summaries.recompute import recompute
from kpis.values.export import COLUMNS, data_file
from tests.kpis.world import make_kpi, put, put_months


@pytest.fixture
def fetch(viewer, signed_in):
    """The rows of a KPI's file as a viewer gets it, by column name."""

    def get(code: str, query: str = "") -> list[dict[str, str]]:
        body = signed_in(viewer).get(f"/kpis/{code}/data.csv{query}").content
        return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))

    return get


def test_a_row_states_the_value_without_unit_or_comma(world, fetch) -> None:
    put(world.friends, "2025-05", 1234567, is_rounded=True)
    [row] = fetch("friends")
    assert (row["値"], row["単位"], row["概数"], row["架空値"]) == ("1234567", "人", "1", "0")


def test_dates_are_western(world, fetch) -> None:
    put(world.hours, "FY2024", 10)
    [row] = fetch("hours")
    assert (row["対象期間"], row["期間の初日"], row["期間の種類"]) == ("FY2024", "2024-04-01", "年度")


@pytest.mark.parametrize(("value", "written"), [("0", "0"), ("-1234", "-1234"), ("52.50", "52.5"), ("100", "100")])
def test_numbers_stay_numbers(world, fetch, value, written) -> None:
    put(world.satisfaction, "2025-05", value)
    for query in ("", "?for=excel"):
        assert [row["値"] for row in fetch("satisfaction", query)] == [written]


def test_no_value_is_blank_and_says_why(world, fetch) -> None:
    put(world.friends, "2025-05", None, missing_reason="pending")
    [row] = fetch("friends")
    assert (row["値"], row["値なしの理由"]) == ("", "集計中")


def test_parts_are_rows_of_their_own(world, fetch) -> None:
    put(world.copies, "2025-05", 9)
    put(world.copies, "2025-05", 4, code="a")
    assert [(row["内訳コード"], row["値"]) for row in fetch("copies")] == [("total", "9"), ("a", "4")]


def test_totals_and_years_stand_beside_the_months_and_say_what_they_hold(world, fetch) -> None:
    kpi = make_kpi("windows", "窓口", "件", "flow", parts=("a", "b"))
    put_months(kpi, "2024-04", *([10] * 12), 5, code="a")
    put_months(kpi, "2024-04", *([20] * 12), code="b")
    recompute(kpi.pk)
    summed = [row for row in fetch("windows") if row["内訳コード"] == "合計"]
    found = {row["対象期間"]: (row["内訳名"], row["値"], row["含む月"]) for row in summed}
    assert found["2024-04"] == ("集計（内訳の合計）", "30", "")
    assert found["2025-04"] == ("集計（内訳の合計）", "5", "途中の計（2件中1件）")
    assert found["FY2024"] == ("集計（各月の合計）", "360", "")


def test_a_year_to_date_says_its_months_and_a_month_of_one_part_is_no_total_of_its_own(world, fetch) -> None:
    put_months(world.online, "2025-04", 12, 13)
    recompute(world.online.pk)
    summed = [(row["対象期間"], row["値"], row["含む月"]) for row in fetch("online") if row["内訳コード"] == "合計"]
    assert summed == [("FY2025", "25", "2／12か月分")]


def test_a_year_of_levels_says_which_months_value_it_is(world, fetch) -> None:
    put_months(world.friends, "2025-04", 100, 110)
    recompute(world.friends.pk)
    summed = [(row["対象期間"], row["値"], row["含む月"]) for row in fetch("friends") if row["内訳コード"] == "合計"]
    assert summed == [("FY2025", "110", "令和7(2025)年5月末の値")]


def test_a_total_beside_a_withheld_part_says_that_it_leaves_it_out(world, fetch) -> None:
    kpi = make_kpi("windows", "窓口", "件", "flow", parts=("a", "b"))
    put(kpi, "2025-05", 10, code="a")
    put(kpi, "2025-05", None, code="b", missing_reason="withheld")
    recompute(kpi.pk)
    rows = [row for row in fetch("windows") if row["内訳コード"] == "合計" and row["対象期間"] == "2025-05"]
    assert [(row["値"], row["含む月"]) for row in rows] == [("10", "非公開1件を除く")]


def test_a_computed_ratio_brings_what_was_worked_out(world, fetch) -> None:
    put(world.online, "2025-05", 1)
    put(world.applications, "2025-05", 4)
    recompute(world.rate.pk)
    row = next(row for row in fetch("rate") if row["対象期間"] == "2025-05")
    assert (row["内訳コード"], Decimal(row["値"])) == ("computed", 25)


def test_invented_values_name_no_published_source(world, fetch) -> None:
    Kpi.objects.filter(pk=world.friends.pk).update(source="構造改革レポート vol.5")
    put(world.friends, "2025-05", 1, is_synthetic=True)
    assert [row["出典"] for row in fetch("friends")] == ["見本データ"]


def test_only_the_file_for_excel_begins_with_a_byte_order_mark(world, viewer, signed_in) -> None:
    client = signed_in(viewer)
    assert not client.get("/kpis/friends/data.csv").content.startswith(b"\xef\xbb\xbf")
    assert client.get("/kpis/friends/data.csv?for=excel").content.startswith(b"\xef\xbb\xbf")


def test_text_that_excel_would_run_is_harmless_and_only_in_its_own_file(world, fetch) -> None:
    put(world.friends, "2025-05", -5, note="=cmd|' /C calc'!A0")
    assert [row["注記"] for row in fetch("friends", "?for=excel")] == ["'=cmd|' /C calc'!A0"]
    assert [row["注記"] for row in fetch("friends")] == ["=cmd|' /C calc'!A0"]


def test_a_kpi_without_values_has_a_header_and_no_row(world, viewer, signed_in) -> None:
    response = signed_in(viewer).get("/kpis/friends/data.csv")
    assert response.text == ",".join(COLUMNS) + "\r\n"
    assert response["Content-Type"] == "text/csv; charset=utf-8"


def test_the_file_takes_one_query_for_all_values(world, viewer, signed_in, django_assert_num_queries) -> None:
    for month in ("2025-03", "2025-04", "2025-05"):
        put(world.friends, month, 1)
    client = signed_in(viewer)
    with django_assert_num_queries(5):  # session, person, KPI, values, totals
        client.get("/kpis/friends/data.csv")


def test_a_row_of_half_a_year_says_which_months_it_holds_and_what_was_printed_of_it(world, fetch) -> None:
    Kpi.objects.filter(pk=world.hours.pk).update(starts_on=date(2024, 10, 1))
    put(world.hours, "FY2024", 10, published="1.6倍")
    put(world.hours, "FY2025", 20)
    found = [(row["含む月"], row["公表された比較"]) for row in fetch("hours")]
    assert found == [("6か月分（10月〜3月）", "1.6倍"), ("", "")]


def test_no_source_is_the_name_of_a_file(world, fetch) -> None:
    put(world.friends, "2025-04", 1, source="取込ファイル「田中_最終版.xlsx」")
    put(world.friends, "2025-05", 2, source="取込ファイル「a.csv」、市民課")
    assert [row["出典"] for row in fetch("friends")] == ["", "市民課"]


def test_a_share_printed_beside_the_numerator_is_in_the_file_as_on_the_page(world) -> None:
    put(world.online, "FY2024", 61_000, published="20.7%", is_provisional=True)
    put(world.applications, "FY2024", 290_000)
    assert lines_of_years(world.rate) == [("printed", "20.7", "0", "1")]


def test_a_share_that_went_with_its_numerator_is_computed_in_the_file(world) -> None:
    put(world.online, "FY2024", 61_000, published="20.7%")
    put(world.applications, "FY2024", 290_000)
    put(world.online, "FY2024", 58_000)
    assert lines_of_years(world.rate) == [("computed", "20", "0", "0")]


def test_an_own_published_percentage_is_in_the_file_once(world) -> None:
    put(world.satisfaction, "FY2024", "54.5")
    assert lines_of_years(world.satisfaction) == [("total", "54.5", "0", "0")]


def lines_of_years(kpi: Kpi) -> list[tuple[str, ...]]:
    """Part, value, 算出値 and 速報値 of the yearly rows of a file."""
    recompute(kpi.pk)
    text = data_file(Kpi.objects.get(pk=kpi.pk), for_excel=False).decode()
    rows = [row for row in csv.DictReader(io.StringIO(text, newline="")) if row["期間の種類"] == "年度"]
    return [(row["内訳コード"], row["値"], row["算出値"], row["速報値"]) for row in rows]
