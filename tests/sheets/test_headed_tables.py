"""Tables that people hand over: both kinds of CSV, XLSX, and files that must not be opened."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook

from japan.csv_files import write_csv
from sheets import FileRefused, read_headed_table
from tests.sheets.making import dressed, xls, xlsx


def workbook(*rows: list, far: str = "") -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if far:
        book.active[far] = 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_csv_is_read_in_the_encodings_of_a_city_hall(encoding) -> None:
    table = read_headed_table("指標,値\r\nLINE,▲１２\r\n".encode(encoding))
    assert (table.columns, table.rows) == (["指標", "値"], [["LINE", "▲１２"]])


def test_an_xlsx_gives_numbers_as_typed_and_days_as_days() -> None:
    table = read_headed_table(workbook(["値", "時点"], [23.5, date(2025, 5, 31)], [235000.0, None]))
    assert table.rows == [["23.5", date(2025, 5, 31)], ["235000", ""]]


def test_what_we_write_for_excel_reads_back_the_same() -> None:
    table = read_headed_table(write_csv(["注記"], [["=1+1"], ["▲"], ["'引用"]], for_excel=True))
    assert [row[0] for row in table.rows] == ["=1+1", "▲", "'引用"]


def test_a_small_file_with_a_cell_in_the_farthest_corner_is_refused_without_filling_memory() -> None:
    with pytest.raises(FileRefused, match=r"行がありません|列"):
        read_headed_table(workbook(["値"], far="XFD1048576"))


def test_an_archive_that_declares_gigabytes_is_refused_unopened() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (51 * 1024 * 1024))
    with pytest.raises(FileRefused, match="大きすぎます"):
        read_headed_table(out.getvalue())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "空です"),
        ("\n値\n1".encode(), "見出しがありません"),
        ("値,値\n1,2".encode(), "2つあります"),
        ("値,\n1,2".encode(), "見出しのない列"),
        ("値\n".encode(), "行がありません"),
        (b'a\n"1', "引用符"),
        (b"a\n\x00", "文字でないデータ"),
        (b"PK\x03\x04broken", "壊れて"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old", "壊れて"),
        (b"a\n" + b"1\n" * 5001, "行が多すぎます"),
        (b"x" * (10 * 1024 * 1024 + 1), "大きすぎます"),
    ],
)
def test_an_unclear_file_is_refused_with_what_to_do(content, message) -> None:
    with pytest.raises(FileRefused, match=message):
        read_headed_table(content)


def test_blank_lines_between_keep_their_place_and_those_at_the_end_go() -> None:
    assert read_headed_table("値\n1\n\n2\n\n\n".encode()).rows == [["1"], [""], ["2"]]


def test_an_old_workbook_is_read_through_the_same_door() -> None:
    table = read_headed_table(xls([["値", "時点"], [23.5, date(2025, 5, 31)]]))
    assert table.rows == [["23.5", date(2025, 5, 31)]]


def test_a_number_shown_as_percent_is_a_number_of_percent() -> None:
    book = Workbook()
    for row in (["目標値"], [0.5], [0.125], [1]):
        book.active.append(row)
    for number, code in ((2, "0%"), (3, "0.0%"), (4, '0"%"')):
        book.active[f"A{number}"].number_format = code
    out = io.BytesIO()
    book.save(out)
    assert read_headed_table(out.getvalue()).rows == [["50%"], ["12.5%"], ["1%"]]


def test_a_second_sheet_with_values_is_never_left_out_silently() -> None:
    with pytest.raises(FileRefused, match="2枚"):
        read_headed_table(xlsx([["値"], [1]], [["値"], [2]]))
    assert read_headed_table(xlsx([["値"], [1]], [[]])).rows == [["1"]]


def shown(value: float, code: str) -> bytes:
    book = Workbook()
    for row in (["値"], [value]):
        book.active.append(row)
    book.active["A2"].number_format = code
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("value", "code", "typed"),
    [(5, '0"件"', "5件"), (1234567, '#,##0,"千円"', "1234.567千円"), (1010, '0"課"', "1010"), (-5, '0;"▲"0', "-5")],
)
def test_a_unit_in_the_format_is_typed_with_the_number(value: float, code: str, typed: str) -> None:
    assert read_headed_table(shown(value, code)).rows == [[typed]]


def test_a_number_shown_without_its_thousands_is_refused_with_its_place() -> None:
    with pytest.raises(FileRefused, match=r"2行目A列.*1234567"):
        read_headed_table(shown(1_234_567, "#,##0,"))


def test_numbers_stand_as_they_look_and_a_hidden_sign_is_refused() -> None:
    data = dressed(["コード", "値"], [1010, 5], [7, 12], formats={"A2": "000000", "A3": "000-00"})
    assert read_headed_table(data).rows == [["001010", "5"], ["000-07", "12"]]
    with pytest.raises(FileRefused, match=r"2行目A列.*-10"):
        read_headed_table(shown(-10, "#,##0;#,##0"))


def test_hidden_rows_and_sheets_are_left_out_and_named() -> None:
    data = dressed(["値"], [1], [2], [3], hidden_rows=[3], others={"前の年": [["値"], [9]]}, hidden_sheets=["前の年"])
    table = read_headed_table(data)
    assert table.rows == [["1"], [""], ["3"]]
    assert table.left_out[0].startswith("表示されていない行（3行目）は読みません")
    assert "表示されていないシート「前の年」（値のある行2行）" in table.left_out[1]


def test_a_file_whose_sheets_are_all_hidden_is_refused() -> None:
    data = dressed(["値"], [1], others={"後": [[]]}, hidden_sheets=["一覧"])
    with pytest.raises(FileRefused, match="表示されていません"):
        read_headed_table(data)


def test_merged_texts_and_days_are_those_of_each_row_and_a_number_counts_once() -> None:
    day = date(2025, 4, 1)
    rows = [["所属", "日", "数", "名"], ["市民課", day, 5, "a"], [None, None, None, "b"], [None, None, None, None]]
    table = read_headed_table(dressed(*rows, merged=["A2:A4", "B2:B4", "C2:C4"]))
    assert table.rows == [["市民課", day, "5", "a"], ["市民課", day, "", "b"]]
