"""What cells say besides their values: number formats, merged ranges, what is hidden."""

import io
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
import xlwt

from sheets import Merged, find_table, open_book, shows_days
from sheets.number_formats import BUILT_IN, Formats, code_of
from tests.sheets.making import csv_text, ods, parts_of, sheet_xml, with_part, xlsx


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def a_book() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["所属", date(2024, 4, 1), date(2024, 5, 1)],
        ["市民課", 1234, 0.5],
        [None, 2345, 0.25],
        ["税務課", 1, 0.125],
    ):
        sheet.append(row)
    sheet["B1"].number_format = sheet["C1"].number_format = 'm"月"'
    for number in (2, 3, 4):
        sheet[f"B{number}"].number_format, sheet[f"C{number}"].number_format = "#,##0,", "0%"
    sheet.merge_cells("A2:A3")
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    book.create_sheet("控え").append(["控え", 1])
    book["控え"].sheet_state = "hidden"
    return saved(book)


def an_old_book() -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Sheet1")
    month, thousands, percent = (xlwt.easyxf(num_format_str=code) for code in ('m"月"', "#,##0,", "0%"))
    for column, day in enumerate((date(2024, 4, 1), date(2024, 5, 1)), start=1):
        sheet.write(0, column, day, month)
    sheet.write(0, 0, "所属")
    sheet.write_merge(1, 2, 0, 0, "市民課")
    sheet.write(3, 0, "税務課")
    for row, (number, share) in enumerate(((1234, 0.5), (2345, 0.25), (1, 0.125)), start=1):
        sheet.write(row, 1, number, thousands)
        sheet.write(row, 2, share, percent)
    sheet.row(2).hidden = True
    sheet.col(2).hidden = True
    spare = book.add_sheet("控え")
    spare.write(0, 0, "控え")
    spare.visibility = 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


#: As LibreOffice writes it: formats are styles of their own, a column may give its cells one, and so may a parent.
STYLES = """
<number:date-style style:name="N1"><number:month/><number:text>月</number:text></number:date-style>
<number:number-style style:name="N2"><number:number number:decimal-places="0" number:grouping="true"
 number:min-integer-digits="1" number:display-factor="1000"/></number:number-style>
<number:percentage-style style:name="N3"><number:number number:decimal-places="0"/><number:text>%</number:text>
</number:percentage-style><number:number-style style:name="N0"><number:number number:min-integer-digits="1"/></number:number-style>
<style:style style:name="month" style:family="table-cell" style:data-style-name="N1"/>
<style:style style:name="thousands" style:family="table-cell" style:data-style-name="N2"/>
<style:style style:name="percent" style:family="table-cell" style:data-style-name="N3"/>
<style:style style:name="red" style:family="table-cell" style:parent-style-name="percent"/>
<style:style style:name="plain" style:family="table-cell" style:data-style-name="N0"/>
<style:style style:name="away" style:family="table"><style:table-properties table:display="false"/></style:style>
"""


def an_open_book() -> bytes:
    def number(value: float, style: str = "", kind: str = "float") -> str:
        named = f'table:style-name="{style}"' if style else ""
        return f'<table:table-cell {named} office:value-type="{kind}" office:value="{value}"/>'

    def text(value: str, more: str = "") -> str:
        return f'<table:table-cell table:style-name="plain" office:value-type="string" {more}><text:p>{value}</text:p></table:table-cell>'

    days = "".join(
        f'<table:table-cell table:style-name="month" office:value-type="date" office:date-value="2024-0{month}-01"/>'
        for month in (4, 5)
    )
    merged = text("市民課", 'table:number-rows-spanned="2"')
    rows = (
        f"<table:table-row>{text('所属')}{days}</table:table-row>",
        f"<table:table-row>{merged}{number(1234)}{number(0.5, 'percent', 'percentage')}</table:table-row>",
        '<table:table-row table:visibility="collapse"><table:covered-table-cell/>'
        f"{number(2345)}{number(0.25, 'red', 'percentage')}</table:table-row>",
        f"<table:table-row>{text('税務課')}{number(1)}{number(0.125, 'red', 'percentage')}</table:table-row>",
    )
    columns = (
        '<table:table-column/><table:table-column table:default-cell-style-name="thousands"/>'
        '<table:table-column table:visibility="collapse"/>'
    )
    return ods(
        f'<table:table table:name="表">{columns}{"".join(rows)}</table:table>'
        f'<table:table table:name="控え" table:style-name="away"><table:table-row>{text("控え")}</table:table-row></table:table>',
        styles=STYLES,
    )


@pytest.mark.parametrize("make", [a_book, an_old_book, an_open_book])
def test_every_kind_of_book_says_the_formats_of_its_cells_and_what_is_merged_and_hidden(
    make: Callable[[], bytes],
) -> None:
    sheet, spare = open_book(make(), "a").sheets
    assert dict(sheet.formats) == {
        (1, 1): 'm"月"', (1, 2): 'm"月"', **{(row, column): code for row in (2, 3, 4) for column, code in ((1, "#,##0,"), (2, "0%"))}
    }  # fmt: skip
    assert sheet.merged == (Merged(2, 0, 3, 0),)
    assert (sheet.hidden_rows, sheet.hidden_columns) == (frozenset({3}), frozenset({2}))
    assert (sheet.is_hidden, spare.is_hidden) == (False, True)
    assert sheet.rows[0] == ["所属", date(2024, 4, 1), date(2024, 5, 1)]
    assert sheet.rows[1] == ["市民課", Decimal(1234), Decimal("0.5")]


