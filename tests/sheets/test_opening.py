"""A file is what is in it, and its cells are what was stored."""

from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest

from sheets import FileRefused, open_book
from tests.sheets.making import (
    MONTHLY,
    csv_text,
    excel_like,
    ods,
    ods_rows,
    sheet_xml,
    with_part,
    xls,
    xlsx,
)

ROW = ["市民課", 1234, 23.5, 0.1, date(2024, 4, 1), "▲ 2", None, "末"]
READ = ["市民課", Decimal(1234), Decimal("23.5"), Decimal("0.1"), date(2024, 4, 1), "▲ 2", None, "末"]


@pytest.mark.parametrize(
    ("kind", "data"),
    [("xlsx", xlsx([ROW])), ("xls", xls([ROW])), ("ods", ods(ods_rows([ROW])))],
    ids=["xlsx", "xls", "ods"],
)
def test_numbers_are_exact_and_dates_are_days_in_every_kind_of_book(kind: str, data: bytes) -> None:
    book = open_book(data, f"回答.{kind}")
    assert (book.kind, book.encoding, book.warnings) == (kind, "", ())
    assert book.sheets[0].rows == [READ]


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_rows_keep_the_numbers_they_have_in_the_file(kind: str) -> None:
    data = {"xlsx": xlsx(MONTHLY), "xls": xls(MONTHLY), "ods": ods(ods_rows(MONTHLY))}[kind]
    rows = open_book(data, f"回答.{kind}").sheets[0].rows
    assert rows[1] == []
    assert rows[3] == ["市民課", Decimal(1234), Decimal(1300), Decimal(1250)]


@pytest.mark.parametrize(
    ("encoding", "named"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp932", "cp932"), ("utf-16", "utf-16")],
)
def test_a_csv_is_read_in_the_encoding_its_bytes_show(encoding: str, named: str) -> None:
    book = open_book("№,課\r\n0001,髙﨑課①\r\n".encode(encoding), "a.csv")
    assert (book.kind, book.encoding) == ("csv", named)
    assert book.sheets[0].rows == [["№", "課"], ["0001", "髙﨑課①"]]


def test_a_csv_with_tabs_and_with_line_breaks_in_its_cells_is_read_whole() -> None:
    rows = open_book('課\t"件\n数"\n市民課\t"1,234"\n'.encode(), "a.txt").sheets[0].rows
    assert rows == [["課", "件\n数"], ["市民課", "1,234"]]


def test_the_guard_of_our_own_csv_is_taken_off() -> None:
    assert open_book("課\n'=A1\n'24年\n".encode(), "a.csv").sheets[0].rows == [["課"], ["=A1"], ["'24年"]]


def test_a_formula_is_what_it_last_came_to_and_is_never_counted() -> None:
    data = sheet_xml(xlsx([[1]]), '<row r="1"><c r="A1"><f>1+1</f><v>7</v></c></row>')
    book = open_book(data, "a.xlsx")
    assert (book.sheets[0].rows, book.warnings) == ([[Decimal(7)]], ())


def test_a_formula_without_a_result_says_so_in_its_cell_and_one_that_came_to_nothing_is_blank() -> None:
    book = open_book(xlsx([["計", "=1+1"]]), "a.xlsx")
    assert book.sheets[0].rows == [["計", "（計算結果なし）"]]
    assert "数式" in book.warnings[0]
    empty = sheet_xml(xlsx([[1]]), '<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="str"><f>T(A1)</f><v></v></c></row>')
    assert open_book(empty, "a.xlsx").sheets[0].rows == [[Decimal(1)]]


def test_macros_are_left_alone_and_named() -> None:
    book = open_book(with_part(xlsx([[1]]), "xl/vbaProject.bin", b"\xd0\xcf"), "a.xlsm")
    assert "マクロ" in book.warnings[0]


def test_a_hidden_sheet_is_read_and_named() -> None:
    import io

    book = openpyxl.load_workbook(io.BytesIO(xlsx([[1]], [[2]], names=("表", "控え"))))
    book["控え"].sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    assert "控え" in open_book(out.getvalue(), "a.xlsx").warnings[0]


def test_a_name_that_says_something_else_is_told() -> None:
    assert "CSV" in open_book(csv_text(MONTHLY).encode(), "a.xlsx").warnings[0]


def test_a_time_is_dropped_from_a_day_and_errors_keep_their_text() -> None:
    data = sheet_xml(xlsx([[1]]), '<row r="1"><c r="A1" t="e"><v>#N/A</v></c><c r="B1" t="b"><v>1</v></c></row>')
    assert open_book(data, "a.xlsx").sheets[0].rows == [["#N/A", True]]
    assert open_book(xlsx([[datetime(2024, 4, 1, 12, 30)]]), "a.xlsx").sheets[0].rows == [[date(2024, 4, 1)]]


def test_an_ods_repeats_values_skips_comments_and_forgets_empty_cells_behind() -> None:
    cell = (
        '<table:table-cell office:value-type="float" office:value="5" table:number-columns-repeated="2">'
        "<office:annotation><text:p>後で直す</text:p></office:annotation><text:p>5</text:p></table:table-cell>"
        '<table:table-cell table:number-columns-repeated="16000"/>'
    )
    row = f'<table:table-row table:number-rows-repeated="2">{cell}</table:table-row>'
    empty = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    data = ods(f'<table:table table:name="表">{row}{empty}</table:table>')
    assert open_book(data, "a.ods").sheets[0].rows == [[Decimal(5), Decimal(5)]] * 2


def test_the_reading_that_excel_keeps_beside_kanji_is_not_taken_for_text() -> None:
    strings = '<si><t>市民課</t><rPh sb="0" eb="3"><t>シミンカ</t></rPh></si>'
    data = excel_like(strings, '<row r="1"><c r="A1" t="s"><v>0</v></c></row>')
    assert open_book(data, "a.xlsx").sheets[0].rows == [["市民課"]]


def test_an_empty_book_is_refused() -> None:
    with pytest.raises(FileRefused, match="値が1つもありません"):
        open_book(xlsx([[]]), "a.xlsx")
