"""Rows and columns named 前年度 are of the year before; a year in the corner or in a name is that of its months."""

from __future__ import annotations

from datetime import date

import pytest

from kpis.imports import reading_of, receive
from kpis.imports.other_years import years_back
from kpis.models import Reporting
from tests.kpis.imports.conftest import csv
from tests.kpis.world import LONG_AGO, access, make_kpi, part

TOTAL = "applications/total"


def read(file) -> dict[date, int]:
    return {line.period: int(line.value) for line in file.lines.exclude(outcome="refused")}


class TestTheYearBefore:
    ACROSS = csv("令和6年度", "区分,4月,5月,3月", "実績,11,12,13", "前年度,1,2,3")

    def test_rows_across_months(self, imported):
        file = imported(self.ACROSS, "a.csv", series={"実績": TOTAL, "前年度": TOTAL})
        assert read(file) == {
            date(2024, 4, 1): 11,
            date(2024, 5, 1): 12,
            date(2025, 3, 1): 13,
            date(2023, 4, 1): 1,
            date(2023, 5, 1): 2,
            date(2024, 3, 1): 3,
        }
        assert file.lines.get(value=1).how == "「前年度」なので1年前の値"
        said = [each["how"] for each in file.understood["assumed"] if each["what"] == "いつの値か"]
        assert said == ["名前に「前年度」とある値を、1年前の値として読みました"]

    def test_columns_beside_months_with_their_year(self, imported):
        data = csv("年月,総申請件数,前年同月,前年同月比", "R7.4,11,1,110.0", "R7.5,12,2,120.0")
        file = imported(data, "a.csv", series={"前年同月": TOTAL})
        assert read(file) == {
            date(2025, 4, 1): 11,
            date(2025, 5, 1): 12,
            date(2024, 4, 1): 1,
            date(2024, 5, 1): 2,
        }
        assert [each["what"] for each in file.understood["left_out"]] == ["「前年同月比」"]

    def test_years_across(self, imported):
        data = csv("指標,令和5年度,令和6年度", "業務時間,110,100", "業務時間（前々年度）,91,92")
        file = imported(data, "a.csv", series={"業務時間（前々年度）": "hours/total"})
        assert read(file) == {
            date(2023, 4, 1): 110,
            date(2024, 4, 1): 100,
            date(2021, 4, 1): 91,
            date(2022, 4, 1): 92,
        }

    def test_it_may_be_said_to_be_of_the_table_s_year(self, imported):
        file = imported(self.ACROSS, "a.csv", series={"実績": "", "前年度": TOTAL}, keeps_year=True)
        assert read(file) == {date(2024, 4, 1): 1, date(2024, 5, 1): 2, date(2025, 3, 1): 3}

    def test_a_figure_that_is_called_so_is_of_the_table_s_year(self, imported, department):
        kpi = make_kpi("carried", "前年度受付分の処理件数", "件", "flow")
        Reporting.objects.create(series=part(kpi), department=department, valid_from=LONG_AGO)
        assert read(imported(csv("年月,前年度受付分の処理件数", "R7.4,11"), "a.csv")) == {date(2025, 4, 1): 11}

    @pytest.mark.parametrize(
        ("label", "years"),
        [
            ("前年度", 1), ("実績／前年同月", 1), ("件数（昨年度）", 1), ("前年度実績", 1), ("前々年度", 2), ("一昨年", 2),
            ("実績", 0), ("前年度比", 0), ("対前年", 0), ("前年同月比", 0), ("前年度末", 0), ("前年差", 0), ("前年度繰越", 0),
        ],
    )  # fmt: skip
    def test_is_told_by_the_name(self, label, years):
        assert years_back(label)[0] == years


