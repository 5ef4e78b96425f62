"""Tables are found among titles and notes, under headings of one row or two, and remembered by their shape."""

from decimal import Decimal
from typing import Any

from sheets import Sheet, Table, find_table, find_tables, open_book
from tests.sheets.making import MONTHLY, xlsx


def table_of(rows: list[list[Any]]) -> Table:
    table = find_table(Sheet("表", rows))
    assert table is not None
    return table


def names(table: Table) -> list[str]:
    return [column.name for column in table.columns]


def test_titles_above_and_notes_below_are_kept_apart_from_the_rows() -> None:
    table = table_of(open_book(xlsx(MONTHLY), "a.xlsx").sheets[0].rows)
    assert table.preamble == ("窓口の利用状況（令和6年度）",)
    assert table.notes == ("※ 4月は速報値",)
    assert (table.header_rows, table.first_row, table.last_row) == ((3,), 4, 6)
    assert names(table) == ["所属", "4月", "5月", "6月"]


def test_rows_keep_the_numbers_of_the_file_and_totals_are_told() -> None:
    rows = table_of(open_book(xlsx(MONTHLY), "a.xlsx").sheets[0].rows).rows
    assert [(row.number, row.is_total) for row in rows] == [(4, False), (5, False), (6, True)]


def test_total_rows_are_known_in_every_writing_and_departments_are_not_taken_for_them() -> None:
    written = ["合　計", "計", "総 計", "小計", "窓口合計", "会計課", "統計課", "設計室"]
    table = table_of([["所属", "件数", "人数"], *[[name, "1", "2"] for name in written]])
    assert [row.is_total for row in table.rows] == [True] * 5 + [False] * 3


def test_line_breaks_and_padding_in_cells_are_folded() -> None:
    table = table_of([["所　属\n", "窓口\n件数"], ["三   宮\n", "27,506\n"], ["県 庁 前", "8,068\n"]])
    assert names(table) == ["所属", "窓口 件数"]
    assert [row.cells for row in table.rows] == [("三宮", "27,506"), ("県庁前", "8,068")]


def test_headings_of_two_rows_are_joined_and_merged_ones_carried_right_and_down() -> None:
    table = table_of(
        [["所属", "窓口", None, "電話", None], [None, "件数", "人数", "件数", "人数"], ["市民課", "1", "2", "3", "4"]]
    )
    assert table.header_rows == (1, 2)
    assert names(table) == ["所属", "窓口 件数", "窓口 人数", "電話 件数", "電話 人数"]


def test_equal_headings_get_names_of_their_own_and_empty_ones_that_of_their_column() -> None:
    table = table_of([[None, "件数", "件数"], ["市民課", "1", "2"]])
    assert names(table) == ["（A列）", "件数", "件数（2）"]


def test_two_tables_of_one_sheet_are_both_found_with_what_stands_above_each() -> None:
    sheet = Sheet(
        "表",
        [
            ["＜山手線＞"],
            [None, "７年度", "８年度"],
            ["三宮", "1", "2"],
            ["※ 注記 ＜海岸線＞"],
            [None, "7年度", "8年度"],
            ["苅藻", "-", "-"],
        ],
    )
    first, second = find_tables(sheet)
    assert (first.first_row, first.last_row, first.notes) == (3, 3, ("※ 注記 ＜海岸線＞",))
    assert (second.header_rows, second.first_row, second.preamble) == ((5,), 6, ("※ 注記 ＜海岸線＞",))


def test_lines_for_machines_are_no_rows_and_the_property_line_is_the_heading() -> None:
    table = table_of(
        [
            ["#LINK", None, None],
            ["#license", "http://example.jp", None],
            ["#property", "year", "income"],
            ["#object_type_xsd", "string", "string"],
            ["#property_context", "Assertion", "Assertion"],
            ["1", "令和2年度", "24225777140"],
        ]
    )
    assert names(table) == ["property", "year", "income"]
    assert (table.header_rows, table.first_row, len(table.preamble)) == ((3,), 6, 4)


def test_a_blank_row_and_a_line_of_words_within_a_table_do_not_end_it() -> None:
    table = table_of([["所属", "件数", "人数"], ["市民課", "1", "2"], [], ["（支所）"], ["東支所", "3", "4"]])
    assert [row.number for row in table.rows] == [2, 4, 5]


def test_months_as_bare_numbers_are_a_heading() -> None:
    months = [Decimal(month) for month in (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3)]
    table = table_of([["所属", *months], ["市民課", *months]])
    assert table.header_rows == (1,)
    assert names(table)[1] == "4"


def test_a_table_without_numbers_has_its_first_row_for_a_heading() -> None:
    table = table_of([["課", "担当"], ["市民課", "山田"], ["税務課", "佐藤"]])
    assert (names(table), len(table.rows)) == (["課", "担当"], 2)


def test_a_sheet_of_sentences_holds_no_table() -> None:
    assert find_table(Sheet("表", [["お知らせ"], [], ["以上"]])) is None


def test_the_signature_is_the_same_next_month_and_changes_with_the_columns() -> None:
    april = table_of([["所属", "令和6年4月", "合計"], ["市民課", "1", "1"]])
    may = table_of([["表題"], ["所　属", "令和6年4月", "令和6年5月", "合計"], ["税務課", "1", "2", "3"]])
    other = table_of([["所属", "令和6年4月", "備考"], ["市民課", "1", "1"]])
    assert april.signature == may.signature
    assert april.signature != other.signature
