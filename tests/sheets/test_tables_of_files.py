"""The tables of a file are found where it is read: in a process of its own, but for a short CSV."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from sheets import FileRefused, Merged, Sheet, Table, apart, find_tables, open_book, open_tables, opening
from sheets.books import Book
from sheets.number_formats import Formats
from sheets.tables_of_files import tables_in
from sheets.wire_tables import lines_of_tables, tables_of
from tests.sheets.making import MONTHLY, xlsx

N = Decimal
ROWS = [["令和7年度"], ["区分", "4月", "5月"], ["件数", N(1), N(2)], ["合計", N(3), N(4)], [], [N(9), "※ 速報値"]]
TORN = "年月,件数,人数\r\nR7.4,1,234,56\r\nR7.5,12,345\r\nR7.6,1,234,567"


def a_sheet() -> Sheet:
    formats = Formats([(1, 3, 4, "0%"), (2, 3, 3, "#,##0")])
    rows: list[list[object]] = [list(row) for row in ROWS]
    return Sheet("表", rows, formats, (Merged(2, 0, 2, 1),), frozenset({4}), frozenset({2}), True)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "book",
    [
        Book("xlsx", "", (a_sheet(), Sheet("控え", [["名前", "日"], ["甲", date(2025, 4, 1)], ["乙", True]]))),
        Book("csv", "cp932", (Sheet("", [list(row.split(",")) for row in TORN.split("\r\n")]),), ("注意",)),
    ],
    ids=["workbook", "torn numbers"],
)
def test_they_come_back_as_they_were_found(book: Book) -> None:
    found = tables_in(book)
    assert tables_of(lines_of_tables(found)) == found
    assert found.tables


@pytest.mark.parametrize("keep", [1, 2, 3])
def test_an_answer_that_ends_too_early_is_none(keep: int) -> None:
    lines = list(lines_of_tables(tables_in(Book("xlsx", "", (a_sheet(),)))))
    with pytest.raises((ValueError, KeyError)):
        tables_of(iter(lines[: min(keep, len(lines) - 1)]))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of the files that were given to another process."""
    sizes: list[int] = []
    find = opening.find_tables_apart
    monkeypatch.setattr(opening, "find_tables_apart", lambda data, own: (sizes.append(len(data)), find(data, own))[1])
    return sizes


def lengthy() -> bytes:
    rows = [f"R{1 + n % 7}.{n % 12 + 1},部署{n:05},{n * 7}" for n in range(5_000)]
    return "\n".join(["年月,区分,件数", *rows]).encode()


def test_a_long_text_is_looked_through_by_another_process(asked: list[int]) -> None:
    data = lengthy()
    found = open_tables(data, "a.csv")
    assert asked == [len(data)]
    assert [len(each.table.rows) for each in found.tables] == [5_000]
    assert found.tables[0].table == find_tables(open_book(data, "a.csv").sheets[0])[0]


def test_a_short_text_is_looked_through_here(asked: list[int]) -> None:
    found = open_tables("年月,件数\nR7.4,1\nR7.5,2\n".encode(), "a.xlsx")
    assert asked == []
    assert [row.cells for row in found.tables[0].table.rows] == [("R7.4", "1"), ("R7.5", "2")]
    assert "中身はCSV" in found.warnings[0]


def test_a_workbook_gives_what_reading_it_here_gives() -> None:
    found = open_tables(xlsx(MONTHLY), "a.xlsx")
    here: list[Table] = [table for sheet in open_book(xlsx(MONTHLY), "a.xlsx").sheets for table in find_tables(sheet)]
    assert [each.table for each in found.tables] == here


def test_a_file_with_the_application_s_own_headings_is_one_table() -> None:
    data = "指標コード,対象期間,値\na,2025-04,\nb,2025-04,\nb,2025-05,3\n".encode()
    [found] = open_tables(data, "a.csv", ("指標コード", "値")).tables
    assert (len(found.table.rows), found.table.header_rows) == (3, (1,))


def test_a_process_that_ends_is_a_refusal_and_one_without_values_too(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileRefused, match="値が1つも"):
        open_tables(b"\r\n,,\r\n", "a.csv")
    monkeypatch.setattr(apart, "COMMAND", (*apart.COMMAND[:1], "-c", "import os; os.abort()"))
    with pytest.raises(FileRefused, match="読み取りに"):
        open_tables(lengthy(), "a.csv")
