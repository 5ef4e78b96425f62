"""Layouts of everyday files: what they say is taken, or asked in a sentence; nothing is lost without a word."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from django.urls import reverse

from kpis.imports import reading_of
from tests.kpis.imports.conftest import csv, outcomes, xlsx
from tests.kpis.world import access

APRIL, MAY = date(2025, 4, 1), date(2025, 5, 1)


def read(file, code: str = "applications") -> dict[date, int]:
    lines = file.lines.exclude(outcome="refused").filter(series__kpi__code=code)
    return {line.period: int(line.value) for line in lines}


def left_out(file) -> dict[str, int]:
    return {each["what"]: each["values"] for each in file.understood["left_out"]}


class TestFirstRowsThatLookLikeHeadings:
    def test_are_taken_with_the_mark_that_stands_beside_the_number(self, imported):
        file = imported(csv("年月,総申請件数", "R7.4,約12", "R7.5,13", "R7.3,11"), "a.csv")
        assert outcomes(file)[0][:2] == ("約12", "new")

    @pytest.mark.parametrize("value", ["(12)", "（12）", "12程度", "12(見込)"])
    def test_are_rows_whose_values_are_asked_about(self, imported, value):
        file = imported(csv("年月,総申請件数", f"R7.4,{value}", "R7.5,13", "R7.3,11"), "a.csv")
        assert outcomes(file)[0][:2] == (value, "refused")
        assert read(file) == {MAY: 13, date(2025, 3, 1): 11}


class TestMonthsOverSeveralColumns:
    ROWS = (["令和7年度"], [None, "4月", None, "5月", None], ["区分", "目標", "実績", "目標", "実績"])
    VALUES = ["総申請件数", 10, 11, 20, 21]

    def test_hold_for_the_columns_below_them(self, imported):
        file = imported(xlsx(*self.ROWS, self.VALUES), "a.xlsx")
        assert read(file) == {APRIL: 11, MAY: 21}
        assert left_out(file) == {"「総申請件数／目標」": 2}

    def test_also_in_a_csv_and_with_the_name_in_the_upper_row(self, imported):
        data = csv("令和7年度", "区分,4月,,5月,", ",目標,実績,目標,実績", "総申請件数,10,11,20,21")
        assert read(imported(data, "a.csv")) == {APRIL: 11, MAY: 21}

    def test_two_figures_under_each_month(self, imported):
        data = csv(
            "令和7年度",
            ",4月,,5月,",
            "窓口,総申請件数,オンライン申請件数,総申請件数,オンライン申請件数",
            "本庁,11,1,21,2",
        )
        file = imported(data, "a.csv", series={"本庁／総申請件数": "applications/total"})
        assert read(file) == {APRIL: 11, MAY: 21}


class TestASheetForEachMonth:
    def book(self, **sheets: list[list[object]]) -> bytes:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, rows in sheets.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    @staticmethod
    def rows(total: int) -> list[list[object]]:
        return [["区分", "件数"], ["総申請件数", total], ["オンライン申請件数", total - 10]]

    def test_is_taken_in_one_import_with_the_month_of_each(self, imported):
        data = self.book(**{"4月": self.rows(11), "5月": self.rows(12), "控え": self.rows(99)})
        file = imported(data, "令和7年度.xlsx")
        assert read(file) == {APRIL: 11, MAY: 12}
        assert read(file, "online") == {APRIL: 1, MAY: 2}
        assert {line.sheet for line in file.lines.all()} == {"4月", "5月"}
        assert [each["values"] for each in file.understood["left_out"]] == [2]

    def test_says_which_month_each_sheet_is_and_can_be_declined(self, imported, client, editor):
        data = self.book(**{"4月": self.rows(11), "5月": self.rows(12)})
        file = imported(data, "令和7年度.xlsx")
        [said] = [each for each in file.understood["assumed"] if each["what"] == "続きの表"]
        assert "令和7(2025)年5月の値" in said["how"]
        client.force_login(editor, backend="accounts.leaving.PostBackend")
        client.post(reverse("imports:answer", args=[file.pk]), {"answer": "continued-stop"})
        file.refresh_from_db()
        assert read(file) == {APRIL: 11}

    def test_two_sheets_of_one_month_are_not_both_taken(self, imported):
        data = self.book(**{"4月": self.rows(11), "4月 (2)": self.rows(12)})
        file = imported(data, "令和7年度.xlsx")
        assert read(file) == {APRIL: 11}
        assert [each["values"] for each in file.understood["left_out"]] == [2]


class TestMonthsWrittenTwice:
    @pytest.mark.parametrize(
        "months",
        [
            ("令和7年4月（2025年4月）", "令和7年5月（2025年5月）"),
            ("2025/4（R7.4）", "2025/5（R7.5）"),
            ("R7.4.1～R7.4.30", "R7.5.1～R7.5.31"),
            ("2025年4月1日〜2025年4月30日", "2025年5月1日〜2025年5月31日"),
        ],
    )
    def test_are_that_month(self, imported, months):
        assert read(imported(csv("年月,総申請件数", f"{months[0]},11", f"{months[1]},12"), "a.csv")) == {
            APRIL: 11,
            MAY: 12,
        }

    @pytest.mark.parametrize("month", ["令和7年4月（2024年4月）", "R7.4.1～R7.5.31"])
    def test_are_refused_where_they_differ(self, imported, month):
        file = imported(csv("年月,総申請件数", f"{month},11", "R7.5,12", "R7.3,13"), "a.csv")
        assert "違う年月が2つ" in outcomes(file)[0][2]
        assert read(file) == {MAY: 12, date(2025, 3, 1): 13}


def test_weekdays_beside_days_name_nothing(imported):
    data = csv("日付,曜日,総申請件数", "2025/4/1,火,3", "2025/4/2,（水）,4", "2025/5/1,木曜日,5")
    assert read(imported(data, "a.csv", repeats="by_kind")) == {APRIL: 7, MAY: 5}


def test_means_and_extremes_below_months_are_no_months_and_are_named(imported):
    data = csv("令和7年度", "月,総申請件数", "4月,10", "5月,12", "平均,11", "最大,12", "月平均,11")
    file = imported(data, "a.csv")
    assert read(file) == {APRIL: 10, MAY: 12}
    assert left_out(file) == {"5行目": 1, "6行目": 1, "7行目": 1}


@pytest.mark.parametrize(
    ("rows", "values"),
    [
        (("区分,計,2025/4,2025/5", "総申請件数,23,11,12"), {APRIL: 11, MAY: 12}),
        (("年月,総申請件数,累計", "令和 7 年 4 月,11,11", "令和 7 年 5 月,12,23"), {APRIL: 11, MAY: 12}),
        (("年月,総申請件数", "202504,11件", "202505,12件"), {APRIL: 11, MAY: 12}),
        (("年度,月,総申請件数", "R6,4,11", ",5,12", ",1,13"), {date(2024, 4, 1): 11, date(2024, 5, 1): 12, date(2025, 1, 1): 13}),
    ],
    ids=["total first", "running total", "digits", "year once"],
)  # fmt: skip
def test_plain_tables_are_read_at_once(imported, rows, values):
    assert read(imported(csv(*rows), "a.csv")) == values


def test_a_sheet_of_half_years_and_totals_names_the_columns_it_does_not_take(imported):
    months = [f"{month}月" for month in (*range(4, 13), 1, 2, 3)]
    headings = ["区分", *months[:6], "上半期計", *months[6:], "下半期計", "年度計"]
    data = csv("令和6年度", ",".join(headings), "総申請件数,1,2,3,4,5,6,21,7,8,9,10,11,12,57,78")
    file = imported(data, "a.csv")
    assert (len(read(file)), sum(read(file).values())) == (12, 78)
    assert set(left_out(file)) == {"H列「上半期計」", "O列「下半期計」", "P列「年度計」"}


def test_an_ambiguous_year_is_asked_on_the_page_with_its_source(client, editor, imported):
    data = csv("R6年,4月,12月,1月,3月", "総申請件数,1,2,3,4")
    file = imported(data, "a.csv")
    client.force_login(editor, backend="accounts.leaving.PostBackend")
    page = client.get(reverse("imports:reading", args=[file.pk])).text
    assert "表の左上の見出し「R6年」" in page
    assert "年の種類" in page
    assert reading_of(file, access=access(editor)).needs_year
