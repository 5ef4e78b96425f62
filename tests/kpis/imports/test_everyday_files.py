"""Everyday files from their bytes to what would be taken: merged cells, blanks, tables beside each other, long lists."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from kpis.imports import reading_of, receive
from kpis.models import ImportedFile, Kpi, Reporting, Series
from tests.kpis.imports.conftest import csv, outcomes, xlsx
from tests.kpis.world import LONG_AGO, access, make_kpi

APRIL, MAY, JUNE = (date(2025, month, 1) for month in (4, 5, 6))


def merged(rows: list[list[Any]], *ranges: str) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(xlsx(*rows)))
    for each in ranges:
        book.active.merge_cells(each)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def taken(file: ImportedFile) -> dict[tuple[str, date], int]:
    return {(line.series.code, line.period): int(line.value) for line in file.lines.exclude(outcome="refused")}


@pytest.fixture
def branches(world, department) -> Kpi:
    """Counted in two places."""
    kpi = make_kpi("calls", "電話の件数", "件", "flow", parts=("本庁", "支所"))
    for series in kpi.series.all():
        Reporting.objects.create(series=series, department=department, valid_from=LONG_AGO)
    return kpi


BRANCHES = {("本庁", APRIL): 10, ("本庁", MAY): 20, ("支所", APRIL): 30, ("支所", MAY): 40}


@pytest.mark.parametrize(
    ("rows", "ranges"),
    [
        (
            [
                ["場所", "年月", "件数"],
                ["本庁", "R7.4", 10],
                [None, "R7.5", 20],
                ["支所", "R7.4", 30],
                [None, "R7.5", 40],
            ],
            ["A2:A3", "A4:A5"],
        ),
        (
            [
                ["年月", "場所", "件数"],
                ["R7.4", "本庁", 10],
                [None, "支所", 30],
                ["R7.5", "本庁", 20],
                [None, "支所", 40],
            ],
            ["A2:A3", "A4:A5"],
        ),
        ([["区分", "電話の件数", "", ""], ["場所", "R7.4", "R7.5", ""], ["本庁", 10, 20], ["支所", 30, 40]], ["B1:C1"]),
    ],
    ids=["names", "months", "heading"],
)
@pytest.mark.usefixtures("branches")
def test_every_row_of_a_merged_block_is_taken(imported, rows, ranges) -> None:
    assert taken(imported(merged(rows, *ranges), "電話の件数.xlsx")) == BRANCHES


@pytest.mark.parametrize(
    "first", [["令和7年4月", None], ["令和7年4月", ""], ["令和7年4月", " "]], ids=["none", "empty", "space"]
)
def test_a_first_month_without_a_value_is_a_blank_below_its_heading(imported, first) -> None:
    file = imported(xlsx(["年月", "総申請件数"], first, ["令和7年5月", 11]), "件数.xlsx")
    assert taken(file) == {("total", MAY): 11}
    assert [outcome for _, outcome, _ in outcomes(file)] == ["new"]


def test_of_two_tables_side_by_side_each_has_its_year_and_the_other_is_named(imported) -> None:
    rows = [
        ["年月", "総申請件数", None, "年月", "LINE友だち登録者数"],
        ["令和7年4月", 10, None, "令和6年4月", 1],
        ["5月", 11, None, "5月", 2],
    ]
    file = imported(xlsx(*rows), "件数.xlsx")
    assert taken(file) == {("total", APRIL): 10, ("total", MAY): 11}
    assert [part["values"] for part in file.understood["left_out"]] == [2]


@pytest.mark.parametrize("more", ["前年比", "目標", "（累計）", "のうち女性", "前年同月"])
def test_a_heading_of_something_else_is_proposed_for_nothing(editor, department, world, june, more) -> None:
    data = csv(f"年月,総申請件数{more}", "R7.4,1", "R7.5,2")
    file = receive(data, "件数.csv", access=access(editor), department=department)
    reading = reading_of(file, access=access(editor))
    assert (set(reading.mapping.series.values()), reading.is_ready) == ({""}, False)


def test_more_figures_to_choose_from_do_not_multiply_by_the_names_of_a_file(client, reform_office, department, june):
    """One list of all figures serves every name of a long file, on the page and in the database."""
    names = [f"区分{n}の記録" for n in range(60)]
    data = csv("年月," + ",".join(names), *(f"R7.{month}," + ",".join(["1"] * 60) for month in (4, 5)))
    client.force_login(reform_office, backend="accounts.leaving.PostBackend")
    sizes = []
    for figures in (range(10), range(10, 100)):
        for n in figures:
            kpi = make_kpi(f"k{n}", f"窓口{n}の利用件数", "件", "flow")
            Reporting.objects.create(series=kpi.series.get(), department=department, valid_from=LONG_AGO)
        file = receive(data, "年報.csv", access=access(reform_office), department=None, records=True)
        sizes.append(len(client.get(reverse("imports:reading", args=[file.pk])).content))
    assert Series.objects.count() == 100
    few, many = sizes
    assert many - few < 90 * 400  # a select for each name would be 60 times as much
    assert few < 400_000


class TestFormulasWithoutAResult:
    """A program that does not calculate wrote the file: its cells are values that are not there, not names or blanks."""

    def test_are_refused_by_their_place_and_their_column_stays_one_of_values(self, imported):
        data = xlsx(["年月", "総申請件数"], ["R7.3", "=1+1"], ["R7.4", "=SUM(1,2)"], ["R7.5", 3])
        file = imported(data, "件数.xlsx")
        assert not file.understood["mapping"]["label_columns"]
        assert [(line.shown, line.outcome) for line in file.lines.order_by("row")] == [
            ("（計算結果なし）", "refused"),
            ("（計算結果なし）", "refused"),
            ("3", "new"),
        ]
        assert "上書き保存" in file.lines.first().message

    def test_of_months_to_come_are_left_out_as_zeros_are(self, imported):
        file = imported(xlsx(["年月", "総申請件数"], ["R7.5", 3], ["R8.3", "=1+1"]), "件数.xlsx")
        assert [line.shown for line in file.lines.all()] == ["3"]
        assert file.counts["left_out"] == 1

    def test_a_row_that_begins_with_an_error_is_a_row(self, imported):
        data = xlsx(["所属", "令和7年4月", "令和7年5月"], ["総申請件数", 1, 2], ["#N/A", 3, 4])
        assert [part["what"] for part in imported(data, "件数.xlsx").understood["left_out"]] == ["「#N/A」"]
