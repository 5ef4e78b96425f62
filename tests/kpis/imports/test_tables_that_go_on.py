"""A table that goes on below or beside is taken in the same import; what does not go on is named as not taken."""

from __future__ import annotations

from datetime import date

import pytest

from tests.kpis.imports.conftest import csv, xlsx

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
