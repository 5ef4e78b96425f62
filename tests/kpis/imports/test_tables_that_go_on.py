"""A table that goes on below or beside is taken in the same import; what does not go on is named as not taken."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction
from django.urls import reverse

from japan.fiscal import add_months
from kpis.imports import reading_of, remember
from tests.kpis.imports.conftest import csv, xlsx
from tests.kpis.world import access

BELOW = (
    ("令和6年度",),
    ("区分", "4月", "5月", "6月"),
    ("総申請件数", 11, 12, 13),
    ("オンライン申請件数", 1, 2, 3),
    (),
    ("区分", "7月", "8月", "9月"),
    ("総申請件数", 14, 15, 16),
    ("オンライン申請件数", 4, 5, 6),
)
BESIDE = (
    ("令和6年度",),
    ("月", "総申請件数", None, "月", "総申請件数"),
    ("4月", 11, None, "7月", 14),
    ("5月", 12, None, "8月", 15),
    ("6月", 13, None, "9月", 16),
)


def data_of(rows, kind: str) -> bytes:
    if kind == "xlsx":
        return xlsx(*rows)
    return csv(*(",".join("" if cell is None else str(cell) for cell in row) for row in rows))


def total_of(file) -> dict[date, int]:
    lines = file.lines.filter(series__kpi__code="applications")
    return {line.period: int(line.value) for line in lines}


EXPECTED = {date(2024, 4 + n, 1): 11 + n for n in range(6)}


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("rows", [BELOW, BELOW[:4] + BELOW[5:], BESIDE], ids=["below", "right below", "beside"])
def test_a_table_that_goes_on_is_taken_in_the_same_import(rows, kind, imported):
    file = imported(data_of(rows, kind), f"a.{kind}")
    assert total_of(file) == EXPECTED
    assert file.understood["left_out"] == []
    assert [each["source"] for each in file.understood["assumed"] if each["what"] == "続きの表"]


def test_each_value_keeps_its_own_place(imported):
    file = imported(data_of(BELOW, "xlsx"), "a.xlsx")
    july = file.lines.get(series__kpi__code="applications", period=date(2024, 7, 1))
    assert (july.row, july.column) == (7, 1)


@pytest.mark.parametrize(
    ("heading", "names"),
    [
        (("区分", "8月", "9月", "10月"), ("総申請件数", "オンライン申請件数")),
        (("区分", "4月", "5月", "6月"), ("総申請件数", "オンライン申請件数")),
        (("区分", "7月", "8月", "9月"), ("総申請件数", "来庁者数")),
    ],
    ids=["a month between", "the same months", "other names"],
)
def test_what_does_not_go_on_is_named_as_not_taken(heading, names, imported):
    rows = (*BELOW[:5], heading, (names[0], 14, 15, 16), (names[1], 4, 5, 6))
    file = imported(data_of(rows, "xlsx"), "a.xlsx")
    assert len(total_of(file)) == 3
    assert [each["values"] for each in file.understood["left_out"]] == [6]


def test_another_unit_over_the_second_table_is_not_taken_with_the_first(imported):
    rows = (*BELOW[:5], ("単位：千件",), *BELOW[5:])
    file = imported(data_of(rows, "xlsx"), "a.xlsx")
    assert len(total_of(file)) == 3


def periods_of(file) -> list[date]:
    return sorted(total_of(file))


NO_YEAR_BELOW = (
    ("区分", "R6.10", "11", "12"),
    ("総申請件数", "11", "12", "13"),
    (),
    ("区分", "1月", "2月", "3月"),
    ("総申請件数", "14", "15", "16"),
)
BARE_BELOW = (
    ("区分", "R6.4", "5", "6"),
    ("総申請件数", "11", "12", "13"),
    (),
    ("区分", "7", "8", "9"),
    ("総申請件数", "14", "15", "16"),
    (),
    ("区分", "10", "11", "12", "1"),
    ("総申請件数", "17", "18", "19", "20"),
)
NO_YEAR_BESIDE = (
    ("月", "総申請件数", None, "月", "総申請件数"),
    ("R6.4月", "11", None, "7月", "14"),
    ("5月", "12", None, "8月", "15"),
    ("6月", "13", None, "9月", "16"),
)


@pytest.mark.parametrize(
    ("rows", "first", "count"),
    [(NO_YEAR_BELOW, date(2024, 10, 1), 6), (BARE_BELOW, date(2024, 4, 1), 10), (NO_YEAR_BESIDE, date(2024, 4, 1), 6)],
    ids=["over the turn of the year", "bare numbers, wider below", "beside"],
)
def test_a_table_without_years_goes_on_in_the_year_of_the_one_before_and_says_so(rows, first, count, imported):
    file = imported(data_of(rows, "csv"), "a.csv")
    assert periods_of(file) == [add_months(first, n) for n in range(count)]
    [said, *_] = [each["how"] for each in file.understood["assumed"] if each["what"] == "続きの表"]
    assert "年は" in said
    assert "続くもの" in said


def test_years_that_do_not_go_together_are_not_carried_on(imported):
    rows = (*NO_YEAR_BELOW[:3], ("令和5年度　令和7年度",), *NO_YEAR_BELOW[3:])
    assert len(total_of(imported(data_of(rows, "csv"), "a.csv"))) == 3


def test_a_unit_between_two_tables_is_that_of_the_second(imported):
    rows = (*BELOW[:5], ("単位：千件",), *BELOW[5:])
    file = imported(data_of(rows, "xlsx"), "a.xlsx")
    assert set(total_of(file).values()) == {11, 12, 13}


class TestDeclined:
    def test_on_the_preview_it_leaves_the_second_table_out_and_names_it(self, imported, client, editor):
        file = imported(data_of(BELOW, "csv"), "a.csv")
        client.force_login(editor, backend="accounts.leaving.PostBackend")
        page = client.get(reverse("imports:preview", args=[file.pk])).text
        assert 'value="continued-stop"' in page
        assert "続きの表から読んだ値が6件あります" in page
        client.post(reverse("imports:answer", args=[file.pk]), {"answer": "continued-stop"})
        file.refresh_from_db()
        assert list(total_of(file).values()) == [11, 12, 13]
        assert [each["values"] for each in file.understood["left_out"]] == [6]
        assert "continued" not in file.understood["questions"]

    def test_it_is_remembered_with_the_way_of_reading(self, imported, editor, department):
        file = imported(data_of(BELOW, "csv"), "a.csv", stops_here=True)
        reading = reading_of(file, access=access(editor))
        with transaction.atomic():
            remember("二段の表", reading, access=access(editor), department=department)
        assert len(total_of(imported(data_of(BELOW, "csv"), "b.csv"))) == 3