class TestYearsInNames:
    def test_rows_named_by_their_year_are_of_it_and_keep_their_names(self, imported):
        data = csv("申請の件数", "区分,4月,3月", "令和6年度実績,11,12", "令和5年度実績,1,2", "令和6年度目標,90,91")
        file = imported(data, "a.csv", series={"令和6年度実績": TOTAL, "令和5年度実績": TOTAL})
        assert read(file) == {
            date(2024, 4, 1): 11,
            date(2025, 3, 1): 12,
            date(2023, 4, 1): 1,
            date(2024, 3, 1): 2,
        }
        assert [each["what"] for each in file.understood["left_out"]] == ["「令和6年度目標」"]


NUMBERS = ",".join(str(month) for month in (*range(4, 13), 1, 2, 3))
VALUES = ",".join(map(str, range(11, 23)))


class TestTheCorner:
    def reading(self, editor, department, *rows: str):
        file = receive(csv(*rows), "a.csv", access=access(editor), department=department)
        return reading_of(file, access=access(editor))

    @pytest.mark.parametrize("corner", ["R6年度", "令和6年度", "2024年度", "ＦＹ2024"])
    def test_a_fiscal_year_is_that_of_the_months(self, imported, corner):
        file = imported(csv(f"{corner},{NUMBERS}", f"総申請件数,{VALUES}"), "a.csv")
        assert (min(read(file)), max(read(file)), len(read(file))) == (date(2024, 4, 1), date(2025, 3, 1), 12)
        assert any("表の左上の見出し" in each["how"] for each in file.understood["assumed"])

    @pytest.mark.parametrize("corner", ["R6年", "令和6年"])
    def test_a_year_over_april_to_march_may_be_either_and_is_asked(self, editor, department, world, june, corner):
        reading = self.reading(editor, department, f"{corner},{NUMBERS}", f"総申請件数,{VALUES}")
        assert reading.needs_year
        assert "年の種類" in reading.year_question
        assert f"「{corner}」" in reading.year_question

    def test_so_is_a_year_in_the_title_or_over_each_column(self, editor, department, world, june):
        title = self.reading(editor, department, "令和6年 申請", f"区分,{NUMBERS}", f"総申請件数,{VALUES}")
        down = self.reading(editor, department, "月,令和5年,令和6年", "4月,1,2", "12月,1,2", "1月,1,2", "3月,1,2")
        assert "年の種類" in title.year_question
        assert "年の種類" in down.year_question

    @pytest.mark.parametrize(("kind", "last"), [("fiscal", date(2025, 3, 1)), ("calendar", date(2024, 12, 1))])
    def test_the_answer_decides(self, imported, kind, last):
        file = imported(csv(f"R6年,{NUMBERS}", f"総申請件数,{VALUES}"), "a.csv", year_kind=kind)
        assert (len(read(file)), max(read(file))) == (12, last)

    @pytest.mark.parametrize(
        "rows",
        [("R6年,4,5,6", "総申請件数,11,12,13"), ("R6年,総申請件数", "4,11", "5,12", "6,13")],
        ids=["across", "down"],
    )
    def test_months_that_are_alike_in_both_are_read(self, imported, rows):
        assert read(imported(csv(*rows), "a.csv")) == {date(2024, 4, 1): 11, date(2024, 5, 1): 12, date(2024, 6, 1): 13}

    def test_january_to_june_are_of_the_calendar_year_that_is_written(self, imported):
        file = imported(csv("R6年,1月,2月,6月", "総申請件数,11,12,13"), "a.csv")
        assert read(file) == {date(2024, 1, 1): 11, date(2024, 2, 1): 12, date(2024, 6, 1): 13}

    def test_another_year_elsewhere_is_asked_with_both(self, editor, department, world, june):
        reading = self.reading(editor, department, "令和7年度", "R6年度,4月,5月", "総申請件数,1,2")
        assert "表の上の見出し「令和7年度」" in reading.year_question
        assert "表の左上の見出し「R6年度」" in reading.year_question

    def test_a_year_over_a_column_of_values_is_not_the_corner(self, imported):
        data = csv("令和6年度", "区分,R5年度計,4月,5月", "総申請件数,99,11,12")
        assert read(imported(data, "a.csv")) == {date(2024, 4, 1): 11, date(2024, 5, 1): 12}