@pytest.mark.parametrize("make", [a_book, an_old_book, an_open_book])
def test_a_hidden_sheet_is_named(make: Callable[[], bytes]) -> None:
    assert any("控え" in warning for warning in open_book(make(), "a").warnings)


def test_a_table_carries_them_on_to_its_columns_and_rows() -> None:
    table = find_table(open_book(a_book(), "a.xlsx").sheets[0])
    assert table is not None
    by_letters = {column.letters: column for column in table.columns}
    assert by_letters["C"].is_hidden
    assert not by_letters["B"].is_hidden
    assert [row.format_at(1) for row in table.rows if row.number > 1] == ["#,##0,"] * 3
    assert [row.number for row in table.rows if row.is_hidden] == [3]
    assert table.merged == (Merged(2, 0, 3, 0),)
    assert table.merged[0].covers(3, 0)
    assert not table.merged[0].covers(4, 0)


def test_headings_that_are_days_keep_the_format_they_are_shown_by() -> None:
    book = openpyxl.Workbook()
    book.active.append(["所属", date(2024, 4, 1)])
    book.active.append(["人", "人"])
    book.active.append(["市民課", 5])
    book.active["B1"].number_format = 'ggge"年"m"月"'
    table = find_table(open_book(saved(book), "a.xlsx").sheets[0])
    assert table is not None
    assert table.columns[1].part_formats == ('ggge"年"m"月"', "")


def test_a_csv_says_nothing_but_its_values() -> None:
    sheet = open_book(csv_text([["課", 1]]).encode(), "a.csv").sheets[0]
    assert (dict(sheet.formats), sheet.merged, sheet.is_hidden) == ({}, (), False)
    assert (sheet.hidden_rows, sheet.hidden_columns) == (frozenset(), frozenset())


@pytest.mark.parametrize("number", [27, 31, 34, 35, 50, 55, 57, 58])
def test_the_days_of_a_japanese_excel_whose_format_is_only_a_number_are_days(number: int) -> None:
    data = sheet_xml(xlsx([[1]]), '<row r="1"><c r="A1" s="1"><v>45383</v></c></row>')
    styles = parts_of(data)["xl/styles.xml"].replace(b"</cellXfs>", f'<xf numFmtId="{number}"/></cellXfs>'.encode())
    sheet = open_book(with_part(data, "xl/styles.xml", styles), "a.xlsx").sheets[0]
    assert sheet.rows == [[date(2024, 4, 1)]]
    assert sheet.formats == {(1, 0): BUILT_IN[number]}


@pytest.mark.parametrize(
    "code", ["yyyy/m/d", "ge.m.d", "[$-411]ggge", 'm"月"', "[h]:mm", "d-mmm", "[Red]yyyy", "[DBNum3]e", "h:mm", "mm"]
)
def test_codes_that_show_days_and_times(code: str) -> None:
    assert shows_days(code)


@pytest.mark.parametrize(
    "code",
    ["", "0%", "#,##0,", "0.00E+00", '0"days"', "G/標準", "General", "[Red]0", "0\\d", "_d0", "@", "0;yyyy", "0.0千"],
)
def test_codes_that_show_numbers(code: str) -> None:
    assert not shows_days(code)


def test_general_is_no_format_and_an_unknown_number_is_none() -> None:
    assert [code_of(number, {170: "G/標準", 171: "0.0"}) for number in (0, 170, 171, 999)] == ["", "", "0.0", ""]


def test_formats_are_kept_as_runs_and_asked_for_by_cell() -> None:
    formats = Formats()
    for row in (2, 3, 5):
        formats.add(row, 1, "0%")
    formats.add(6, 1, "0.0%")
    assert list(formats.runs) == [(1, 2, 3, "0%"), (1, 5, 5, "0%"), (1, 6, 6, "0.0%")]
    assert [formats.get((row, 1), "") for row in range(1, 8)] == ["", "0%", "0%", "", "0%", "0.0%", ""]
    assert formats.get((2, 0), "") == ""
    assert len(formats) == 4
    assert dict(Formats(formats.runs)) == dict(formats)


def test_whether_there_are_formats_is_asked_without_counting_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table asks it for each of its rows: counting would take the square of their number."""
    monkeypatch.setattr(Formats, "__len__", lambda self: pytest.fail("counted"))
    table = find_table(open_book(a_book(), "a.xlsx").sheets[0])
    assert table is not None
    assert not Formats()


def test_days_count_from_1904_where_the_book_says_so() -> None:
    book = openpyxl.Workbook()
    book.epoch = datetime(1904, 1, 1)
    book.active.append([date(2024, 4, 1)])
    assert open_book(saved(book), "a.xlsx").sheets[0].rows == [[date(2024, 4, 1)]]
